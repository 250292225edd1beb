//! The ledger of a contract, as anybody can check it.
//!
//! Every contract answers two queries: `invariants {}` from running totals, and `audit
//! {start_after, limit}`, which recomputes the same totals from the records in pages. The sums of
//! all pages of an audit equal the liabilities that `invariants` shows.

use chain_types::address::AddressBytes;
use chain_types::asset::Asset;
use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Int512, Storage, Uint256};
use distribution_math::Points;
use distribution_math::points::POINTS_PER_COIN;

use crate::{KitError, undelivered};

/// What a contract owes of one asset to one class of claimants.
#[cw_serde]
#[derive(Eq)]
pub struct Liability {
    /// Who is owed or what for, such as `community_pool`, `undelivered` or `in_flight`.
    pub class: String,
    /// How much, in points: 10^-36 base units.
    pub points: Uint256,
}

impl Liability {
    /// Points owed to a class.
    pub fn new(class: &str, points: Points) -> Self {
        Liability {
            class: class.to_string(),
            points: points.value(),
        }
    }
}

/// What a contract holds and owes of one asset.
#[cw_serde]
#[derive(Eq)]
pub struct AssetLedger {
    /// The asset.
    pub asset: Asset,
    /// What the contract holds, in whole base units.
    pub balance: Uint256,
    /// What it owes; each class once.
    pub liabilities: Vec<Liability>,
    /// The balance less all liabilities, in points (10^-36 base units). What is above 0 was
    /// received and not yet taken in; below 0 the contract owes more than it has.
    pub difference: Int512,
}

impl AssetLedger {
    /// Takes the difference of a balance, in whole base units, and the liabilities.
    ///
    /// ```
    /// use cosmwasm_std::Uint256;
    /// use chain_types::asset::Asset;
    /// use pool_kit::audit::{AssetLedger, Liability};
    ///
    /// let owed = Liability {
    ///     class: "community_pool".to_string(),
    ///     points: Uint256::from(10u128).checked_pow(36).unwrap(),
    /// };
    /// let ledger = AssetLedger::new(Asset::Native("uatom".to_string()), Uint256::zero(), vec![owed]);
    /// assert_eq!(ledger.difference.to_string(), "-1000000000000000000000000000000000000");
    /// ```
    pub fn new(asset: Asset, balance: Uint256, liabilities: Vec<Liability>) -> Self {
        // Exact for every balance: 2^256 base units are below 2^376 points, and more than 2^254
        // classes would be needed for the sum to pass 2^511.
        let held = Int512::from(balance).saturating_mul(Int512::from(POINTS_PER_COIN));
        let difference = liabilities.iter().fold(held, |rest, liability| {
            rest.saturating_sub(Int512::from(liability.points))
        });
        AssetLedger {
            asset,
            balance,
            liabilities,
            difference,
        }
    }
}

/// Answer of `invariants`.
#[cw_serde]
#[derive(Eq)]
pub struct InvariantsResponse {
    /// One entry for each asset that the contract deals in.
    pub denoms: Vec<AssetLedger>,
}

/// The liabilities of one asset that one page of records makes up.
#[cw_serde]
#[derive(Eq)]
pub struct AssetAudit {
    /// The asset.
    pub asset: Asset,
    /// The sums over the page; classes without a record in it may be left out.
    pub liabilities: Vec<Liability>,
}

/// Answer of `audit`: the sums over one page of records.
#[cw_serde]
#[derive(Eq)]
pub struct AuditResponse {
    /// One entry for each asset that the page has records of.
    pub denoms: Vec<AssetAudit>,
    /// Where the next page starts (`start_after`), none when this was the last one.
    pub next: Option<String>,
}

/// Sums over one page of records, by asset and class.
pub struct AuditPage {
    classes: &'static [&'static str],
    assets: Vec<AssetAudit>,
}

