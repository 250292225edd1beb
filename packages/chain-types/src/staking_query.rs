//! Queries of the chain's staking module.
//!
//! They are sent as JSON of our own: the `staking` feature of cosmwasm-std would make the contract
//! demand that module of every chain, and it must run on chains without it too. Answers are read
//! leniently: only the fields that are needed, whatever else a chain adds.

use cosmwasm_std::{
    ContractResult, Decimal256, QuerierWrapper, SystemResult, Uint256, from_json, to_json_vec,
};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::staking_event::CommissionTerms;
use crate::text::head;

/// Bytes of a reason that an error repeats.
const REASON: usize = 256;

/// The chain did not answer.
///
/// This says nothing about stake: the module may be missing, or the chain may refuse queries of
/// this kind. Callers keep what they know.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("the chain's staking module gave no answer that can be read: {reason}")]
pub struct NoAnswer {
    /// What came instead, cut to 256 bytes.
    pub reason: String,
}

/// The commission terms of a validator, by its operator address.
///
/// # Errors
/// [`NoAnswer`] when the chain knows no such validator, has no staking module, or answers something
/// that cannot be read.
pub fn validator(
    querier: &QuerierWrapper<'_>,
    operator: &str,
) -> Result<CommissionTerms, NoAnswer> {
    let query = StakingQuery::Validator { address: operator };
    let answer: ValidatorAnswer = ask(querier, query)?;
    let terms = answer.validator.ok_or_else(|| NoAnswer {
        reason: format!("no validator {}", head(operator, REASON)),
    })?;
    Ok(CommissionTerms {
        rate: terms.commission,
        max_rate: terms.max_commission,
        max_change_rate: terms.max_change_rate,
    })
}

/// Whether the chain's staking module knows a validator, whatever its status, by its operator address.
///
/// # Errors
/// [`NoAnswer`] when the chain has no staking module, refuses the address, or answers something that
/// cannot be read: silence is not absence.
pub fn validator_exists(querier: &QuerierWrapper<'_>, operator: &str) -> Result<bool, NoAnswer> {
    let query = StakingQuery::Validator { address: operator };
    let answer: PresenceAnswer = ask(querier, query)?;
    Ok(answer.validator.is_some())
}

/// What a delegation is worth now: base units of the staking token, floored by the chain.
///
/// 0 when the chain says that there is no such delegation.
///
/// # Errors
/// [`NoAnswer`] when the chain says nothing about it.
pub fn delegation_tokens(
    querier: &QuerierWrapper<'_>,
    delegator: &str,
    validator: &str,
) -> Result<Uint256, NoAnswer> {
    let query = StakingQuery::Delegation {
        delegator,
        validator,
    };
    let answer: DelegationAnswer = ask(querier, query)?;
    Ok(answer
        .delegation
        .map(|delegation| delegation.amount.amount)
        .unwrap_or_default())
}

#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum ChainQuery<'a> {
    Staking(StakingQuery<'a>),
}

#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum StakingQuery<'a> {
    Validator {
        address: &'a str,
    },
    Delegation {
        delegator: &'a str,
        validator: &'a str,
    },
}

#[derive(Deserialize)]
struct ValidatorAnswer {
    validator: Option<ValidatorTerms>,
}

/// The field is there whether or not the validator is: an answer without it says nothing.
#[derive(Deserialize)]
struct PresenceAnswer {
    #[serde(deserialize_with = "Option::deserialize")]
    validator: Option<serde::de::IgnoredAny>,
}

#[derive(Deserialize)]
struct ValidatorTerms {
    commission: Decimal256,
    max_commission: Decimal256,
    max_change_rate: Decimal256,
}

/// Chains leave `delegation` out when there is none, or send null.
#[derive(Deserialize)]
struct DelegationAnswer {
    delegation: Option<Delegation>,
}

#[derive(Deserialize)]
struct Delegation {
    amount: Amount,
}

#[derive(Deserialize)]
struct Amount {
    amount: Uint256,
}

