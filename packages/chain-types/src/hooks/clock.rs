//! The tick of Juno's x/clock at the end of every block.

use super::SudoPayload;

/// The one key of the payload.
const END_BLOCK: &str = "clock_end_block";

/// Whether a payload is the tick, `{"clock_end_block":{}}`. Whatever its body says is not looked
/// at.
pub fn is_end_block(payload: &SudoPayload) -> bool {
    payload.name == END_BLOCK
}

#[cfg(test)]
mod tests {
    use super::super::testing;
    use super::super::{Dialect, read};
    use super::*;

    #[test]
    fn the_tick_is_recognised() {
        let payload = read(&testing::sudo(r#"{"clock_end_block":{}}"#)).unwrap();
        assert!(is_end_block(&payload));
        let payload = read(&testing::sudo(r#"{"clock_end_block":{"height":1}}"#)).unwrap();
        assert!(is_end_block(&payload));
    }

    #[test]
    fn nothing_else_is_the_tick() {
        for json in [r#"{"clock_begin_block":{}}"#, r#"{"clock_end_block ":{}}"#] {
            assert!(!is_end_block(&read(&testing::sudo(json)).unwrap()));
        }
    }

    #[test]
    fn the_tick_is_no_staking_hook() {
        for dialect in [Dialect::Juno, Dialect::Neutron] {
            let ignored = testing::ignored(dialect, r#"{"clock_end_block":{}}"#);
            assert_eq!(ignored.hook, "clock_end_block");
        }
    }
}
