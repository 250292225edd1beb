//! Two-step ownership of a contract, with the JSON of cw-ownable.
//!
//! A module of our own, because the crate `cw-ownable` has no release for cosmwasm-std 3.
//!
//! The owner offers the contract to an account, which becomes the owner by accepting: a mistyped
//! address cannot take it. An owner who renounces leaves the contract without one for ever.
//!
//! ```json
//! {"update_ownership": {"transfer_ownership": {"new_owner": "juno1..", "expiry": null}}}
//! {"update_ownership": "accept_ownership"}
//! {"update_ownership": "renounce_ownership"}
//! {"ownership": {}}
//! ```
//!
//! Beyond cw-ownable, an offer that has expired when it is made is refused.

use chain_types::text::head;
use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Addr, Attribute, BlockInfo, DepsMut, StdResult, Storage};
use cw_storage_plus::Item;
use cw_utils::Expiration;
use thiserror::Error;

use crate::KitError;

const OWNERSHIP: Item<Ownership> = Item::new("ownership");

/// Bytes of an input that an error repeats.
const SHOWN: usize = 128;

/// Who owns a contract, and to whom it is offered.
#[cw_serde]
pub struct Ownership {
    /// The owner, none when the ownership was renounced.
    pub owner: Option<Addr>,
    /// Whom the contract is offered to, none when there is no offer.
    pub pending_owner: Option<Addr>,
    /// When the offer ends, none when it does not or when there is no offer.
    pub pending_expiry: Option<Expiration>,
}

impl Ownership {
    /// What an event says of it: `owner`, `pending_owner` and `pending_expiry`, each `none` when
    /// absent.
    pub fn attributes(&self) -> [Attribute; 3] {
        let text = |value: Option<String>| value.unwrap_or_else(|| "none".to_string());
        [
            Attribute::new("owner", text(self.owner.as_ref().map(Addr::to_string))),
            Attribute::new(
                "pending_owner",
                text(self.pending_owner.as_ref().map(Addr::to_string)),
            ),
            Attribute::new(
                "pending_expiry",
                text(self.pending_expiry.as_ref().map(Expiration::to_string)),
            ),
        ]
    }
}

/// The argument of `update_ownership`.
#[cw_serde]
pub enum Action {
    /// Offers the contract to an account; an earlier offer is replaced. By the owner. An offer to
    /// the owner itself is how an earlier one is taken back.
    TransferOwnership {
        /// Who may accept.
        new_owner: String,
        /// Until when; without it the offer stands until it is accepted or replaced.
        expiry: Option<Expiration>,
    },
    /// Takes an offer, which ends it. By the account it was made to.
    AcceptOwnership,
    /// Leaves the contract without an owner, for ever; an offer ends as well. By the owner.
    RenounceOwnership,
}

/// Why something that only an owner may do was not done.
#[derive(Debug, Error)]
pub enum OwnershipError {
    /// Only the owner may do this.
    #[error("Unauthorized: {sender} is not the owner {owner}")]
    NotOwner {
        /// Who tried.
        sender: Addr,
        /// Who may.
        owner: Addr,
    },
    /// Only an owner may do this, and there is none any more.
    #[error("Unauthorized: {sender} cannot act as the owner, the ownership has been renounced")]
    NoOwner {
        /// Who tried.
        sender: Addr,
    },
    /// Only the account that the contract is offered to may accept.
    #[error("Unauthorized: {sender} cannot accept the ownership, it is offered to {pending_owner}")]
    NotPendingOwner {
        /// Who tried.
        sender: Addr,
        /// Who may.
        pending_owner: Addr,
    },
    /// There is nothing to accept.
    #[error("{sender} cannot accept the ownership, it is not offered to anybody")]
    NoOffer {
        /// Who tried.
        sender: Addr,
    },
    /// The offer was not taken in time.
    #[error("{sender} cannot accept the ownership, the offer has ended ({expiry})")]
    OfferExpired {
        /// Who tried.
        sender: Addr,
        /// When it ended.
        expiry: Expiration,
    },
    /// The offer could never be taken.
    #[error("the ownership cannot be offered until a time that has passed ({expiry})")]
    ExpiryPassed {
        /// When it would have ended.
        expiry: Expiration,
    },
    /// The contract cannot be offered to this address.
    #[error("the ownership cannot be offered to {address}: {reason}")]
    InvalidNewOwner {
        /// The address.
        address: String,
        /// What is wrong with it.
        reason: String,
    },
}

