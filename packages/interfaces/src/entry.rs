//! Entry points that share their code.
//!
//! What cosmwasm-std's `#[entry_point]` makes of a function is compiled anew for each of them:
//! taking the arguments out of the contract's memory, reading them and writing the answer. Here
//! those with the same arguments are one, and a message is read from its [`Tree`] behind it. A
//! reply is read in the same way, where cosmwasm-std has a parser for every part of one.
//!
//! What the chain sends and gets is the same, errors included.

use cosmwasm_std::{Reply, StdError, StdErrorKind, StdResult, SubMsgResponse, SubMsgResult};

use crate::hooks::RawSudo;
use crate::json::{self, Lean, ReadJson, Refusal, Tree, Variants};

/// Exports the functions of these names as the contract's entry points, unless it is built with
/// the feature `library`. To stand where they are; in their signatures the message is a [`Lean`],
/// that of `sudo` a [`RawSudo`].
///
/// ```
/// # mod contract {
/// # use cosmwasm_std::{Binary, Deps, DepsMut, Empty, Env, MessageInfo, Response, StdResult};
/// # use interfaces::json::Lean;
/// interfaces::entry_points!(instantiate execute query);
///
/// # pub fn instantiate(_: DepsMut, _: Env, _: MessageInfo, _: Lean<Empty>) -> StdResult<Response> {
/// #     Ok(Response::new())
/// # }
/// # pub fn execute(_: DepsMut, _: Env, _: MessageInfo, _: Lean<Empty>) -> StdResult<Response> {
/// #     Ok(Response::new())
/// # }
/// pub fn query(_: Deps, _: Env, Lean(_): Lean<Empty>) -> StdResult<Binary> {
///     Ok(Binary::default())
/// }
/// # }
/// ```
#[macro_export]
macro_rules! entry_points {
    ($($name:ident)*) => {
        #[cfg(all(target_arch = "wasm32", not(feature = "library")))]
        mod exported {
            $($crate::entry_point!($name);)*
        }
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! entry_point {
    (instantiate) => {
        $crate::entry_point!(do_execute, instantiate, lean, info);
    };
    (execute) => {
        $crate::entry_point!(do_execute, execute, lean, info);
    };
    (query) => {
        $crate::entry_point!(do_query, query, lean);
    };
    (sudo) => {
        $crate::entry_point!(do_sudo, sudo, raw);
    };
    (reply) => {
        $crate::entry_point!(do_sudo, reply, reply);
    };
    (migrate) => {
        $crate::entry_point!(do_sudo, migrate, small);
    };
    ($shared:ident, $name:ident, $read:ident $(, $info:ident)?) => {
        #[unsafe(no_mangle)]
        extern "C" fn $name(env: u32, $($info: u32,)? message: u32) -> u32 {
            ::cosmwasm_std::$shared(
                &|deps, env, $($info,)? message| {
                    super::$name(deps, env, $($info,)? $crate::entry::$read(message)?)
                },
                env,
                $($info,)?
                message,
            )
        }
    };
}

/// The argument of an entry point, from its JSON.
///
/// # Errors
/// As the reader of its type.
#[doc(hidden)]
pub fn lean<T: ReadJson>(message: Tree) -> StdResult<Lean<T>> {
    message.value().map(Lean).map_err(unread)
}

/// The argument of `sudo`.
///
/// # Errors
/// Never.
#[doc(hidden)]
pub fn raw(message: RawSudo) -> StdResult<RawSudo> {
    Ok(message)
}

/// The argument of an entry point that shares its code with `sudo`.
///
/// # Errors
/// As the reader of its type.
#[doc(hidden)]
pub fn small<T: ReadJson>(message: RawSudo) -> StdResult<Lean<T>> {
    lean(json::parse(message.json())?)
}

/// The argument of `reply`, without what the message that it belongs to answered: no contract here
/// looks at events or data of others.
///
/// # Errors
/// When it is no reply.
#[doc(hidden)]
pub fn reply(message: RawSudo) -> StdResult<Reply> {
    small(message).map(|Lean(Told(reply))| reply)
}

struct Told(Reply);

impl ReadJson for Told {
    fn read_json(json: &mut Tree, refusal: &mut Refusal) -> Self {
        let mut fields = json.known_fields(&["id", "payload", "gas_used", "result"], refusal);
        Told(Reply {
            id: fields.next(),
            payload: fields.next_or_default(),
            gas_used: fields.next_or_default(),
            result: fields.next::<Outcome>().0,
        })
    }
}

struct Outcome(SubMsgResult);

impl ReadJson for Outcome {
    fn read_json(json: &mut Tree, refusal: &mut Refusal) -> Self {
        const VARIANTS: Variants = Variants {
            names: &["ok", "error"],
            fields: &[Some(&[]), None],
            no_others: false,
        };
        let mut variant = json.variant(&VARIANTS, refusal);
        Outcome(match variant.index() {
            0 =>
            {
                #[allow(deprecated, reason = "the field exists")]
                SubMsgResult::Ok(SubMsgResponse {
                    events: Vec::new(),
                    data: None,
                    msg_responses: Vec::new(),
                })
            }
            _ => SubMsgResult::Err(variant.content()),
        })
    }
}

/// The kind that cosmwasm-std gives to all that it cannot read.
#[cold]
#[inline(never)]
fn unread(error: StdError) -> StdError {
    StdError::msg(&*error).with_kind(StdErrorKind::Serialization)
}

#[cfg(test)]
mod tests {
    use cosmwasm_std::{Binary, Event, from_json, to_json_string};

    use super::*;

    fn raw_message(json: &str) -> RawSudo {
        from_json(json).unwrap()
    }

    fn as_read(json: &str) -> StdResult<Reply> {
        reply(raw_message(json))
    }

    #[test]
    fn a_failed_message_is_read_as_cosmwasm_reads_it() {
        let failed = Reply {
            id: 2,
            payload: Binary::from(b"whose"),
            gas_used: 7,
            result: SubMsgResult::Err("no \"such\" account".to_string()),
        };
        let json = to_json_string(&failed).unwrap();
        assert_eq!(as_read(&json).unwrap(), failed);
        assert_eq!(from_json::<Reply>(&json).unwrap(), failed);
    }

    #[test]
    fn what_a_message_answered_is_left_out() {
        #[allow(deprecated, reason = "the field exists")]
        let answered = SubMsgResponse {
            events: vec![Event::new("wasm").add_attribute("a", "b")],
            data: Some(Binary::from(b"data")),
            msg_responses: vec![],
        };
        let mut done = Reply {
            id: 1,
            payload: Binary::default(),
            gas_used: 0,
            result: SubMsgResult::Ok(answered),
        };
        let read = as_read(&to_json_string(&done).unwrap()).unwrap();
        let SubMsgResult::Ok(answered) = &mut done.result else {
            unreachable!()
        };
        answered.events.clear();
        #[allow(deprecated, reason = "the field exists")]
        answered.data.take();
        assert_eq!(read, done);
    }

    #[test]
    fn what_may_be_missing_is_as_in_cosmwasm() {
        let json = r#"{"id":5,"result":{"error":"x"},"later":[1]}"#;
        assert_eq!(as_read(json).unwrap(), from_json::<Reply>(json).unwrap());
    }

    #[test]
    fn what_cannot_be_read_is_refused_as_cosmwasm_refuses_it() {
        for json in [
            "{}",
            r#"{"id":1}"#,
            r#"{"id":1,"result":{"none":1}}"#,
            r#"{"id":1,"id":1,"result":{"error":"x"}}"#,
        ] {
            let refused = as_read(json).unwrap_err().to_string();
            let cosmwasm = from_json::<Reply>(json).unwrap_err().to_string();
            // Its parser adds where it was, ours has a tree.
            assert!(cosmwasm.starts_with(&refused), "{refused}; {cosmwasm}");
        }
    }

    #[test]
    fn arguments_are_refused_in_the_words_of_from_json() {
        #[derive(Debug, PartialEq, ReadJson)]
        struct Limit {
            limit: u32,
        }
        assert_eq!(
            lean(from_json(r#"{"limit":7}"#).unwrap()).unwrap(),
            Lean(Limit { limit: 7 })
        );
        for json in ["[]", "{}", r#"{"limit":-1}"#, r#"{"limit":4294967296}"#] {
            let expected = from_json::<Lean<Limit>>(json).unwrap_err().to_string();
            let tree = from_json(json).unwrap();
            assert_eq!(lean::<Limit>(tree).unwrap_err().to_string(), expected);
            let raw = raw_message(json);
            assert_eq!(small::<Limit>(raw).unwrap_err().to_string(), expected);
        }
    }
}
