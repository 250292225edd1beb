//! What happens on the two chains, from their first blocks to the claims.

use std::path::Path;
use std::time::Duration;

use anyhow::Result;
use ccv::denom::DenomTrace;
use serde_json::json;

use super::Args;
use super::chain::{Chain, Genesis, Validator};
use super::claims;
use super::jobs::{pay_fees, tell_powers};
use super::keys::Keys;
use super::programs::Programs;
use super::relayer::{CONNECTION, Relayer, TRANSFER_CHANNEL};
use super::services::Services;
use super::side::Side;
use super::watch::{self, Clock};

const PROVIDER: Genesis = Genesis {
    name: "provider",
    denom: "uprov",
    validators: &[
        Validator {
            name: "north",
            tokens: "400000000",
            commission: "0.05",
        },
        Validator {
            name: "east",
            tokens: "300000000",
            commission: "0.1",
        },
        Validator {
            name: "south",
            tokens: "200000000",
            commission: "0.15",
        },
        Validator {
            name: "west",
            tokens: "100000000",
            commission: "0.2",
        },
    ],
};

const CONSUMER: Genesis = Genesis {
    name: "consumer",
    denom: "ucons",
    validators: &[Validator {
        name: "home",
        tokens: "100000000",
        commission: "0.1",
    }],
};

/// Who else has an account: who deploys, those who report and crank, who pays fees, the relayer, two users.
const ACCOUNTS: [&str; 8] = [
    "owner", "reporter", "powers", "crank", "fees", "relayer", "alice", "bob",
];

/// What may be tried when everything runs; the first line is for the chain that the commands speak to.
const TRY: &str = r#"
Everything runs until Ctrl-C. In another terminal, for instance:

  cd target/localnet/provider && source ./env      # or consumer
  operator check
  wasmd query bank balances "$(wasmd keys show bob --address)"
  wasmd tx staking delegate "$(wasmd keys show west --bech val --address)" 500000000uprov --from bob --gas auto --yes
  tail -f report.log crank.log ../hermes.log"#;

/// Plays it all.
///
/// # Errors
/// When anything does not go as it should.
pub async fn play(
    args: &Args,
    programs: &Programs,
    folder: &Path,
    services: &Services,
) -> Result<()> {
    let clock = Clock::start();
    clock.say("two chains start: provider-1 with four validators, consumer-1 with one");
    let validators = PROVIDER.validators.iter().chain(CONSUMER.validators);
    let validators = validators.map(|validator| validator.name);
    let names = ACCOUNTS.into_iter().chain(validators);
    let keys = Keys::make(&programs.wasmd, folder.join("keys"), names).await?;
    let make = |genesis| Chain::make(genesis, folder, &programs.wasmd, keys.clone());
    let (provider, consumer) = (make(&PROVIDER).await?, make(&CONSUMER).await?);
    tokio::try_join!(provider.start(services), consumer.start(services))?;
    let mut provider = Side::new(provider, programs).await?;
    let mut consumer = Side::new(consumer, programs).await?;

    clock.say("hermes makes clients, a connection and a transfer channel");
    let relayer = Relayer::new(programs, folder, [&consumer.chain, &provider.chain]).await?;
    relayer.connect().await?;

    clock.say("the operator deploys on both chains");
    let voucher = voucher(consumer.chain.denom)?;
    let [reporter, powers] = [keys.address("reporter")?, keys.address("powers")?];
    let names = [("reporter", reporter), ("voucher", &voucher)];
    let plan = include_str!("../../localnet/provider.toml");
    provider.deploy(plan, &names).await?;
    let ccv = provider.contract("ccv")?;
    let names = [("reporter", reporter), ("powers", powers), ("ccv", ccv)];
    let plan = include_str!("../../localnet/consumer.toml");
    consumer.deploy(plan, &names).await?;

    clock.say("the provider registers the consumer, hermes opens the CCV channel");
    let pools = consumer.contract("pools")?;
    let registration = json!({"register_consumer": {
        "id": "consumer",
        "connection_id": CONNECTION,
        "port_id": format!("wasm.{pools}"),
        "contract": pools,
        "transfer_channel": TRANSFER_CHANNEL,
        "denoms": [consumer.chain.denom],
    }});
    provider.execute("owner", "ccv", registration, 0).await?;
    relayer.open(pools, ccv).await?;

    clock.say("alice and bob delegate, bob locks; the fee pools learn who delegates");
    provider.delegate("alice", "north", 100_000_000).await?;
    provider.delegate("bob", "east", 50_000_000).await?;
    consumer.delegate("alice", "home", 50_000_000).await?;
    let lock = json!({"lock": {"duration": 20}});
    provider.execute("bob", "gauges", lock, 10_000_000).await?;
    for side in [&provider, &consumer] {
        side.operate(&["import", "pool", "--activate"]).await?;
    }

    clock.say("from now on: fees, operator report and operator crank on both chains, and hermes");
    provider.start_operators(services)?;
    consumer.start_operators(services)?;
    relayer.start(services)?;
    services.run(pay_fees(provider.clone(), consumer.clone()));
    services.run(tell_powers(provider.clone(), consumer.clone()));

    clock.say("a probe: does the provider take one coin and give another one back?");
    let probe = json!({"probe": {}});
    consumer.execute("owner", "pools", probe, 2).await?;
    watch::probe(&consumer).await?;

    clock.say(&format!("it does; {} minutes of fees", args.minutes));
    let time = Duration::from_secs(args.minutes.saturating_mul(60));
    let rewards = json!({"delegation_rewards": {
        "delegator": keys.address("alice")?,
        "validator": keys.operator_address("north").await?,
    }});
    let arrived = async || {
        let answer = provider.ask("pool", rewards.clone()).await?;
        Ok(answer["claimable"].to_string().contains(&voucher))
    };
    watch::units(&clock, &consumer, time, arrived).await?;

    clock.say("claims");
    claims::make(&keys, &provider, &consumer, &voucher).await?;

    clock.say("the operator compares the contracts with their chains and their ledgers");
    for side in [&provider, &consumer] {
        side.operate(&["check"]).await?;
    }
    if args.keep {
        println!("{TRY}");
        std::future::pending::<()>().await;
    }
    println!("\n`cargo localnet --keep` leaves it running, to try things.");
    Ok(())
}

/// What the provider calls a coin of the consumer that came over the transfer channel.
///
/// # Errors
/// When it has no name.
fn voucher(denom: &str) -> Result<String> {
    let trace = DenomTrace::read(&format!("transfer/{TRANSFER_CHANNEL}/{denom}"))?;
    Ok(trace.local_denom())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_voucher_is_named_by_the_way_it_came() {
        let name = voucher("uatom").unwrap();
        assert!(
            name.starts_with("ibc/27394FB0") && name.ends_with("5EB2"),
            "{name}"
        );
    }
}