/// Sets the first owner. For instantiate only: it replaces whatever is stored.
///
/// # Errors
/// Storage errors.
pub fn initialize(storage: &mut dyn Storage, owner: Addr) -> StdResult<Ownership> {
    let ownership = Ownership {
        owner: Some(owner),
        pending_owner: None,
        pending_expiry: None,
    };
    OWNERSHIP.save(storage, &ownership)?;
    Ok(ownership)
}

/// Answers the query `ownership`.
///
/// # Errors
/// Storage errors.
pub fn query(storage: &dyn Storage) -> StdResult<Ownership> {
    OWNERSHIP.load(storage)
}

/// Passes for the owner alone.
///
/// # Errors
/// [`OwnershipError::NotOwner`] and [`OwnershipError::NoOwner`].
pub fn assert_owner(storage: &dyn Storage, sender: &Addr) -> Result<(), KitError> {
    Ok(query(storage)?.assert_owner(sender)?)
}

/// Executes `update_ownership` and returns what holds afterwards.
///
/// # Errors
/// [`KitError::Ownership`]; nothing is changed then.
pub fn update(
    deps: DepsMut<'_>,
    block: &BlockInfo,
    sender: &Addr,
    action: Action,
) -> Result<Ownership, KitError> {
    let current = query(deps.storage)?;
    let ownership = match action {
        Action::TransferOwnership { new_owner, expiry } => {
            current.assert_owner(sender)?;
            if let Some(expiry) = expiry.filter(|expiry| expiry.is_expired(block)) {
                return Err(OwnershipError::ExpiryPassed { expiry }.into());
            }
            let pending_owner = deps.api.addr_validate(&new_owner).map_err(|error| {
                OwnershipError::InvalidNewOwner {
                    address: head(&new_owner, SHOWN).to_string(),
                    reason: error.to_string(),
                }
            })?;
            Ownership {
                pending_owner: Some(pending_owner),
                pending_expiry: expiry,
                ..current
            }
        }
        Action::AcceptOwnership => current.accepted(block, sender)?,
        Action::RenounceOwnership => {
            current.assert_owner(sender)?;
            Ownership {
                owner: None,
                pending_owner: None,
                pending_expiry: None,
            }
        }
    };
    OWNERSHIP.save(deps.storage, &ownership)?;
    Ok(ownership)
}

impl Ownership {
    fn assert_owner(&self, sender: &Addr) -> Result<(), OwnershipError> {
        match &self.owner {
            Some(owner) if owner == sender => Ok(()),
            Some(owner) => Err(OwnershipError::NotOwner {
                sender: sender.clone(),
                owner: owner.clone(),
            }),
            None => Err(OwnershipError::NoOwner {
                sender: sender.clone(),
            }),
        }
    }

