//! Whatever comes in, reading ends with a value or an error, and a value has one spelling.

use ccv::memo::TransferMemo;
use ccv::name::Name;
use ccv::packet::CcvPacket;
use ccv::transfer::TransferData;
use proptest::collection::vec;
use proptest::prelude::*;

/// Reads the same bytes as everything that comes from the other chain.
fn read_all(data: &[u8]) {
    if let Ok(packet) = CcvPacket::read(data) {
        assert_eq!(packet.write().unwrap().as_slice(), data);
    }
    if let Ok(memo) = TransferMemo::read(&String::from_utf8_lossy(data)) {
        assert_eq!(memo.write().unwrap().as_bytes(), data);
    }
    if let Ok(transfer) = TransferData::read(data) {
        assert!(!transfer.amount.is_zero());
    }
}

/// Pieces of what is expected, so that random joins of them get far into the readers.
fn pieces() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "\"",
        "\\",
        "0",
        "1",
        "-",
        ".",
        "e9",
        "null",
        "true",
        " ",
        "\"weights\"",
        "\"status\"",
        "\"probe_status\"",
        "\"epoch\"",
        "\"denom\"",
        "\"amount\"",
        "\"total\"",
        "\"validators\"",
        "\"chunk\"",
        "\"chunks\"",
        "\"entries\"",
        "\"timeout\"",
        "\"nonce\"",
        "\"uatom\"",
        "\"1\"",
        "\"sender\"",
        "\"receiver\"",
        "\"memo\"",
        "\"Amount\"",
        "\"src_callback\"",
        "\"dest_callback\"",
        "\"address\"",
        "\"ccv_distribution\"",
        "\"ccv_probe\"",
        "\"expect\"",
        "\"arrival\"",
        "\u{0}",
        "\u{7f}",
        "ü",
        "\\ud800",
        "\\u0000",
    ]);
    vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn random_bytes(data: Vec<u8>) {
        read_all(&data);
    }

    #[test]
    fn random_joins_of_what_is_expected(data in pieces()) {
        read_all(data.as_bytes());
    }

    #[test]
    fn golden_bytes_with_some_of_them_changed(
        data in prop::sample::select(GOLDEN.to_vec()),
        changes in vec((any::<prop::sample::Index>(), vec(any::<u8>(), 0..4), 0usize..6), 1..5),
    ) {
        let mut data = data.to_vec();
        for (at, inserted, removed) in changes {
            let at = at.index(data.len() + 1);
            data.splice(at..data.len().min(at + removed), inserted);
        }
        read_all(&data);
    }

    #[test]
    fn a_name_is_what_its_rule_says(text in "[a-zA-Z0-9/:._ \u{e9}\"\\\\-]{0,140}") {
        let is_name = (1..=128).contains(&text.len())
            && text.chars().all(|c| c.is_ascii_alphanumeric() || "/:._-".contains(c));
        prop_assert_eq!(Name::new(&text).is_ok(), is_name);
    }
}

const GOLDEN: [&[u8]; 6] = [
    include_bytes!("../golden/weights.json"),
    include_bytes!("../golden/weights_chunk_1_of_2.json"),
    include_bytes!("../golden/status.json"),
    include_bytes!("../golden/memo_distribution.json"),
    include_bytes!("../golden/memo_probe_refusal.json"),
    include_bytes!("../golden/transfer_data.json"),
];

#[test]
fn deep_and_large_input() {
    for (open, close) in [
        ("[", "]"),
        (r#"{"a":"#, "}"),
        (r#"{"status":"#, "}"),
        (r#"{"memo":"#, "}"),
    ] {
        for depth in [100, 127, 128, 129, 1_000, 100_000] {
            let deep = format!("{}1{}", open.repeat(depth), close.repeat(depth));
            read_all(deep.as_bytes());
            // As an unknown value in the memo, where unknown keys are kept until the end.
            let memo = format!(r#"{{"src_callback":{{"address":"s"}},"x":{deep}}}"#);
            assert!(TransferMemo::read(&memo).is_err());
        }
    }
    let digits = "9".repeat(1_000_000);
    for data in [
        digits.clone(),
        format!(r#"{{"status":{{"epoch":{digits}}}}}"#),
        format!(r#"{{"status":{{"epoch":1e{digits}}}}}"#),
        format!(r#"{{"denom":"d","amount":"{digits}","sender":"s","receiver":"r","memo":""}}"#),
        format!(r#"{{"src_callback":{{"address":"{digits}"}}}}"#),
        format!(r#"{{"{digits}":1}}"#),
    ] {
        read_all(data.as_bytes());
        for error in [
            CcvPacket::read(data.as_bytes()).unwrap_err(),
            TransferMemo::read(&data).unwrap_err(),
            TransferData::read(data.as_bytes()).unwrap_err(),
        ] {
            assert!(error.to_string().len() < 400, "{error}");
        }
    }
}
