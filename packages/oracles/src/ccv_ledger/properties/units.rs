//! What may be under way on the consumer.

use std::collections::BTreeMap;

/// A unit of the consumer that is neither delivered nor released nor written off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnitSnapshot {
    /// The consumer's denom.
    pub denom: String,
    /// Its epoch.
    pub epoch: u64,
    /// The chunks of its weights.
    pub chunks: u32,
    /// Those that were acknowledged.
    pub acknowledged: u32,
    /// Transfers of its tokens on the wire: sent, and neither acknowledged nor timed out.
    pub transfers: u32,
}

/// At most one unit of a denom is under way, it has at most one transfer, and that one only with all
/// weights acknowledged.
///
/// # Errors
/// The unit that breaks it.
pub fn check_units(units: &[UnitSnapshot]) -> Result<(), String> {
    let mut under_way = BTreeMap::new();
    for unit in units {
        let UnitSnapshot {
            denom,
            epoch,
            chunks,
            acknowledged,
            transfers,
        } = unit;
        if let Some(other) = under_way.insert(denom, epoch) {
            return Err(format!(
                "{denom}: epochs {other} and {epoch} are under way at once"
            ));
        }
        if *transfers > 1 {
            return Err(format!(
                "{denom}: {transfers} transfers of epoch {epoch} are on the wire at once"
            ));
        }
        if *transfers > 0 && acknowledged < chunks {
            return Err(format!(
                "{denom}: the tokens of epoch {epoch} are sent with {acknowledged} of {chunks} \
                 chunks of weights acknowledged"
            ));
        }
    }
    Ok(())
}
