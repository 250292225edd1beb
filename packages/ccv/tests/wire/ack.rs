//! Acknowledgements: reading them never fails.

use ccv::ack::{Ack, TransferStatus, read_status_ack, read_transfer_ack, read_weights_ack};
use cosmwasm_std::{StdAck, Timestamp};
use proptest::prelude::*;

proptest! {
    #[test]
    fn any_bytes_are_read_and_reasons_are_short(ack: Vec<u8>) {
        for reason in reasons(&ack) {
            prop_assert!(reason.len() <= 256);
        }
    }

    #[test]
    fn a_refusal_is_read_with_its_text(text in ".{0,400}") {
        let ack = StdAck::error(text.clone()).to_binary();
        let Ack::Refused { reason } = read_weights_ack(&ack) else {
            return Err(TestCaseError::fail("it must be a refusal"));
        };
        prop_assert!(text.starts_with(&reason));
        prop_assert!(reason == text || reason.len() > 256 - 4);
        prop_assert_eq!(read_status_ack(&ack), Ack::Refused { reason: reason.clone() });
        prop_assert_eq!(read_transfer_ack(&ack), Ack::Refused { reason });
    }

    #[test]
    fn only_the_written_results_are_answers(payload: Vec<u8>) {
        let known = [b"\x01".as_slice(), b"arrived", b"expired", b"pending"];
        prop_assume!(!known.contains(&payload.as_slice()));
        let ack = StdAck::success(payload).to_binary();
        let is_unreadable = matches!(read_weights_ack(&ack), Ack::Unreadable { .. });
        prop_assert!(is_unreadable);
        let is_unreadable = matches!(read_status_ack(&ack), Ack::Unreadable { .. });
        prop_assert!(is_unreadable);
        // ibc-go takes every result of a transfer for a success.
        prop_assert_eq!(read_transfer_ack(&ack), Ack::Success(()));
    }

    #[test]
    fn a_status_follows_from_the_clock(now: u64, timeout: u64, is_now: bool, has_arrived: bool) {
        let timeout = if is_now { now } else { timeout };
        let at = Timestamp::from_nanos;
        let expected = match has_arrived {
            true => TransferStatus::Arrived,
            false if now < timeout => TransferStatus::Pending,
            false => TransferStatus::Expired,
        };
        prop_assert_eq!(TransferStatus::at(at(now), at(timeout), has_arrived), expected);
    }
}

fn reasons(ack: &[u8]) -> Vec<String> {
    let reason = |ack| match ack {
        Ack::Success(()) => None,
        Ack::Refused { reason } | Ack::Unreadable { reason } => Some(reason),
    };
    let status = match read_status_ack(ack) {
        Ack::Success(_) => Ack::Success(()),
        Ack::Refused { reason } => Ack::Refused { reason },
        Ack::Unreadable { reason } => Ack::Unreadable { reason },
    };
    [read_weights_ack(ack), status, read_transfer_ack(ack)]
        .into_iter()
        .filter_map(reason)
        .collect()
}

#[test]
fn what_says_neither_is_unreadable() {
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let long = format!(r#"{{"{}":1}}"#, "k".repeat(100_000));
    for ack in [
        "",
        "{}",
        "null",
        "\u{1}",
        r#"{"result":"AQ==","error":"no"}"#,
        r#"{"result":"AQ==","result":"AQ=="}"#,
        r#"{"result":"?"}"#,
        r#"{"result":1}"#,
        r#"{"error":null}"#,
        r#"{"Result":"AQ=="}"#,
        &deep,
        &long,
    ] {
        let is_unreadable = |ack: Ack<()>| matches!(ack, Ack::Unreadable { .. });
        assert!(is_unreadable(read_weights_ack(ack.as_bytes())), "{ack}");
        assert!(is_unreadable(read_transfer_ack(ack.as_bytes())), "{ack}");
        assert_eq!(reasons(ack.as_bytes()).len(), 3);
    }
    assert!(
        reasons(long.as_bytes())
            .iter()
            .all(|reason| reason.len() <= 256)
    );
}
