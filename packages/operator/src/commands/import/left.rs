//! What counts as a difference when everything was sent.

use std::collections::HashSet;

use crate::staking::Difference;

/// What of the lines that were `sent` the pool still does not have; and what no line mends. What was the
/// same before and is not any more, an event has told the pool in the meantime.
pub fn of_sent(mut left: Vec<Difference>, sent: &[Difference]) -> Vec<Difference> {
    let line = |it: &Difference| format!("{:?}", it.line);
    let sent: HashSet<String> = sent.iter().map(line).collect();
    left.retain(|it| it.line.is_none() || sent.contains(&line(it)));
    left
}

#[cfg(test)]
mod tests {
    use fee_pool_core::msg::ImportedDelegation;

    use super::*;
    use crate::staking::Line;

    #[test]
    fn what_events_have_told_meanwhile_does_not_count() {
        let difference = |text: &str, line: Option<Line>| Difference {
            text: text.to_string(),
            line,
            events: Vec::new(),
        };
        let delegation = |delegator: &str| {
            let line = ImportedDelegation {
                delegator: delegator.to_string(),
                validator: "v".to_string(),
                shares: "1".to_string(),
            };
            difference(delegator, Some(Line::Delegation(line)))
        };
        let sent = [delegation("sent"), delegation("taken")];
        let left = vec![
            delegation("told by an event"),
            delegation("sent"),
            difference("totals", None),
        ];
        let left = of_sent(left, &sent);
        let texts: Vec<_> = left.iter().map(|it| it.text.as_str()).collect();
        assert_eq!(texts, ["sent", "totals"]);
    }
}
