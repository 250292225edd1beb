//! Memos: what is read is what was written, and nothing else is read.

use ccv::memo::{Callback, Expect, Purpose, TransferMemo};
use proptest::prelude::*;

use crate::{inputs, name};

fn memos() -> impl Strategy<Value = TransferMemo> {
    let purpose = prop_oneof![
        (any::<u32>(), inputs::names(), any::<u32>()).prop_map(|(epoch, denom, attempt)| {
            Purpose::CcvDistribution {
                epoch,
                denom,
                attempt,
            }
        }),
        (any::<u32>(), any::<bool>()).prop_map(|(nonce, arrives)| Purpose::CcvProbe {
            nonce,
            expect: match arrives {
                true => Expect::Arrival,
                false => Expect::Refusal,
            },
        }),
    ];
    let callback = || inputs::names().prop_map(|address| Callback { address });
    (callback(), callback(), purpose).prop_map(|(src_callback, dest_callback, purpose)| {
        TransferMemo {
            src_callback,
            dest_callback,
            purpose,
        }
    })
}

proptest! {
    #[test]
    fn what_is_written_is_read(memo in memos()) {
        prop_assert_eq!(TransferMemo::read(&memo.write().unwrap()), Ok(memo));
    }

    #[test]
    fn every_memo_has_one_spelling(
        memo in memos(),
        at in any::<prop::sample::Index>(),
        inserted in ".?",
        removed in 0usize..=2,
    ) {
        let mut text = memo.write().unwrap();
        let at = at.index(text.len());
        let end = text.len().min(at + removed);
        text.replace_range(at..end, &inserted);
        if let Ok(read) = TransferMemo::read(&text) {
            prop_assert_eq!(read.write().unwrap(), text);
        }
    }
}

/// A memo with what follows the callbacks.
fn with(purpose: &str) -> String {
    format!(r#"{{"src_callback":{{"address":"s"}},"dest_callback":{{"address":"d"}}{purpose}}}"#)
}

const UNIT: &str = r#","ccv_distribution":{"epoch":7,"denom":"uatom","attempt":1}"#;
const PROBE: &str = r#","ccv_probe":{"nonce":1,"expect":"arrival"}"#;

#[test]
fn a_memo_has_two_callbacks_and_one_purpose() {
    let memo = TransferMemo::read(&with(UNIT)).unwrap();
    assert_eq!(memo.src_callback.address, name("s"));
    assert_eq!(memo.dest_callback.address, name("d"));
    assert!(TransferMemo::read(&with(PROBE)).is_ok());
    for refused in [
        with(""),
        with(&format!("{UNIT}{PROBE}")),
        with(&format!("{PROBE}{UNIT}")),
        with(&format!("{UNIT}{UNIT}")),
        with(&format!("{UNIT},\"ccv_probe\":null")),
        with(&format!("{UNIT},\"forward\":{{}}")),
        with(&format!("{UNIT},\"src_callback\":{{\"address\":\"x\"}}")),
        with(&format!("{UNIT},\"dest_callback\":{{\"address\":\"x\"}}")),
        with(r#","CCV_distribution":{"epoch":7,"denom":"uatom","attempt":1}"#),
        with(r#","ccv_distribution":{"epoch":7,"denom":"uatom"}"#),
        with(r#","ccv_distribution":{"epoch":7,"denom":"uatom","attempt":1,"x":1}"#),
        with(r#","ccv_distribution":{"epoch":7,"epoch":8,"denom":"uatom","attempt":1}"#),
        with(r#","ccv_distribution":[7,"uatom",1]"#),
        with(r#","ccv_distribution":{"epoch":"7","denom":"uatom","attempt":1}"#),
        with(r#","ccv_distribution":{"epoch":4294967296,"denom":"uatom","attempt":1}"#),
        with(r#","ccv_distribution":{"epoch":7,"denom":"uatom","attempt":-1}"#),
        with(r#","ccv_distribution":{"epoch":7,"denom":"","attempt":1}"#),
        with(r#","ccv_probe":{"nonce":1,"expect":"Arrival"}"#),
        with(r#","ccv_probe":{"nonce":1,"expect":{"arrival":null}}"#),
        format!(" {}", with(UNIT)),
        with(UNIT).replace(r#""s""#, r#""\u0073""#),
        with(UNIT).replace(r#"{"address":"s"}"#, r#"["s"]"#),
        with(UNIT).replace(r#"{"address":"s"}"#, r#"{"address":"s","gas_limit":"1"}"#),
        with(UNIT).replace(r#"{"address":"s"}"#, r#"{"address":""}"#),
        r#"{"dest_callback":{"address":"d"},"src_callback":{"address":"s"}}"#.to_string(),
        String::new(),
    ] {
        assert!(TransferMemo::read(&refused).is_err(), "{refused}");
    }
}
