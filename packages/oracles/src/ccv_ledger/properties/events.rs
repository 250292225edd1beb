//! What may happen to a unit on the provider.

use std::collections::BTreeSet;

/// Something that may happen to a unit once.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum EventKind {
    /// Its tokens arrived.
    Arrived,
    /// It was shared out.
    Processed,
    /// A validator got its share of it.
    Paid {
        /// The validator.
        validator: String,
    },
}

/// An event of the provider.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct UnitEvent {
    /// The consumer.
    pub consumer: String,
    /// The denom.
    pub denom: String,
    /// The epoch.
    pub epoch: u64,
    /// What happened.
    pub kind: EventKind,
}

/// No unit arrives, is shared out or is paid to a validator twice, and none is shared out that did not
/// arrive or paid that was not shared out.
///
/// # Errors
/// The event that breaks it.
pub fn check_once(events: &[UnitEvent]) -> Result<(), String> {
    let mut seen = BTreeSet::new();
    for event in events {
        let UnitEvent {
            consumer,
            denom,
            epoch,
            kind,
        } = event;
        let (verb, needs) = match kind {
            EventKind::Arrived => ("arrived".to_owned(), None),
            EventKind::Processed => ("was shared out".to_owned(), Some(EventKind::Arrived)),
            EventKind::Paid { validator } => (
                format!("was paid to {validator}"),
                Some(EventKind::Processed),
            ),
        };
        if let Some(kind) = needs {
            let before = UnitEvent {
                kind,
                ..event.clone()
            };
            if !seen.contains(&before) {
                return Err(format!(
                    "epoch {epoch} of {denom} from {consumer} {verb} too early"
                ));
            }
        }
        if !seen.insert(event.clone()) {
            return Err(format!(
                "epoch {epoch} of {denom} from {consumer} {verb} twice"
            ));
        }
    }
    Ok(())
}
