//! Hooks that a contract does not act upon.

use cosmwasm_std::Event;

use crate::text::head;

/// The most bytes of a hook's name that are repeated.
pub const HOOK_BYTES: usize = 64;

/// The most bytes of a reason.
pub const REASON_BYTES: usize = 256;

/// What stands for a name that is blank or cannot be read: some chains refuse events with blank
/// values.
const UNNAMED: &str = "unnamed";

/// A hook that changes nothing because it cannot be read or acted upon.
///
/// Not an error: the contract answers Ok with the event `hook_ignored`, since a failing hook would
/// fail the staking transaction that it comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IgnoredHook {
    /// The hook's name, cut to [`HOOK_BYTES`]; `unnamed` when there is none.
    pub hook: String,
    /// Why it is ignored, cut to [`REASON_BYTES`].
    pub reason: String,
}

impl IgnoredHook {
    /// A hook that is ignored for a reason, which may be another error's text of any length.
    pub fn new(hook: &str, reason: &str) -> Self {
        let hook = head(hook, HOOK_BYTES);
        let hook = if hook.trim().is_empty() {
            UNNAMED
        } else {
            hook
        };
        IgnoredHook {
            hook: hook.to_string(),
            reason: head(reason, REASON_BYTES).to_string(),
        }
    }

    /// A payload without a name that could be read.
    pub(super) fn unnamed(reason: &str) -> Self {
        Self::new(UNNAMED, reason)
    }

    /// The event `hook_ignored`, with the attributes `action`, `hook` and `reason`.
    pub fn event(&self) -> Event {
        Event::new("hook_ignored")
            .add_attribute("action", "hook_ignored")
            .add_attribute("hook", &self.hook)
            .add_attribute("reason", &self.reason)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_event_tells_which_hook_and_why() {
        let event = IgnoredHook::new("after_proposal_vote", "no such hook is known").event();
        assert_eq!(event.ty, "hook_ignored");
        let attributes: Vec<_> = event
            .attributes
            .iter()
            .map(|attribute| [attribute.key.as_str(), attribute.value.as_str()])
            .collect();
        assert_eq!(
            attributes,
            [
                ["action", "hook_ignored"],
                ["hook", "after_proposal_vote"],
                ["reason", "no such hook is known"],
            ]
        );
    }

    #[test]
    fn long_texts_are_cut_between_characters() {
        let ignored = IgnoredHook::new(&"ü".repeat(1_000), &"€".repeat(1_000));
        assert_eq!(ignored.hook, "ü".repeat(HOOK_BYTES / 2));
        assert_eq!(ignored.reason, "€".repeat(REASON_BYTES / 3));
    }

    #[test]
    fn a_blank_name_becomes_a_word() {
        for blank in ["", " ", "\n\t", &" ".repeat(1_000)] {
            assert_eq!(IgnoredHook::new(blank, "x").hook, "unnamed");
        }
    }
}
