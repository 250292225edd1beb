use std::collections::BTreeMap;

use cosmwasm_std::{Coin, Decimal, Timestamp, Uint256, coin};
use proptest::collection::{btree_map, vec};
use proptest::option;
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use crate::scenario::{
    Action, Advance, Balance, BlockAccount, ChainSpec, ChannelOrder, ChannelPort, CloseChannel,
    Connect, Delegation, Execute, ExpireClient, HookDenom, Instantiate, Migrate, OpenChannel,
    Query, ScenarioFile, Send, Step, Sudo, Transfer, TransferChannel, Validator, parse, run, write,
};
use crate::wire::{MessageKind, Only, Relay};

fn name() -> impl Strategy<Value = String> {
    "[a-zA-Z0-9_.-]{1,8}"
}

fn coins() -> impl Strategy<Value = Vec<Coin>> {
    let coin = (any::<[u8; 32]>(), 0_usize..33, "[a-z][a-z0-9/:._-]{2,12}").prop_map(
        |(mut bytes, size, denom)| {
            bytes[..size.min(32)].fill(0);
            Coin::new(Uint256::from_be_bytes(bytes), denom)
        },
    );
    vec(coin, 0..3)
}

/// Any JSON but fractions, which no message of this suite has and whose text is not unique.
fn json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::from),
            btree_map(any::<String>(), inner, 0..4)
                .prop_map(|map| Value::Object(Map::from_iter(map))),
        ]
    })
}

fn decimal() -> impl Strategy<Value = Decimal> {
    any::<u64>().prop_map(|atomics| Decimal::new(atomics.into()))
}

fn port() -> impl Strategy<Value = ChannelPort> {
    (name(), option::of(name()), option::of(name())).prop_map(|(chain, contract, port)| {
        ChannelPort {
            chain,
            contract,
            port,
        }
    })
}

fn between() -> impl Strategy<Value = Action> {
    let order = prop_oneof![Just(ChannelOrder::Ordered), Just(ChannelOrder::Unordered)];
    let open = (port(), port(), order, any::<String>(), option::of(name())).prop_map(
        |(a, b, order, version, connection)| {
            Action::OpenChannel(OpenChannel {
                a,
                b,
                order,
                version,
                connection,
            })
        },
    );
    let amount = coins().prop_filter_map("a coin", |coins| coins.into_iter().next());
    let memo = option::of(json().prop_filter("a memo", |memo| !memo.is_null()));
    let transfer = (
        name(),
        name(),
        amount,
        memo,
        any::<u64>(),
        option::of(name()),
    )
        .prop_map(|(from, to, amount, memo, timeout_seconds, channel)| {
            Action::Transfer(Transfer {
                from,
                to,
                amount,
                memo,
                timeout_seconds,
                channel,
            })
        });
    let kind = prop_oneof![
        Just(MessageKind::Receive),
        Just(MessageKind::Acknowledge),
        Just(MessageKind::Timeout),
    ];
    let only = (
        option::of(name()),
        option::of(name()),
        option::of(any::<u64>()),
        option::of(kind),
    )
        .prop_map(|(from, channel, sequence, message)| Only {
            from,
            channel,
            sequence,
            message,
        });
    let relay = (only, option::of(any::<u64>()), any::<[bool; 4]>()).prop_map(
        |(only, limit, [reverse, drop, duplicate, timeouts])| {
            Action::Relay(Relay {
                only,
                limit,
                reverse,
                drop,
                duplicate,
                timeouts,
            })
        },
    );
    prop_oneof![
        (name(), name()).prop_map(|(a, b)| Action::Connect(Connect { a, b })),
        (name(), name(), option::of(name())).prop_map(|(a, b, connection)| {
            Action::TransferChannel(TransferChannel { a, b, connection })
        }),
        open,
        transfer,
        relay,
        name().prop_map(|chain| Action::ExpireClient(ExpireClient { chain })),
        (port(), name()).prop_map(|(end, channel)| Action::CloseChannel(CloseChannel {
            chain: end.chain,
            contract: end.contract,
            port: end.port,
            channel,
        })),
    ]
}

