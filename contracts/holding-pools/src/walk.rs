//! The walk of a cursor through all validators: from where it starts to the end of the list, and from
//! its beginning to where it started.

use borsh::{BorshDeserialize, BorshSerialize};
use chain_types::address::AddressBytes;

/// How far a walk has come. Validators are visited in the order of their bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Walk {
    /// It starts behind this one, and ends with it.
    start: Option<AddressBytes>,
    /// It has come to this one. None stands before the first of the list.
    last: Option<AddressBytes>,
    /// Whether it has passed the end of the list.
    has_wrapped: bool,
}

impl Walk {
    /// A walk that starts behind a validator, or at the beginning of the list.
    pub fn behind(start: Option<AddressBytes>) -> Self {
        Walk {
            start,
            last: start,
            has_wrapped: start.is_none(),
        }
    }

    /// The validator that it has come to.
    pub fn last(&self) -> Option<AddressBytes> {
        self.last
    }

    /// Visits a validator.
    pub fn pass(&mut self, validator: AddressBytes) {
        self.last = Some(validator);
    }

    /// Goes on at the beginning of the list, once, and says whether it does.
    pub fn wrap(&mut self) -> bool {
        if self.has_wrapped {
            return false;
        }
        self.has_wrapped = true;
        self.last = None;
        true
    }

    /// Whether the next validator of the list is a part of it still.
    pub fn includes(&self, validator: &AddressBytes) -> bool {
        let is_before_start = self.start.is_none_or(|start| *validator <= start);
        !self.has_wrapped || is_before_start
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn validator(number: u8) -> AddressBytes {
        AddressBytes::new(&[number; 20]).unwrap()
    }

    /// The visits of a walk through a list.
    fn visits(start: Option<u8>, list: &[u8]) -> Vec<u8> {
        let mut walk = Walk::behind(start.map(validator));
        let mut visited = vec![];
        loop {
            let mut rest = list
                .iter()
                .filter(|number| walk.last().is_none_or(|last| validator(**number) > last));
            match rest.next() {
                Some(number) if walk.includes(&validator(*number)) => {
                    walk.pass(validator(*number));
                    visited.push(*number);
                }
                None if walk.wrap() => {}
                _ => return visited,
            }
        }
    }

    #[test]
    fn every_walk_visits_everybody_once_from_its_start_on() {
        let list = [1, 3, 5, 7];
        assert_eq!(visits(None, &list), [1, 3, 5, 7]);
        assert_eq!(visits(Some(3), &list), [5, 7, 1, 3]);
        // The one behind which it starts may be gone.
        assert_eq!(visits(Some(4), &list), [5, 7, 1, 3]);
        assert_eq!(visits(Some(7), &list), [1, 3, 5, 7]);
        assert_eq!(visits(Some(0), &list), [1, 3, 5, 7]);
        assert_eq!(visits(Some(9), &list), [1, 3, 5, 7]);
        assert_eq!(visits(Some(3), &[]), [] as [u8; 0]);
    }
}
