//! Tables and lines of any story, before they are text of a terminal or of a page.

use num_bigint::BigInt;

use crate::amounts::grouped;

/// A table.
pub struct Grid {
    /// Names of the columns.
    pub header: Vec<String>,
    /// How many of the first columns are text; the others are numbers.
    pub texts: usize,
    /// Cells, as many in a row as there are columns.
    pub rows: Vec<Vec<String>>,
}

impl Grid {
    /// Whether a column is of numbers. A table without a header has text and numbers in turn.
    pub fn is_number(&self, place: usize) -> bool {
        if self.header.is_empty() {
            place % 2 == 1
        } else {
            place >= self.texts
        }
    }
}

/// One term of the conservation equation.
pub struct Term {
    /// What stands before the number.
    pub sign: &'static str,
    /// The number, with commas.
    pub number: String,
    /// What it is.
    pub what: String,
}

impl Term {
    /// A term with its number as it is printed.
    pub fn new(sign: &'static str, number: &BigInt, what: impl Into<String>) -> Self {
        Self {
            sign,
            number: grouped(number),
            what: what.into(),
        }
    }
}

/// How often something happened.
pub struct Happened {
    /// What.
    pub what: &'static str,
    /// How often.
    pub times: u64,
}

/// What happened, in columns of two.
pub fn happened(happened: &[Happened]) -> Grid {
    const COLUMNS: usize = 3;
    let cells: Vec<[String; 2]> = happened
        .iter()
        .map(|it| [it.what.to_string(), grouped(it.times)])
        .collect();
    let height = cells.len().div_ceil(COLUMNS);
    let row = |line: usize| {
        (0..COLUMNS)
            .flat_map(|column| {
                let cell = cells.get(column * height + line).cloned();
                cell.unwrap_or_default()
            })
            .collect()
    };
    Grid {
        header: Vec::new(),
        texts: 0,
        rows: (0..height).map(row).collect(),
    }
}

/// Text from outside without what a terminal would obey.
pub fn shown(text: &str) -> String {
    text.chars()
        .map(|letter| {
            if letter.is_control() {
                '\u{fffd}'
            } else {
                letter
            }
        })
        .collect()
}
