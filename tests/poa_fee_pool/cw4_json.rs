//! Messages, answers and hooks have exactly the JSON of the published `cw4` crate.
//!
//! That crate is for an older cosmwasm-std, so its types are converted to and from JSON here and
//! compared with the pool's.

use cw4::{
    AdminResponse, Cw4ExecuteMsg, Cw4QueryMsg, HooksResponse, MEMBERS_KEY, Member,
    MemberChangedHookMsg, MemberDiff, MemberListResponse, MemberResponse, TOTAL_KEY,
    TotalWeightResponse,
};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use testkit::poa_pool::PoaSuite;

use crate::support::pool;

/// A message as the published crate writes it.
fn written(message: &impl Serialize) -> Value {
    serde_json::to_value(message).unwrap()
}

/// The pool's answer to a query of the published crate. Reading it as the published type and writing
/// it again must give the same JSON.
#[track_caller]
fn answers<T: DeserializeOwned + Serialize>(suite: &PoaSuite, query: &Cw4QueryMsg) -> T {
    let answer = suite.query(written(query)).unwrap();
    let read: T = serde_json::from_value(answer.clone()).unwrap();
    assert_eq!(written(&read), answer);
    read
}

fn group() -> PoaSuite {
    let mut suite = pool(&[("v1", 10), ("v2", 5)]);
    suite
        .execute("owner", json!({"add_hook": {"addr": "@listener"}}))
        .unwrap();
    suite
}

#[test]
fn published_queries_get_published_answers() {
    let suite = group();
    let v1 = suite.account("v1").into_string();
    let member = |addr: &str, at_height| Cw4QueryMsg::Member {
        addr: addr.to_string(),
        at_height,
    };
    let stranger = suite.account("stranger").into_string();
    let weight = |query| answers::<MemberResponse>(&suite, &query).weight;
    assert_eq!(weight(member(&v1, None)), Some(10));
    assert_eq!(weight(member(&v1, Some(1_000_000))), Some(10));
    assert_eq!(weight(member(&v1, Some(0))), None);
    assert_eq!(weight(member(&stranger, None)), None);

    let total =
        answers::<TotalWeightResponse>(&suite, &Cw4QueryMsg::TotalWeight { at_height: None });
    assert_eq!(total.weight, 15);

    let all = Cw4QueryMsg::ListMembers {
        start_after: None,
        limit: None,
    };
    let mut expected = [
        Member {
            addr: v1.clone(),
            weight: 10,
        },
        Member {
            addr: suite.account("v2").into_string(),
            weight: 5,
        },
    ];
    expected.sort_by(|a, b| a.addr.cmp(&b.addr));
    assert_eq!(
        answers::<MemberListResponse>(&suite, &all).members,
        expected
    );
    let second_page = Cw4QueryMsg::ListMembers {
        start_after: Some(expected[0].addr.clone()),
        limit: Some(1),
    };
    assert_eq!(
        answers::<MemberListResponse>(&suite, &second_page).members,
        expected[1..]
    );

    let admin = answers::<AdminResponse>(&suite, &Cw4QueryMsg::Admin {}).admin;
    assert_eq!(admin, Some(suite.account("owner").into_string()));
    let hooks = answers::<HooksResponse>(&suite, &Cw4QueryMsg::Hooks {}).hooks;
    assert_eq!(hooks, [suite.account("listener").into_string()]);
}

#[test]
fn published_messages_are_accepted() {
    let mut suite = group();
    let account = |suite: &PoaSuite, name: &str| suite.account(name).into_string();
    let messages = [
        Cw4ExecuteMsg::AddHook {
            addr: account(&suite, "another"),
        },
        Cw4ExecuteMsg::RemoveHook {
            addr: account(&suite, "listener"),
        },
    ];
    for message in &messages {
        suite.execute("owner", written(message)).unwrap();
    }
    // `update_members` is cw4-group's; the crate has only its member.
    let joiner = Member {
        addr: account(&suite, "v3"),
        weight: 7,
    };
    let update = json!({"update_members": {
        "remove": [account(&suite, "v2")], "add": [written(&joiner)]}});
    suite.execute("owner", update).unwrap();
    let total =
        answers::<TotalWeightResponse>(&suite, &Cw4QueryMsg::TotalWeight { at_height: None });
    assert_eq!(total.weight, 17);
    // The role changes hands in two steps only.
    let update = Cw4ExecuteMsg::UpdateAdmin { admin: None };
    assert!(suite.execute("owner", written(&update)).is_err());
}

#[test]
fn hooks_get_the_published_message() {
    let ours = chain_types::cw4::MemberChangedHookMsg {
        diffs: [(None, Some(10)), (Some(10), Some(25)), (Some(5), None)]
            .map(|(old, new)| chain_types::cw4::MemberDiff {
                key: "member".to_string(),
                old,
                new,
            })
            .to_vec(),
    };
    let published = MemberChangedHookMsg {
        diffs: vec![
            MemberDiff::new("member", None, Some(10)),
            MemberDiff::new("member", Some(10), Some(25)),
            MemberDiff::new("member", Some(5), None),
        ],
    };
    assert_eq!(
        ours.to_message().unwrap().as_slice(),
        published.into_json_binary().unwrap().as_slice()
    );
}

#[test]
fn raw_keys_are_the_published_ones() {
    assert_eq!((MEMBERS_KEY, TOTAL_KEY), ("members", "total"));
    let suite = group();
    let stored = |key: &[u8]| suite.dump().iter().any(|(found, _)| found == key);
    assert!(stored(TOTAL_KEY.as_bytes()));
    let mut key = vec![0, 7];
    key.extend_from_slice(MEMBERS_KEY.as_bytes());
    key.extend_from_slice(suite.account("v1").as_bytes());
    assert!(stored(&key));
}
