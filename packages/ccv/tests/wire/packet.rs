//! Packets: what is read is what was written, and nothing else is read.

use ccv::CcvError;
use ccv::packet::{CcvPacket, MAX_PACKET_BYTES, ProbeStatusRequest, StatusRequest};
use ccv::weights::{Entry, UnitHeader, WeightsChunk};
use cosmwasm_std::{Timestamp, Uint256};
use distribution_math::Points;
use proptest::prelude::*;

use crate::{inputs, name};

const STATUS: &str = r#"{"status":{"epoch":7,"denom":"uatom","timeout":"5"}}"#;

fn packets() -> impl Strategy<Value = CcvPacket> {
    let timeout = || any::<u64>().prop_map(Timestamp::from_nanos);
    let weights = inputs::groups().prop_flat_map(|groups| {
        let chunks = inputs::in_chunks(&inputs::header_of(&groups), groups);
        prop::sample::select(chunks).prop_map(CcvPacket::Weights)
    });
    prop_oneof![
        weights,
        (any::<u32>(), inputs::names(), timeout()).prop_map(|(epoch, denom, timeout)| {
            CcvPacket::Status(StatusRequest {
                epoch,
                denom,
                timeout,
            })
        }),
        (any::<u32>(), timeout()).prop_map(|(nonce, timeout)| {
            CcvPacket::ProbeStatus(ProbeStatusRequest { nonce, timeout })
        }),
    ]
}

proptest! {
    #[test]
    fn what_is_written_is_read(packet in packets()) {
        let data = packet.write().unwrap();
        prop_assert_eq!(CcvPacket::read(&data), Ok(packet));
    }

    /// One byte replaced, removed or put in between: it is refused, or it is another packet with
    /// its own spelling.
    #[test]
    fn every_packet_has_one_spelling(
        packet in packets(),
        at in any::<prop::sample::Index>(),
        byte: u8,
        removed in 0usize..=2,
    ) {
        let mut data = packet.write().unwrap().to_vec();
        let at = at.index(data.len());
        data.splice(at..data.len().min(at + removed), [byte]);
        if let Ok(read) = CcvPacket::read(&data) {
            prop_assert_eq!(read.write().unwrap().to_vec(), data);
        }
    }
}

#[test]
fn the_largest_chunk_fits() {
    let weight = Points::new(Uint256::MAX / Uint256::from(512u128));
    let long = |place: usize| name(&format!("{place:0128}"));
    let header = UnitHeader {
        epoch: u32::MAX,
        denom: long(0),
        amount: u128::MAX,
        total: Points::new(Uint256::MAX),
        validators: 512,
        chunks: 8,
    };
    let entries = (0..64)
        .map(|place| Entry::new(long(place), weight))
        .collect();
    let packet = CcvPacket::Weights(WeightsChunk::new(header, 7, entries).unwrap());
    let data = packet.write().unwrap();
    assert!(data.len() <= MAX_PACKET_BYTES, "{}", data.len());
    assert_eq!(CcvPacket::read(&data).unwrap(), packet);
}

#[test]
fn a_larger_packet_is_refused_unread() {
    let data = vec![b' '; MAX_PACKET_BYTES + 1];
    assert_eq!(
        CcvPacket::read(&data),
        Err(CcvError::PacketSize {
            bytes: MAX_PACKET_BYTES + 1,
            most: MAX_PACKET_BYTES,
        })
    );
    let error = CcvPacket::read(&data[1..]).unwrap_err();
    assert!(matches!(error, CcvError::Unreadable { .. }), "{error}");
}

