//! What happened, in order, for people.

/// Where something happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lane {
    /// On the consumer.
    Consumer,
    /// On the provider.
    Provider,
    /// On the way to the provider.
    There,
    /// On the way back.
    Back,
}

/// How it is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// What happens in every epoch when all goes well, and needs no line in a terminal.
    Routine,
    /// Worth a line.
    Plain,
    /// It was refused, lost, or timed out.
    Bad,
    /// It is well again.
    Mended,
}

/// One line.
#[derive(Clone, Debug)]
pub struct Entry {
    /// After which block of the consumer.
    pub block: u32,
    /// Where.
    pub lane: Lane,
    /// How it is shown.
    pub tone: Tone,
    /// What happened.
    what: String,
    /// How often in a row.
    times: u32,
}

impl Entry {
    /// What happened, and how often when more than once.
    pub fn text(&self) -> String {
        match self.times {
            1 => self.what.clone(),
            times => format!("{} ({times} times)", self.what),
        }
    }
}

/// All lines so far.
#[derive(Clone, Debug, Default)]
pub struct Timeline {
    /// In the order in which it happened.
    pub entries: Vec<Entry>,
}

impl Timeline {
    /// Adds a line, or counts one more of the last when it says the same.
    pub fn add(&mut self, block: u32, lane: Lane, tone: Tone, what: impl Into<String>) {
        let what = what.into();
        if let Some(last) = self.entries.last_mut()
            && (last.block, last.lane, last.tone, &last.what) == (block, lane, tone, &what)
        {
            last.times += 1;
            return;
        }
        self.entries.push(Entry {
            block,
            lane,
            tone,
            what,
            times: 1,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_twice_in_a_row_is_one_line() {
        let mut timeline = Timeline::default();
        for what in ["weights", "weights", "coins", "weights"] {
            timeline.add(1, Lane::There, Tone::Routine, what);
        }
        timeline.add(2, Lane::There, Tone::Routine, "weights");
        let texts: Vec<String> = timeline.entries.iter().map(Entry::text).collect();
        assert_eq!(texts, ["weights (2 times)", "coins", "weights", "weights"]);
    }
}
