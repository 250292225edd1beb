//! Names of coins across channels.

use ccv::CcvError;
use ccv::denom::DenomTrace;
use cosmwasm_std::IbcEndpoint;
use proptest::prelude::*;

fn end(port: &str, channel: &str) -> IbcEndpoint {
    IbcEndpoint {
        port_id: port.to_string(),
        channel_id: channel.to_string(),
    }
}

/// The name of a packet's denom on the receiving chain, over channel 7 there and channel `at` here.
fn arrives(path: &str, at: &str) -> String {
    DenomTrace::read(path)
        .unwrap()
        .received(&end("transfer", "channel-7"), &end("transfer", at))
        .local_denom()
}

fn hash(path: &str) -> String {
    DenomTrace::read(path).unwrap().local_denom()
}

#[test]
fn vouchers_are_named_by_the_hash_of_their_path() {
    for (denom, at, voucher) in [
        (
            "uatom",
            "channel-0",
            "ibc/27394FB092D2ECCD56123C74F36E4C1F926001CEADA9CA97EA622B25F41E5EB2",
        ),
        (
            "uatom",
            "channel-1",
            "ibc/C4CFF46FD6DE35CA4CF4CE031E643C8FDC9BA4B99AE598E9B0ED98FE3A2319F9",
        ),
        (
            "stake",
            "channel-0",
            "ibc/C053D637CCA2A2BA030E2C5EE1B28A16F71CCB0E45E8BE52766DC1B241B77878",
        ),
    ] {
        assert_eq!(arrives(denom, at), voucher);
        assert_eq!(hash(&format!("transfer/{at}/{denom}")), voucher);
    }
}

#[test]
fn a_coin_that_comes_home_loses_the_hop_that_it_took() {
    assert_eq!(arrives("transfer/channel-7/stake", "channel-0"), "stake");
    // A coin with slashes in its own name.
    assert_eq!(
        arrives("transfer/channel-7/gamm/pool/1", "channel-0"),
        "gamm/pool/1"
    );
    // A voucher of the receiving chain comes home as that voucher.
    assert_eq!(
        arrives("transfer/channel-7/transfer/channel-3/uosmo", "channel-0"),
        hash("transfer/channel-3/uosmo")
    );
    // Only the last hop counts, and only over the same channel and port.
    for path in [
        "transfer/channel-8/stake",
        "other/channel-7/stake",
        "transfer/channel-70/stake",
    ] {
        assert_eq!(
            arrives(path, "channel-0"),
            hash(&format!("transfer/channel-0/{path}"))
        );
    }
    let twice = "transfer/channel-8/transfer/channel-7/stake";
    assert_eq!(
        arrives(twice, "channel-0"),
        hash(&format!("transfer/channel-0/{twice}"))
    );
}

#[test]
fn hops_are_told_from_base_denoms_as_ibc_go_does() {
    let is_native = |path: &str| hash(path) == path;
    for native in [
        "uatom",
        "gamm/pool/1",
        "factory/osmo1abc/gold",
        // Two parts leave nothing for a base denom.
        "transfer/channel-0",
        "ibc/27394FB092D2ECCD56123C74F36E4C1F926001CEADA9CA97EA622B25F41E5EB2",
        "/uatom/x",
        "transfer/channel/uatom",
        "transfer/channel-/uatom",
        "transfer/channel-x/uatom",
        "transfer/channel-1x/uatom",
        "transfer/-1/uatom",
        "transfer/-a-1/uatom",
        "transfer/a--1/uatom",
        "transfer/kanäl-1/uatom",
        "transfer/channel-+1/uatom",
        "transfer/channel-18446744073709551616/uatom",
        "transfer/channel-000000000000000000001/uatom",
    ] {
        assert!(is_native(native), "{native}");
    }
    for voucher in [
        "transfer/channel-0/uatom",
        "transfer/channel-18446744073709551615/uatom",
        "transfer/channel-00000000000000000001/uatom",
        "transfer/07-tendermint-5/uatom",
        "transfer/09-localhost/uatom",
        "transfer/a_b-c-1/uatom",
        "transfer/a--b-1/uatom",
        // Whatever has the form of a client is a hop, also in the name of a token.
        "factory/gold-1/x",
        "/channel-0/uatom",
    ] {
        assert!(!is_native(voucher), "{voucher}");
    }
}

#[test]
fn a_path_needs_a_base_denom() {
    for path in [
        "",
        " ",
        "transfer/channel-0/",
        "transfer/channel-0/transfer/channel-1",
        "a/b-1/ ",
    ] {
        let error = CcvError::NoBaseDenom {
            path: path.to_string(),
        };
        assert_eq!(DenomTrace::read(path), Err(error), "{path}");
    }
    let long = "transfer/channel-0/".repeat(1000);
    assert!(DenomTrace::read(&long).unwrap_err().to_string().len() < 200);
}

proptest! {
    #[test]
    fn any_path_is_shown_as_it_was_read(path in "([a-c]{0,2}-?[0-9]{0,2}/?){0,8}") {
        if let Ok(trace) = DenomTrace::read(&path) {
            prop_assert_eq!(trace.to_string(), path);
        }
    }

    #[test]
    fn a_coin_that_goes_and_comes_back_has_its_name_again(
        path in "(transfer/channel-[0-9]{1,2}/){0,3}[a-z]{1,8}(/[a-z]{1,3})?",
        here in 0u32..100,
        there in 0u32..100,
    ) {
        let here = end("transfer", &format!("channel-{here}"));
        let there = end("transfer", &format!("channel-{there}"));
        let trace = DenomTrace::read(&path).unwrap();
        let gone = trace.received(&here, &there);
        // Unless it was on its way home already.
        prop_assume!(gone.to_string().len() > trace.to_string().len());
        prop_assert_eq!(gone.received(&there, &here), trace);
    }

    #[test]
    fn no_text_is_too_strange(path in ".{0,60}") {
        if let Ok(trace) = DenomTrace::read(&path) {
            let (here, there) = (end("transfer", "channel-0"), end("transfer", "channel-1"));
            let local = trace.received(&here, &there).local_denom();
            prop_assert!(!local.is_empty());
        }
    }
}
