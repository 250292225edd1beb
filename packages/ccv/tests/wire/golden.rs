//! The exact bytes of everything that goes over the wire. The files were written by hand or by Go,
//! not by this crate.

use ccv::ack::{
    Ack, TransferStatus, read_status_ack, read_transfer_ack, read_weights_ack, status_ack,
    weights_ack,
};
use ccv::memo::{Callback, Expect, Purpose, TransferMemo};
use ccv::packet::{CcvPacket, ProbeStatusRequest, StatusRequest, VERSION};
use ccv::transfer::TransferData;
use ccv::weights::{Entry, chunks};
use cosmwasm_std::{Timestamp, Uint256};

use crate::{coins, name, points};

const TIMEOUT: Timestamp = Timestamp::from_nanos(1_700_000_000_000_000_001);
const COIN: u128 = 1_000_000_000_000_000_000_000_000_000_000_000_000;

#[track_caller]
fn is_golden(packet: CcvPacket, golden: &[u8]) {
    assert_eq!(
        String::from_utf8_lossy(&packet.write().unwrap()),
        String::from_utf8_lossy(golden)
    );
    assert_eq!(CcvPacket::read(golden).unwrap(), packet);
}

#[track_caller]
fn is_golden_memo(purpose: Purpose, golden: &str) {
    let address = |text| Callback {
        address: name(text),
    };
    let memo = TransferMemo {
        src_callback: address("consumer1pools"),
        dest_callback: address("provider1pool"),
        purpose,
    };
    assert_eq!(memo.write().unwrap(), golden);
    assert_eq!(TransferMemo::read(golden).unwrap(), memo);
}

fn distribution() -> Purpose {
    Purpose::CcvDistribution {
        epoch: 7,
        denom: name("uatom"),
        attempt: 2,
    }
}

#[test]
fn the_version_of_the_channel() {
    assert_eq!(VERSION, include_str!("../golden/version.json"));
}

#[test]
fn weights_in_one_chunk() {
    let entry = |validator, weight| Entry::new(name(validator), points(weight));
    let entries = vec![
        entry(
            "cosmosvaloper1sjllsnramtg3ewxqwwrwjxfgc4n4ef9u2lcnj0",
            (1 << 53) + 1,
        ),
        entry(
            "cosmosvaloper156gqf9837u7d4c4678yt3rl4ls9c5vuursrrzf",
            3 * COIN + 1,
        ),
        entry(
            "cosmosvaloper1clpqr4nrk4khgkxj78fcwwh6dl3uw4epsluffn",
            2 * COIN + COIN / 2,
        ),
    ];
    let mut unit = chunks(7, name("uatom"), entries).unwrap();
    assert_eq!(unit.len(), 1);
    is_golden(
        CcvPacket::Weights(unit.remove(0)),
        include_bytes!("../golden/weights.json"),
    );
}

#[test]
fn weights_in_two_chunks() {
    let denom = name("ibc/27394FB092D2ECCD56123C74F36E4C1F926001CEADA9CA97EA622B25F41E5EB2");
    let validator = |place: u128| coins(&format!("valoper{place:03}"), place + 1);
    let mut unit = chunks(8, denom, (0..66).map(validator).collect()).unwrap();
    assert_eq!(unit.len(), 2);
    let second = unit.remove(1);
    is_golden(
        CcvPacket::Weights(unit.remove(0)),
        include_bytes!("../golden/weights_chunk_0_of_2.json"),
    );
    is_golden(
        CcvPacket::Weights(second),
        include_bytes!("../golden/weights_chunk_1_of_2.json"),
    );
}

#[test]
fn questions_for_a_transfers_status() {
    let status = CcvPacket::Status(StatusRequest {
        epoch: 7,
        denom: name("uatom"),
        timeout: TIMEOUT,
    });
    is_golden(status, include_bytes!("../golden/status.json"));
    let probe = CcvPacket::ProbeStatus(ProbeStatusRequest {
        nonce: 3,
        timeout: TIMEOUT,
    });
    is_golden(probe, include_bytes!("../golden/probe_status.json"));
}

#[test]
fn acknowledgements() {
    let golden = include_bytes!("../golden/ack_weights.json");
    assert_eq!(weights_ack().to_binary(), golden);
    assert_eq!(read_weights_ack(golden), Ack::Success(()));
    // ICS-20 has the same.
    assert_eq!(read_transfer_ack(golden), Ack::Success(()));
    for (status, golden) in [
        (
            TransferStatus::Arrived,
            include_bytes!("../golden/ack_arrived.json"),
        ),
        (
            TransferStatus::Expired,
            include_bytes!("../golden/ack_expired.json"),
        ),
        (
            TransferStatus::Pending,
            include_bytes!("../golden/ack_pending.json"),
        ),
    ] {
        assert_eq!(status_ack(status).to_binary(), golden);
        assert_eq!(read_status_ack(golden), Ack::Success(status));
    }
}

#[test]
fn memos() {
    is_golden_memo(
        distribution(),
        include_str!("../golden/memo_distribution.json"),
    );
    is_golden_memo(
        Purpose::CcvProbe {
            nonce: 3,
            expect: Expect::Arrival,
        },
        include_str!("../golden/memo_probe_arrival.json"),
    );
    is_golden_memo(
        Purpose::CcvProbe {
            nonce: 3,
            expect: Expect::Refusal,
        },
        include_str!("../golden/memo_probe_refusal.json"),
    );
}

#[test]
fn a_transfer_as_go_writes_it() {
    let data = TransferData::read(include_bytes!("../golden/transfer_data.json")).unwrap();
    assert_eq!(data.denom, "uatom");
    assert_eq!(data.amount, Uint256::from(5_000_000u128));
    assert_eq!(data.sender, "consumer1pools");
    assert_eq!(data.receiver, "provider1pool");
    assert_eq!(
        TransferMemo::read(&data.memo).unwrap().purpose,
        distribution()
    );
}
