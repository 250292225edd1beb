//! What counts as a difference when everything was sent.

use std::collections::HashSet;

use fee_pool_core::msg::Source;

use crate::chain::Event;
use crate::staking::{Difference, Line};

/// The lines that were sent, and what became of them.
pub struct SentLines<'a> {
    /// What differed, of which the lines were sent.
    pub differences: &'a [Difference],
    /// With which the pool said of lines that an event had told it something newer.
    pub passed_over: Vec<Event>,
}

impl SentLines<'_> {
    /// What of the lines the pool still does not have, though nothing newer; and what no line mends.
    ///
    /// A pool with hooks hears of every change: what was the same before and is not any more, it was told
    /// in the meantime. To another pool nobody tells anything before it is active.
    pub fn left(&self, source: Source, mut left: Vec<Difference>) -> Vec<Difference> {
        let text = |it: &Difference| format!("{:?}", it.line);
        let sent: HashSet<String> = self.differences.iter().map(text).collect();
        left.retain(|it| {
            let Some(line) = &it.line else {
                return true;
            };
            let may_be_news = matches!(source, Source::Hooks { .. }) && !sent.contains(&text(it));
            let is_passed_over = self.passed_over.iter().any(|event| is_about(event, line));
            !may_be_news && !is_passed_over
        });
        left
    }
}

/// Whether an event `import_skipped` names the validator or the delegator, or both, of a line.
fn is_about(event: &Event, line: &Line) -> bool {
    let (validator, delegator) = match line {
        Line::Validator(it) => (Some(&it.validator), None),
        Line::Delegation(it) => (Some(&it.validator), Some(&it.delegator)),
        Line::WithdrawAddress(it) => (None, Some(&it.delegator)),
        Line::Rewards(_) | Line::Commission(_) | Line::CommunityPool(_) => return false,
    };
    event.attribute("validator") == validator.map(String::as_str)
        && event.attribute("delegator") == delegator.map(String::as_str)
}

#[cfg(test)]
mod tests {
    use chain_types::hooks::Dialect;
    use fee_pool_core::msg::ImportedDelegation;

    use super::*;

    fn difference(text: &str, line: Option<Line>) -> Difference {
        Difference {
            text: text.to_string(),
            line,
            events: Vec::new(),
        }
    }

    fn delegation(delegator: &str) -> Difference {
        let line = ImportedDelegation {
            delegator: delegator.to_string(),
            validator: "v".to_string(),
            shares: "1".to_string(),
        };
        difference(delegator, Some(Line::Delegation(line)))
    }

    /// Of three lines of which one was not sent and another one passed over, and totals.
    fn left(source: Source) -> Vec<String> {
        let event = [("validator", "v"), ("delegator", "passed over")];
        let event = event.map(|(key, value)| (key.to_string(), value.to_string()));
        let sent = SentLines {
            differences: &[
                delegation("sent"),
                delegation("taken"),
                delegation("passed over"),
            ],
            passed_over: vec![Event::new(event)],
        };
        let left = vec![
            delegation("not sent"),
            delegation("sent"),
            delegation("passed over"),
            difference("totals", None),
        ];
        let left = sent.left(source, left).into_iter();
        left.map(|it| it.text).collect()
    }

    #[test]
    fn what_events_have_told_meanwhile_does_not_count() {
        let dialect = Dialect::Juno;
        assert_eq!(left(Source::Hooks { dialect }), ["sent", "totals"]);
    }

    #[test]
    fn a_pool_with_a_reporter_is_told_nothing_but_lines() {
        assert_eq!(left(Source::Reporter), ["not sent", "sent", "totals"]);
    }
}