impl AuditPage {
    /// A page without sums. Assets that are added later are listed in the order of their names,
    /// each with these classes.
    pub fn new(classes: &'static [&'static str]) -> Self {
        AuditPage {
            classes,
            assets: Vec::new(),
        }
    }

    /// Lists assets from the start, in this order, whether or not the page has records of them.
    #[must_use]
    pub fn listing(mut self, assets: impl IntoIterator<Item = Asset>) -> Self {
        let listed = assets.into_iter().map(|asset| self.empty(asset)).collect();
        self.assets = listed;
        self
    }

    fn empty(&self, asset: Asset) -> AssetAudit {
        let classes = self.classes.iter();
        AssetAudit {
            asset,
            liabilities: classes
                .map(|class| Liability::new(class, Points::ZERO))
                .collect(),
        }
    }

    /// Adds points that a record owes. A class that is not among those of the page is listed behind
    /// them.
    ///
    /// # Errors
    /// When a sum passes 256 bits, which the bound on receipts excludes.
    pub fn add(&mut self, asset: &Asset, class: &str, points: Points) -> Result<(), KitError> {
        let place = self.assets.iter().position(|sums| sums.asset == *asset);
        let place = place.unwrap_or_else(|| {
            let name = asset.to_string();
            let behind = |sums: &AssetAudit| sums.asset.to_string() < name;
            let place = self.assets.partition_point(behind);
            let sums = self.empty(asset.clone());
            self.assets.insert(place, sums);
            place
        });
        let Some(sums) = self.assets.get_mut(place) else {
            return Ok(());
        };
        match sums.liabilities.iter_mut().find(|it| it.class == class) {
            Some(sum) => sum.points = Points::new(sum.points).checked_add(points)?.value(),
            None => sums.liabilities.push(Liability::new(class, points)),
        }
        Ok(())
    }

    /// Adds what is undelivered to the next account behind `behind`, and returns that account; none
    /// behind the last.
    ///
    /// # Errors
    /// Unreadable records.
    pub fn add_undelivered(
        &mut self,
        storage: &dyn Storage,
        behind: Option<&AddressBytes>,
    ) -> Result<Option<AddressBytes>, KitError> {
        let Some(next) = undelivered::next_account(storage, behind)? else {
            return Ok(None);
        };
        for owed in &next.owed {
            let points = Points::try_from_coins(owed.amount)?;
            self.add(&owed.asset, UNDELIVERED, points)?;
        }
        Ok(Some(next.account))
    }

    /// The answer, with the place where the next page starts.
    pub fn answer(self, next: Option<String>) -> AuditResponse {
        AuditResponse {
            denoms: self.assets,
            next,
        }
    }
}

/// The class of payouts that failed.
pub const UNDELIVERED: &str = "undelivered";

/// Walks along records from a cursor on: `step` adds the record behind a cursor to the page and
/// returns the cursor of that record, none behind the last. Takes at most `limit` steps and returns
/// where the next page starts.
///
/// # Errors
/// Those of `step`.
pub fn walk<C, E>(
    start: C,
    limit: usize,
    mut step: impl FnMut(&C) -> Result<Option<C>, E>,
) -> Result<Option<C>, E> {
    let mut cursor = start;
    for _ in 0..limit {
        match step(&cursor)? {
            Some(next) => cursor = next,
            None => return Ok(None),
        }
    }
    Ok(Some(cursor))
}

#[cfg(test)]
mod tests {
    use super::*;
    use cosmwasm_std::{from_json, to_json_string};

    fn owed(class: &str, points: Uint256) -> Liability {
        Liability {
            class: class.to_string(),
            points,
        }
    }

    fn atom() -> Asset {
        Asset::Native("uatom".to_string())
    }

    #[test]
    fn invariants_have_their_json() {
        let answer = InvariantsResponse {
            denoms: vec![AssetLedger::new(
                atom(),
                Uint256::from(2u128),
                vec![
                    owed("community_pool", POINTS_PER_COIN),
                    owed("outstanding", Uint256::from(1u128)),
                ],
            )],
        };
        let json = r#"{"denoms":[{"asset":{"native":"uatom"},"balance":"2","liabilities":[{"class":"community_pool","points":"1000000000000000000000000000000000000"},{"class":"outstanding","points":"1"}],"difference":"999999999999999999999999999999999999"}]}"#;
        assert_eq!(to_json_string(&answer).unwrap(), json);
        assert_eq!(from_json::<InvariantsResponse>(json).unwrap(), answer);
    }

    #[test]
    fn audits_have_their_json() {
        let answer = AuditResponse {
            denoms: vec![AssetAudit {
                asset: Asset::Cw20("juno1x".to_string()),
                liabilities: vec![owed("outstanding", Uint256::from(7u128))],
            }],
            next: None,
        };
        let json = r#"{"denoms":[{"asset":{"cw20":"juno1x"},"liabilities":[{"class":"outstanding","points":"7"}]}],"next":null}"#;
        assert_eq!(to_json_string(&answer).unwrap(), json);
        assert_eq!(from_json::<AuditResponse>(json).unwrap(), answer);
    }

    #[test]
    fn one_point_too_much_owed_shows_as_a_negative_difference() {
        let above = POINTS_PER_COIN.checked_add(Uint256::one()).unwrap();
        let ledger = AssetLedger::new(atom(), Uint256::one(), vec![owed("outstanding", above)]);
        assert_eq!(ledger.difference.to_string(), "-1");
    }

    #[test]
    fn no_amount_is_too_great_for_the_difference() {
        let most = vec![owed("a", Uint256::MAX), owed("b", Uint256::MAX)];
        let ledger = AssetLedger::new(atom(), Uint256::MAX, most);
        // (2^256 - 1) * (10^36 - 2)
        let expected = Int512::from(Uint256::MAX)
            .checked_mul(Int512::from(POINTS_PER_COIN) - Int512::from(2u128))
            .unwrap();
        assert_eq!(ledger.difference, expected);
        let broke = AssetLedger::new(
            atom(),
            Uint256::zero(),
            vec![owed("a", Uint256::MAX), owed("b", Uint256::MAX)],
        );
        assert_eq!(
            broke.difference,
            Int512::zero() - Int512::from(Uint256::MAX) * Int512::from(2u128)
        );
    }
}
