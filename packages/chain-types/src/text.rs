//! Bounded texts for errors and events.

/// The start of a text, at most `limit` bytes, cut between characters.
///
/// What callers send can be of any length; what is written into an error or event is not.
pub fn head(text: &str, limit: usize) -> &str {
    if text.len() <= limit {
        return text;
    }
    let end = (0..=limit).rev().find(|end| text.is_char_boundary(*end));
    text.get(..end.unwrap_or_default()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_texts_stay_and_long_ones_are_cut_between_characters() {
        assert_eq!(head("juno", 4), "juno");
        assert_eq!(head("juno", 9), "juno");
        assert_eq!(head("juno", 3), "jun");
        assert_eq!(head("aüb", 2), "a");
        assert_eq!(head("ü", 0), "");
    }
}
