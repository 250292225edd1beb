//! Lists for proptest whose shrinking drops long stretches first.
//!
//! A list of `proptest::collection` shrinks one element at a time and never below the length it
//! was made with. A failing history of 300 steps needs neither: this one drops halves, quarters and
//! so on down to single steps, and only then makes the remaining steps simpler.

use std::fmt::Debug;
use std::ops::RangeInclusive;

use proptest::strategy::{NewTree, Strategy, ValueTree};
use proptest::test_runner::TestRunner;

/// Lists of so many elements, which shrink down to none.
pub fn lists<S: Strategy>(element: S, length: RangeInclusive<usize>) -> Lists<S> {
    Lists { element, length }
}

/// See [`lists`].
#[derive(Clone, Debug)]
pub struct Lists<S> {
    element: S,
    length: RangeInclusive<usize>,
}

impl<S: Strategy> Strategy for Lists<S> {
    type Tree = ListTree<S::Tree>;
    type Value = Vec<S::Value>;

    fn new_tree(&self, runner: &mut TestRunner) -> NewTree<Self> {
        let length = self.length.new_tree(runner)?.current();
        let elements = (0..length)
            .map(|_| self.element.new_tree(runner))
            .collect::<Result<Vec<_>, _>>()?;
        Ok(ListTree {
            next: Attempt::Drop {
                at: 0,
                length: length.div_ceil(2),
            },
            undo: Undo::Nothing,
            elements,
        })
    }
}

/// What is tried next.
#[derive(Clone, Copy, Debug)]
enum Attempt {
    /// To do without so many elements from here on.
    Drop { at: usize, length: usize },
    /// To make one element simpler.
    Simplify { at: usize },
}

/// How the last attempt is taken back.
#[derive(Clone, Debug)]
enum Undo<T> {
    Nothing,
    Insert { at: usize, elements: Vec<T> },
    Complicate { at: usize },
}

/// A list that is being shrunk.
#[derive(Clone, Debug)]
pub struct ListTree<T> {
    elements: Vec<T>,
    next: Attempt,
    undo: Undo<T>,
}

impl<T: ValueTree> ValueTree for ListTree<T> {
    type Value = Vec<T::Value>;

    fn current(&self) -> Self::Value {
        self.elements.iter().map(T::current).collect()
    }

    /// The last attempt was good and stays.
    fn simplify(&mut self) -> bool {
        loop {
            match self.next {
                Attempt::Drop { length: 0, .. } => self.next = Attempt::Simplify { at: 0 },
                Attempt::Drop { at, length } if at >= self.elements.len() => {
                    // Below one comes none.
                    let length = if length == 1 { 0 } else { length.div_ceil(2) };
                    self.next = Attempt::Drop { at: 0, length };
                }
                Attempt::Drop { at, length } => {
                    let end = self.elements.len().min(at + length);
                    let elements = self.elements.drain(at..end).collect();
                    self.undo = Undo::Insert { at, elements };
                    return true;
                }
                Attempt::Simplify { at } => {
                    let Some(element) = self.elements.get_mut(at) else {
                        self.undo = Undo::Nothing;
                        return false;
                    };
                    if element.simplify() {
                        self.undo = Undo::Complicate { at };
                        return true;
                    }
                    self.next = Attempt::Simplify { at: at + 1 };
                }
            }
        }
    }

    /// The last attempt went too far: takes it back and makes the next one.
    fn complicate(&mut self) -> bool {
        match std::mem::replace(&mut self.undo, Undo::Nothing) {
            Undo::Nothing => return false,
            Undo::Insert { at, elements } => {
                let length = elements.len();
                self.elements.splice(at..at, elements);
                if let Attempt::Drop { at, .. } = &mut self.next {
                    *at += length;
                }
            }
            Undo::Complicate { at } => {
                if self.elements[at].complicate() {
                    self.undo = Undo::Complicate { at };
                    return true;
                }
                self.next = Attempt::Simplify { at: at + 1 };
            }
        }
        self.simplify()
    }
}

#[cfg(test)]
mod tests {
    use proptest::test_runner::{Config, TestError};

    use super::*;

    #[test]
    fn a_failure_shrinks_to_the_elements_that_make_it() {
        let mut runner = TestRunner::new(Config {
            failure_persistence: None,
            max_shrink_iters: 10_000,
            ..Config::default()
        });
        // Fails with a number above 500 somewhere before one above 700.
        let outcome = runner.run(&lists(0..1000u32, 300..=320), |list| {
            let first = list.iter().position(|number| *number > 500);
            let fails = first.is_some_and(|at| list[at + 1..].iter().any(|number| *number > 700));
            if fails {
                Err(proptest::test_runner::TestCaseError::fail("both"))
            } else {
                Ok(())
            }
        });
        let Err(TestError::Fail(_, list)) = outcome else {
            panic!("{outcome:?}");
        };
        assert_eq!(list, [501, 701]);
    }

    #[test]
    fn lists_have_the_length_that_was_asked_for() {
        let mut runner = TestRunner::deterministic();
        for _ in 0..50 {
            let tree = lists(0..10u8, 3..=5).new_tree(&mut runner).unwrap();
            assert!((3..=5).contains(&tree.current().len()));
        }
    }
}