#[test]
fn second_spellings_are_refused() {
    assert!(CcvPacket::read(STATUS.as_bytes()).is_ok());
    for (spelling, what) in [
        (
            r#" {"status":{"epoch":7,"denom":"uatom","timeout":"5"}}"#,
            "a space",
        ),
        (
            r#"{"status":{"epoch":7,"denom":"uatom","timeout":"5"}}
"#,
            "a line end",
        ),
        (
            r#"{"status":{"denom":"uatom","epoch":7,"timeout":"5"}}"#,
            "another order",
        ),
        (
            r#"{"status":{"epoch":7,"denom":"\u0075atom","timeout":"5"}}"#,
            "an escape",
        ),
        (
            r#"{"status":{"epoch":7,"denom":"uatom","timeout":"05"}}"#,
            "a leading zero",
        ),
        (
            r#"{"status":{"epoch":7,"denom":"uatom","timeout":"+5"}}"#,
            "a sign",
        ),
        (
            r#"{"status":{"epoch":7,"denom":"uatom","timeout":5}}"#,
            "a number",
        ),
        (
            r#"{"status":{"epoch":"7","denom":"uatom","timeout":"5"}}"#,
            "a text",
        ),
        (
            r#"{"status":{"epoch":7.0,"denom":"uatom","timeout":"5"}}"#,
            "a fraction",
        ),
        (
            r#"{"status":{"epoch":7e0,"denom":"uatom","timeout":"5"}}"#,
            "an exponent",
        ),
        (
            r#"{"status":{"epoch":07,"denom":"uatom","timeout":"5"}}"#,
            "a leading zero",
        ),
        (
            r#"{"status":{"epoch":7,"epoch":7,"denom":"uatom","timeout":"5"}}"#,
            "a doubled key",
        ),
        (
            r#"{"status":{"epoch":7,"Epoch":7,"denom":"uatom","timeout":"5"}}"#,
            "a key in two cases",
        ),
        (
            r#"{"Status":{"epoch":7,"denom":"uatom","timeout":"5"}}"#,
            "a key in another case",
        ),
        (
            r#"{"status":{"epoch":7,"denom":"uatom","timeout":"5","more":1}}"#,
            "an unknown key",
        ),
        (r#"{"status":{"epoch":7,"denom":"uatom"}}"#, "a missing key"),
        (r#"{"status":[7,"uatom","5"]}"#, "an array"),
        (
            r#"{"status":{"epoch":7,"denom":"uatom","timeout":"5"},"more":1}"#,
            "a second packet",
        ),
        (
            r#"{"status":{"epoch":7,"denom":"uatom","timeout":"5"}}{}"#,
            "more behind it",
        ),
        (
            r#"{"other":{"epoch":7,"denom":"uatom","timeout":"5"}}"#,
            "an unknown packet",
        ),
        (
            r#"{"status":{"epoch":-1,"denom":"uatom","timeout":"5"}}"#,
            "a negative epoch",
        ),
        (
            r#"{"status":{"epoch":4294967296,"denom":"uatom","timeout":"5"}}"#,
            "an epoch of 2^32",
        ),
        (
            r#"{"status":{"epoch":7,"denom":"uatom","timeout":"18446744073709551616"}}"#,
            "2^64 ns",
        ),
        (
            r#"{"status":{"epoch":7,"denom":"","timeout":"5"}}"#,
            "an empty denom",
        ),
        (
            r#"{"status":{"epoch":7,"denom":"u atom","timeout":"5"}}"#,
            "a denom with a space",
        ),
        (
            r#"{"status":{"epoch":7,"denom":"üatom","timeout":"5"}}"#,
            "a denom of other letters",
        ),
        ("", "nothing"),
        ("null", "null"),
        (r#""status""#, "a bare name"),
    ] {
        assert!(
            CcvPacket::read(spelling.as_bytes()).is_err(),
            "{what}: {spelling}"
        );
    }
}

#[test]
fn a_reason_names_the_value_and_the_rule() {
    let spelled = CcvPacket::read(format!(" {STATUS}").as_bytes()).unwrap_err();
    assert_eq!(
        spelled.to_string(),
        format!("the CCV packet must be spelled as {STATUS}")
    );
    let unknown = CcvPacket::read(br#"{"status":{"epoch":7,"more":1}}"#).unwrap_err();
    assert_eq!(
        unknown.to_string(),
        "the CCV packet cannot be read: unknown field `more`, expected one of `epoch`, `denom`, `timeout` \
         at line 1 column 27"
    );
}

#[test]
fn a_reason_is_short_whatever_came() {
    let key = "k".repeat(10_000);
    let data = format!(r#"{{"status":{{"{key}":1}}}}"#);
    let reason = CcvPacket::read(data.as_bytes()).unwrap_err().to_string();
    assert!(reason.len() < 300, "{}", reason.len());
}