fn action() -> impl Strategy<Value = Action> {
    let instantiate = (name(), name(), name(), json(), coins(), option::of(name())).prop_map(
        |(name, code, sender, msg, funds, admin)| {
            Action::Instantiate(Instantiate {
                name,
                code,
                sender,
                msg,
                funds,
                admin,
            })
        },
    );
    let execute = (name(), name(), json(), coins()).prop_map(|(contract, sender, msg, funds)| {
        Action::Execute(Execute {
            contract,
            sender,
            msg,
            funds,
        })
    });
    let migrate = (name(), name(), name(), json()).prop_map(|(contract, code, sender, msg)| {
        Action::Migrate(Migrate {
            contract,
            code,
            sender,
            msg,
        })
    });
    let validator = (
        name(),
        any::<bool>(),
        [
            option::of(decimal()),
            option::of(decimal()),
            option::of(decimal()),
        ],
    )
        .prop_map(
            |(name, exists, [commission, max_commission, max_change_rate])| {
                Action::Validator(Validator {
                    name,
                    exists,
                    commission,
                    max_commission,
                    max_change_rate,
                })
            },
        );
    prop_oneof![
        instantiate,
        execute,
        (name(), json()).prop_map(|(contract, msg)| Action::Sudo(Sudo { contract, msg })),
        (name(), json()).prop_map(|(contract, msg)| Action::Query(Query { contract, msg })),
        migrate,
        (name(), name(), coins()).prop_map(|(from, to, amount)| Action::Send(Send {
            from,
            to,
            amount
        })),
        (name(), name()).prop_map(|(of, denom)| Action::Balance(Balance { of, denom })),
        any::<(u64, u64)>()
            .prop_map(|(blocks, seconds)| Action::Advance(Advance { blocks, seconds })),
        validator,
        (name(), name(), any::<u128>()).prop_map(|(delegator, validator, amount)| {
            Action::Delegation(Delegation {
                delegator,
                validator,
                amount: amount.into(),
            })
        }),
        (name(), any::<bool>())
            .prop_map(|(name, blocked)| Action::BlockAccount(BlockAccount { name, blocked })),
        (name(), name(), json()).prop_map(|(denom, contract, msg)| Action::HookDenom(HookDenom {
            denom,
            contract,
            msg
        })),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    let beside = (
        option::of(name()),
        option::of(json()),
        option::of(any::<String>()),
        btree_map(any::<String>(), any::<String>(), 0..3),
    );
    (prop_oneof![action(), between()], beside).prop_map(|(action, (chain, expect, error, save))| {
        Step {
            chain,
            action,
            expect,
            error,
            save,
        }
    })
}

fn file() -> impl Strategy<Value = ScenarioFile> {
    let chain = (
        name(),
        any::<u64>(),
        btree_map(name(), coins(), 0..3),
        any::<bool>(),
    )
        .prop_map(|(prefix, nanos, balances, callbacks)| ChainSpec {
            prefix,
            time: Timestamp::from_nanos(nanos),
            balances,
            callbacks,
        });
    (
        any::<String>(),
        option::of(vec(name(), 0..3)),
        btree_map(name(), chain, 0..3),
        vec(step(), 0..6),
    )
        .prop_map(|(name, accounts, chains, steps)| ScenarioFile {
            name,
            accounts,
            chains,
            steps,
        })
}

proptest! {
    #[test]
    fn a_written_file_reads_back_the_same(file in file()) {
        let text = write(&file);
        prop_assert_eq!(parse(&text).map_err(|error| format!("{error}\n{text}")), Ok(file));
    }
}

#[test]
fn a_file_built_in_code_plays_and_reads_well() {
    let send = Action::Send(Send {
        from: "alice".into(),
        to: "bob".into(),
        amount: vec![coin(4, "uatom")],
    });
    let ask = |denom: &str| {
        Action::Balance(Balance {
            of: "bob".into(),
            denom: denom.into(),
        })
    };
    let mut hub = ChainSpec::new("cosmos");
    hub.balances.insert("alice".into(), vec![coin(10, "uatom")]);
    let file = ScenarioFile {
        name: "a \"gift\"".into(),
        accounts: None,
        chains: BTreeMap::from([("hub".into(), hub)]),
        steps: vec![
            Step::new(send.clone()),
            Step::new(ask("uatom"))
                .on("hub")
                .expecting(json!("4"))
                .saving("had", ""),
            Step::new(send.clone()),
            Step::new(send).failing("insufficient funds"),
        ],
    };

    assert!(run(&file, &super::codes()).unwrap().passed());
    let expected = r#"{
  "name": "a \"gift\"",
  "chains": {
    "hub": {"balances":{"alice":["10uatom"]},"prefix":"cosmos","time":"2026-01-01T00:00:00Z"}
  },
  "steps": [
    {"send": {"amount":["4uatom"],"from":"alice","to":"bob"}},
    {"chain": "hub", "balance": {"denom":"uatom","of":"bob"}, "expect": "4", "save": {"had":""}},
    {"send": {"amount":["4uatom"],"from":"alice","to":"bob"}},
    {"send": {"amount":["4uatom"],"from":"alice","to":"bob"}, "error": "insufficient funds"}
  ]
}
"#;
    assert_eq!(write(&file), expected);
}