    fn accepted(self, block: &BlockInfo, sender: &Addr) -> Result<Ownership, OwnershipError> {
        let sender = sender.clone();
        let Some(pending_owner) = self.pending_owner else {
            return Err(OwnershipError::NoOffer { sender });
        };
        if pending_owner != sender {
            return Err(OwnershipError::NotPendingOwner {
                sender,
                pending_owner,
            });
        }
        if let Some(expiry) = self.pending_expiry.filter(|end| end.is_expired(block)) {
            return Err(OwnershipError::OfferExpired { sender, expiry });
        }
        Ok(Ownership {
            owner: Some(pending_owner),
            pending_owner: None,
            pending_expiry: None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use cosmwasm_std::testing::{MockApi, MockQuerier, MockStorage, mock_dependencies, mock_env};
    use cosmwasm_std::{Empty, OwnedDeps, Timestamp, from_json, to_json_string};

    struct Contract {
        deps: OwnedDeps<MockStorage, MockApi, MockQuerier, Empty>,
        block: BlockInfo,
    }

    impl Contract {
        fn owned_by(owner: &Addr) -> Self {
            let mut deps = mock_dependencies();
            initialize(&mut deps.storage, owner.clone()).unwrap();
            let block = BlockInfo {
                height: 100,
                time: Timestamp::from_seconds(1_000),
                ..mock_env().block
            };
            Contract { deps, block }
        }

        #[track_caller]
        fn act(&mut self, sender: &Addr, action: Action) -> Ownership {
            let updated = update(self.deps.as_mut(), &self.block, sender, action).unwrap();
            assert_eq!(query(&self.deps.storage).unwrap(), updated);
            updated
        }

        #[track_caller]
        fn refused(&mut self, sender: &Addr, action: Action) -> String {
            let before = query(&self.deps.storage).unwrap();
            let error = update(self.deps.as_mut(), &self.block, sender, action).unwrap_err();
            assert_eq!(query(&self.deps.storage).unwrap(), before);
            error.to_string()
        }

        fn owner_may_act(&self, sender: &Addr) -> bool {
            assert_owner(&self.deps.storage, sender).is_ok()
        }
    }

    fn account(name: &str) -> Addr {
        MockApi::default().addr_make(name)
    }

    fn offer(to: &Addr, expiry: Option<Expiration>) -> Action {
        Action::TransferOwnership {
            new_owner: to.to_string(),
            expiry,
        }
    }

    #[test]
    fn actions_have_the_json_of_cw_ownable() {
        for (action, json) in [
            (
                Action::TransferOwnership {
                    new_owner: "bob".to_string(),
                    expiry: None,
                },
                r#"{"transfer_ownership":{"new_owner":"bob","expiry":null}}"#,
            ),
            (
                Action::TransferOwnership {
                    new_owner: "bob".to_string(),
                    expiry: Some(Expiration::AtHeight(7)),
                },
                r#"{"transfer_ownership":{"new_owner":"bob","expiry":{"at_height":7}}}"#,
            ),
            (Action::AcceptOwnership, r#""accept_ownership""#),
            (Action::RenounceOwnership, r#""renounce_ownership""#),
        ] {
            assert_eq!(to_json_string(&action).unwrap(), json);
            assert_eq!(from_json::<Action>(json).unwrap(), action);
        }
        assert_eq!(
            from_json::<Action>(r#"{"transfer_ownership":{"new_owner":"bob"}}"#).unwrap(),
            Action::TransferOwnership {
                new_owner: "bob".to_string(),
                expiry: None,
            }
        );
    }

    #[test]
    fn the_answer_has_the_json_of_cw_ownable() {
        let ownership = Ownership {
            owner: Some(Addr::unchecked("alice")),
            pending_owner: Some(Addr::unchecked("bob")),
            pending_expiry: Some(Expiration::AtTime(Timestamp::from_nanos(5))),
        };
        assert_eq!(
            to_json_string(&ownership).unwrap(),
            r#"{"owner":"alice","pending_owner":"bob","pending_expiry":{"at_time":"5"}}"#
        );
        let nobody = Ownership {
            owner: None,
            pending_owner: None,
            pending_expiry: None,
        };
        assert_eq!(
            to_json_string(&nobody).unwrap(),
            r#"{"owner":null,"pending_owner":null,"pending_expiry":null}"#
        );
        let texts = |ownership: Ownership| ownership.attributes().map(|shown| shown.value);
        assert_eq!(
            texts(ownership),
            ["alice", "bob", "expiration time: 0.000000005"]
        );
        assert_eq!(texts(nobody), ["none", "none", "none"]);
    }

    #[test]
    fn the_owner_alone_is_the_owner() {
        let [alice, bob] = ["alice", "bob"].map(account);
        let contract = Contract::owned_by(&alice);
        assert!(contract.owner_may_act(&alice));
        assert_eq!(
            assert_owner(&contract.deps.storage, &bob)
                .unwrap_err()
                .to_string(),
            format!("Unauthorized: {bob} is not the owner {alice}")
        );
    }

    #[test]
    fn an_offer_changes_no_owner_until_it_is_accepted() {
        let [alice, bob] = ["alice", "bob"].map(account);
        let mut contract = Contract::owned_by(&alice);

        let offered = contract.act(&alice, offer(&bob, None));
        assert_eq!(offered.pending_owner, Some(bob.clone()));
        assert!(contract.owner_may_act(&alice));
        assert!(!contract.owner_may_act(&bob));

        let accepted = contract.act(&bob, Action::AcceptOwnership);
        assert_eq!(
            accepted,
            Ownership {
                owner: Some(bob.clone()),
                pending_owner: None,
                pending_expiry: None,
            }
        );
        assert!(!contract.owner_may_act(&alice));
        assert!(contract.owner_may_act(&bob));
    }

    #[test]
    fn only_the_owner_offers_and_renounces() {
        let [alice, bob] = ["alice", "bob"].map(account);
        let mut contract = Contract::owned_by(&alice);
        let expected = format!("Unauthorized: {bob} is not the owner {alice}");
        assert_eq!(contract.refused(&bob, offer(&bob, None)), expected);
        assert_eq!(contract.refused(&bob, Action::RenounceOwnership), expected);
    }

    #[test]
    fn only_whom_it_is_offered_to_accepts() {
        let [alice, bob, carol] = ["alice", "bob", "carol"].map(account);
        let mut contract = Contract::owned_by(&alice);
        assert_eq!(
            contract.refused(&bob, Action::AcceptOwnership),
            format!("{bob} cannot accept the ownership, it is not offered to anybody")
        );
        contract.act(&alice, offer(&bob, None));
        for sender in [&alice, &carol] {
            assert_eq!(
                contract.refused(sender, Action::AcceptOwnership),
                format!(
                    "Unauthorized: {sender} cannot accept the ownership, it is offered to {bob}"
                )
            );
        }
    }

    #[test]
    fn an_offer_ends_at_its_expiry() {
        let [alice, bob] = ["alice", "bob"].map(account);
        for expiry in [
            Expiration::AtHeight(105),
            Expiration::AtTime(Timestamp::from_seconds(1_005)),
        ] {
            let mut contract = Contract::owned_by(&alice);
            contract.act(&alice, offer(&bob, Some(expiry)));

            contract.block.height = 105;
            contract.block.time = Timestamp::from_seconds(1_005);
            assert_eq!(
                contract.refused(&bob, Action::AcceptOwnership),
                format!("{bob} cannot accept the ownership, the offer has ended ({expiry})")
            );

            contract.block.height = 104;
            contract.block.time = Timestamp::from_seconds(1_004);
            contract.act(&bob, Action::AcceptOwnership);
        }
    }

    #[test]
    fn an_offer_that_has_ended_is_not_made() {
        let [alice, bob] = ["alice", "bob"].map(account);
        let mut contract = Contract::owned_by(&alice);
        for expiry in [
            Expiration::AtHeight(100),
            Expiration::AtTime(Timestamp::from_seconds(1_000)),
        ] {
            assert_eq!(
                contract.refused(&alice, offer(&bob, Some(expiry))),
                format!("the ownership cannot be offered until a time that has passed ({expiry})")
            );
        }
        contract.act(&alice, offer(&bob, Some(Expiration::Never {})));
    }

    #[test]
    fn a_new_offer_replaces_the_old_one() {
        let [alice, bob, carol] = ["alice", "bob", "carol"].map(account);
        let mut contract = Contract::owned_by(&alice);
        contract.act(&alice, offer(&bob, Some(Expiration::AtHeight(200))));
        let replaced = contract.act(&alice, offer(&carol, None));
        assert_eq!(replaced.pending_owner, Some(carol.clone()));
        assert_eq!(replaced.pending_expiry, None);
        contract.refused(&bob, Action::AcceptOwnership);
        contract.act(&carol, Action::AcceptOwnership);
    }

    #[test]
    fn an_offer_to_oneself_takes_an_earlier_one_back() {
        let [alice, bob] = ["alice", "bob"].map(account);
        let mut contract = Contract::owned_by(&alice);
        contract.act(&alice, offer(&bob, None));
        contract.act(&alice, offer(&alice, None));
        contract.refused(&bob, Action::AcceptOwnership);
        let accepted = contract.act(&alice, Action::AcceptOwnership);
        assert_eq!(accepted.owner, Some(alice));
        assert_eq!(accepted.pending_owner, None);
    }

    #[test]
    fn renouncing_is_for_ever_and_ends_an_offer() {
        let [alice, bob] = ["alice", "bob"].map(account);
        let mut contract = Contract::owned_by(&alice);
        contract.act(&alice, offer(&bob, None));
        let renounced = contract.act(&alice, Action::RenounceOwnership);
        assert_eq!(renounced.owner, None);
        assert_eq!(renounced.pending_owner, None);

        contract.refused(&bob, Action::AcceptOwnership);
        for action in [offer(&alice, None), Action::RenounceOwnership] {
            assert_eq!(
                contract.refused(&alice, action),
                format!(
                    "Unauthorized: {alice} cannot act as the owner, \
                     the ownership has been renounced"
                )
            );
        }
        assert!(!contract.owner_may_act(&alice));
    }

    #[test]
    fn the_contract_is_not_offered_to_what_is_no_address() {
        let alice = account("alice");
        let mut contract = Contract::owned_by(&alice);
        let action = Action::TransferOwnership {
            new_owner: "nobody".to_string(),
            expiry: None,
        };
        let error = contract.refused(&alice, action);
        assert!(
            error.starts_with("the ownership cannot be offered to nobody: "),
            "{error}"
        );
    }
}
