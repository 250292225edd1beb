//! What each kind of input is given to, and what must hold.
//!
//! An error of a packet that is received, or of the destination callback, is a refusal: the chain
//! takes back what the call changed. Acknowledgements, timeouts and source callbacks must succeed.
//! A panic is a failure everywhere, and so is a ledger that does not add up.

use std::cell::RefCell;

use ccv::transfer::TransferData;
use ccv_provider::contract as provider;
use cosmwasm_std::{
    Addr, Binary, Coin, IbcAcknowledgement, IbcDestinationCallbackMsg, IbcPacketAckMsg,
    IbcPacketReceiveMsg, IbcPacketTimeoutMsg, IbcTransferCallback, Uint256,
};
use holding_pools::contract as pools;

use super::stage::Stage;
use crate::ccv_world::Side;
use crate::ibc::must_be_canonical;

thread_local! {
    /// Made once: an input is over in less than a millisecond, and this is not.
    static STAGE: RefCell<Option<Stage>> = const { RefCell::new(None) };
}

/// Takes an input.
pub type Target = fn(&[u8]);

/// Every target by its name, which is that of its binary and of its corpus.
pub const TARGETS: [(&str, Target); 4] = [
    ("packets", packets),
    ("acks", acks),
    ("memos", memos),
    ("callbacks", callbacks),
];

/// The byte of the first moment; the next one has the next letter.
const FIRST_MOMENT: u8 = b'A';

/// Runs an input at the moment that its first byte chooses.
#[track_caller]
fn at_a_moment(input: &[u8], run: impl FnOnce(&Stage, &[u8])) {
    let Some((moment, rest)) = input.split_first() else {
        return;
    };
    STAGE.with_borrow_mut(|stage| {
        let stage = stage.get_or_insert_with(|| match Stage::new() {
            Ok(stage) => stage,
            Err(error) => panic!("{error:?}"),
        });
        stage.go_to(usize::from(moment.wrapping_sub(FIRST_MOMENT)));
        run(stage, rest);
    });
}

/// The part before the first line break, and the part behind it.
fn parts(input: &[u8]) -> (&[u8], Option<&[u8]>) {
    let mut parts = input.splitn(2, |byte| *byte == b'\n');
    (parts.next().unwrap_or_default(), parts.next())
}

fn relayer() -> Addr {
    Addr::unchecked("relayer")
}

#[track_caller]
fn must<T>(what: &str, result: Result<T, impl std::fmt::Display>) -> T {
    match result {
        Ok(it) => it,
        Err(error) => panic!("{what}: {error}"),
    }
}

/// Data of packets over the CCV channel, to the provider. What is received is acknowledged in the one
/// spelling that can be relayed, and no packet moves a coin.
pub fn packets(input: &[u8]) {
    at_a_moment(input, |stage, data| {
        let mut contract = stage.contract(Side::Provider);
        let owed = must("the ledger before", contract.liabilities(provider::query));
        let msg = IbcPacketReceiveMsg::new(stage.ccv_packet(data), relayer());
        let received = contract.call(|deps, env| provider::ibc_packet_receive(deps, env, msg));
        let Ok(response) = received else {
            return;
        };
        let ack = response.acknowledgement.unwrap_or_default();
        must("the acknowledgement", must_be_canonical(&ack));
        assert!(!ack.is_empty(), "no acknowledgement");
        let owes = must("the ledger", contract.liabilities(provider::query));
        assert_eq!(owes, owed, "a packet moved coins");
    });
}

/// Data of a packet that the consumer sent and, after a line break, its acknowledgement; without one
/// it timed out.
pub fn acks(input: &[u8]) {
    at_a_moment(input, |stage, input| {
        let (data, ack) = parts(input);
        let packet = stage.ccv_packet(data);
        let mut contract = stage.contract(Side::Consumer);
        let heard = contract.call(|deps, env| match ack {
            Some(ack) => {
                let ack = IbcAcknowledgement::new(ack);
                let msg = IbcPacketAckMsg::new(ack, packet, relayer());
                pools::ibc_packet_ack(deps, env, msg)
            }
            None => {
                let msg = IbcPacketTimeoutMsg::new(packet, relayer());
                pools::ibc_packet_timeout(deps, env, msg)
            }
        });
        must("an answer must not fail", heard);
        must("the ledger", contract.liabilities(pools::query));
    });
}

/// The memo of a transfer of one coin from the consumer's contract to the provider's: given to the
/// destination callback, and to the source callback as a success, a refusal and a timeout.
pub fn memos(input: &[u8]) {
    at_a_moment(input, |stage, memo| {
        let data = TransferData {
            denom: "stake".to_string(),
            amount: Uint256::one(),
            sender: stage.address(Side::Consumer).to_string(),
            receiver: stage.address(Side::Provider).to_string(),
            memo: String::from_utf8_lossy(memo).into_owned(),
        };
        let data = must("the data", serde_json::to_vec(&data));
        arrives(stage, &data);
        let answers: [Option<&[u8]>; 3] = [
            Some(br#"{"result":"AQ=="}"#),
            Some(br#"{"error":"no"}"#),
            None,
        ];
        for ack in answers {
            is_answered(stage, &data, ack);
        }
    });
}

/// Data of a packet over the transfer channel and, after a line break, its acknowledgement.
pub fn callbacks(input: &[u8]) {
    at_a_moment(input, |stage, input| {
        let (data, ack) = parts(input);
        arrives(stage, data);
        is_answered(stage, data, ack);
    });
}

/// The destination callback of the provider, as chains before CosmWasm 3 call it and as those since
/// do, who say what was credited: one coin. That is never more than what lies there, and what is said
/// to be credited is all that can be taken.
fn arrives(stage: &Stage, data: &[u8]) {
    let credited = IbcTransferCallback {
        sender: stage.address(Side::Consumer).to_string(),
        receiver: stage.address(Side::Provider).clone(),
        funds: vec![Coin::new(1_u128, stage.voucher())],
    };
    let taken = [None, Some(credited)].map(|transfer| {
        let msg = IbcDestinationCallbackMsg {
            packet: stage.transfer_packet(data),
            ack: IbcAcknowledgement::new(Binary::from(br#"{"result":"AQ=="}"#)),
            transfer,
        };
        let mut contract = stage.contract(Side::Provider);
        let taken = contract
            .call(|deps, env| provider::ibc_destination_callback(deps, env, msg))
            .is_ok();
        if taken {
            must("the ledger", contract.liabilities(provider::query));
        }
        taken
    });
    assert!(taken != [false, true], "taken only if the chain says more");
}

/// The source callback of holding-pools.
fn is_answered(stage: &Stage, data: &[u8], ack: Option<&[u8]>) {
    let packet = stage.transfer_packet(data);
    let mut contract = stage.contract(Side::Consumer);
    let called = contract.call_back(&packet, ack);
    must("a source callback must not fail", called);
    must("the records", contract.audited(pools::query));
}