fn ask<T: DeserializeOwned>(
    querier: &QuerierWrapper<'_>,
    query: StakingQuery<'_>,
) -> Result<T, NoAnswer> {
    let no_answer = |reason: String| NoAnswer {
        reason: head(&reason, REASON).to_string(),
    };
    let query = to_json_vec(&ChainQuery::Staking(query)).map_err(|e| no_answer(e.to_string()))?;
    match querier.raw_query(&query) {
        SystemResult::Ok(ContractResult::Ok(answer)) => {
            from_json(&answer).map_err(|error| no_answer(error.to_string()))
        }
        SystemResult::Ok(ContractResult::Err(error)) => Err(no_answer(error)),
        SystemResult::Err(error) => Err(no_answer(error.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use cosmwasm_std::{Binary, ContractResult, Querier, QuerierResult, SystemError, SystemResult};
    use proptest::prelude::*;
    use std::cell::RefCell;

    /// A chain that gives one answer to every question.
    struct Chain {
        answer: QuerierResult,
        asked: RefCell<String>,
    }

    impl Chain {
        fn answering(json: &str) -> Self {
            Self::replying(SystemResult::Ok(ContractResult::Ok(Binary::from(
                json.as_bytes(),
            ))))
        }

        fn replying(answer: QuerierResult) -> Self {
            Chain {
                answer,
                asked: RefCell::default(),
            }
        }

        fn validator(&self) -> Option<CommissionTerms> {
            validator(&QuerierWrapper::new(self), "junovaloper1v").ok()
        }

        fn tokens(&self) -> Result<Uint256, NoAnswer> {
            delegation_tokens(&QuerierWrapper::new(self), "juno1d", "junovaloper1v")
        }
    }

    impl Querier for Chain {
        fn raw_query(&self, request: &[u8]) -> QuerierResult {
            *self.asked.borrow_mut() = String::from_utf8(request.to_vec()).unwrap();
            self.answer.clone()
        }
    }

    const VALIDATOR: &str = r#"{"validator":{"address":"junovaloper1v","commission":"0.100000000000000000","max_commission":"0.200000000000000000","max_change_rate":"0.010000000000000000"}}"#;
    const DELEGATION: &str = r#"{"delegation":{"delegator":"juno1d","validator":"junovaloper1v","amount":{"denom":"ujuno","amount":"340282366920938463463374607431768211456"},"can_redelegate":{"denom":"ujuno","amount":"5"},"accumulated_rewards":[{"denom":"ujuno","amount":"7"}]}}"#;

    #[test]
    fn a_known_validator_has_its_terms() {
        let chain = Chain::answering(VALIDATOR);
        assert_eq!(
            chain.validator(),
            Some(CommissionTerms {
                rate: Decimal256::percent(10),
                max_rate: Decimal256::percent(20),
                max_change_rate: Decimal256::percent(1),
            })
        );
        assert_eq!(
            *chain.asked.borrow(),
            r#"{"staking":{"validator":{"address":"junovaloper1v"}}}"#
        );
    }

    #[test]
    fn an_unknown_validator_has_none() {
        assert_eq!(Chain::answering(r#"{"validator":null}"#).validator(), None);
    }

    #[test]
    fn only_an_answer_without_a_validator_is_absence() {
        let exists = |json: &str| {
            let chain = Chain::answering(json);
            let answer = validator_exists(&QuerierWrapper::new(&chain), "junovaloper1v");
            answer.map_err(|_| ())
        };
        assert_eq!(exists(VALIDATOR), Ok(true));
        assert_eq!(exists(r#"{"validator":null}"#), Ok(false));
        for silence in ["", "null", "{}", "7"] {
            assert_eq!(exists(silence), Err(()), "{silence}");
        }
        let refused = Chain::replying(SystemResult::Ok(ContractResult::Err("codespace".into())));
        assert!(validator_exists(&QuerierWrapper::new(&refused), "junovaloper1v").is_err());
    }

    #[test]
    fn a_delegation_has_its_tokens() {
        let chain = Chain::answering(DELEGATION);
        // 2^128, more than 128 bits hold.
        assert_eq!(
            chain.tokens().unwrap().to_string(),
            "340282366920938463463374607431768211456"
        );
        assert_eq!(
            *chain.asked.borrow(),
            r#"{"staking":{"delegation":{"delegator":"juno1d","validator":"junovaloper1v"}}}"#
        );
    }

    #[test]
    fn no_delegation_is_zero_tokens() {
        for json in [r#"{}"#, r#"{"delegation":null}"#] {
            assert_eq!(Chain::answering(json).tokens(), Ok(Uint256::zero()));
        }
    }

    #[test]
    fn silence_is_not_zero_tokens() {
        let refused = Chain::replying(SystemResult::Ok(ContractResult::Err("codespace".into())));
        let missing = Chain::replying(SystemResult::Err(SystemError::UnsupportedRequest {
            kind: "staking".into(),
        }));
        for chain in [
            refused,
            missing,
            Chain::answering(""),
            Chain::answering("null"),
            Chain::answering(r#"{"delegation":{}}"#),
            Chain::answering(r#"{"delegation":{"amount":{"amount":"-1"}}}"#),
            Chain::answering(r#"{"delegation":{"amount":{"amount":1}}}"#),
        ] {
            assert!(chain.tokens().is_err());
            assert_eq!(chain.validator(), None);
        }
    }

    #[test]
    fn the_reason_for_no_answer_is_told_and_kept_short() {
        let chain = Chain::replying(SystemResult::Err(SystemError::UnsupportedRequest {
            kind: "staking".into(),
        }));
        assert_eq!(
            chain.tokens().unwrap_err().to_string(),
            "the chain's staking module gave no answer that can be read: \
             Unsupported query type: staking"
        );
        let chain = Chain::replying(SystemResult::Ok(ContractResult::Err("x".repeat(10_000))));
        assert_eq!(chain.tokens().unwrap_err().reason.len(), REASON);
    }

    proptest! {
        #[test]
        fn no_answer_makes_it_fail(answer in any::<Vec<u8>>()) {
            let chain = Chain::replying(SystemResult::Ok(ContractResult::Ok(answer.into())));
            chain.validator();
            if let Err(error) = chain.tokens() {
                prop_assert!(error.reason.len() <= REASON);
            }
        }

        #[test]
        fn no_text_in_place_of_a_number_makes_it_fail(text in "\\PC{0,100}") {
            let quoted = serde_json::to_string(&text).unwrap();
            let terms = VALIDATOR.replace(r#""0.100000000000000000""#, &quoted);
            if let Some(terms) = Chain::answering(&terms).validator() {
                prop_assert_eq!(terms.max_rate, Decimal256::percent(20));
            }
            let tokens = format!(r#"{{"delegation":{{"amount":{{"amount":{quoted}}}}}}}"#);
            if let Ok(tokens) = Chain::answering(&tokens).tokens() {
                prop_assert_eq!(tokens, text.parse::<Uint256>().unwrap());
            }
        }
    }
}
