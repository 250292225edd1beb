//! The ledger, as anybody can check it: `invariants` from running totals, `audit` from the records.

use chain_types::address::AddressBytes;
use chain_types::asset::Asset;
use chain_types::text::head;
use cosmwasm_std::Storage;
use distribution_math::Points;
use pool_kit::audit::{AssetLedger, AuditPage, AuditResponse, InvariantsResponse, Liability, walk};
use pool_kit::{DenomId, KitError, paging};
use validator_rewards::validator_set;

use crate::ContractError;
use crate::context::Context;
use crate::holdings;
use crate::ledger::Class;
use crate::state::{self, Pool};
use crate::weights;

/// What cursors into the weights begin with.
const WEIGHTS_CURSOR: &str = "weights/";

const CLASSES: &[&str] = &[
    Class::HoldingPools.name(),
    Class::ProviderPending.name(),
    Class::ConsumerPending.name(),
    Class::Unit.name(),
    Class::InFlight.name(),
];

/// The ledger from running totals: O(denoms).
///
/// # Errors
/// Unreadable records.
pub fn invariants(
    ctx: &Context,
    storage: &dyn Storage,
) -> Result<InvariantsResponse, ContractError> {
    let pool = Pool::load(storage)?;
    let mut denoms = Vec::new();
    for (denom, listed) in ctx.config.denoms.iter() {
        let ledger = pool.denoms.get(denom).ledger;
        let owed = Class::ALL.map(|class| Liability::new(class.name(), ledger.class(class)));
        let balance = ctx.chain.balance(&listed.name)?;
        denoms.push(AssetLedger::new(asset(ctx, denom), balance, owed.into()));
    }
    Ok(InvariantsResponse { denoms })
}

fn asset(ctx: &Context, denom: DenomId) -> Asset {
    Asset::Native(ctx.denom_name(denom).to_string())
}

/// Where a page of the audit starts: behind that record, or at the beginning.
enum Cursor {
    Validators(Option<AddressBytes>),
    /// Weights of units that are still being counted.
    Weights {
        denom: DenomId,
        behind: Option<String>,
    },
}

impl Cursor {
    fn read(ctx: &Context, start_after: &str) -> Result<Self, ContractError> {
        let invalid = || KitError::InvalidCursor {
            start_after: head(start_after, 128).to_string(),
        };
        let Some(weights) = start_after.strip_prefix(WEIGHTS_CURSOR) else {
            let validator = ctx.validator(start_after).map_err(|_| invalid())?;
            return Ok(Cursor::Validators(Some(validator)));
        };
        // A denom may have slashes, an address has none.
        let (denom, name) = weights.rsplit_once('/').ok_or_else(invalid)?;
        Ok(Cursor::Weights {
            denom: ctx.config.denoms.claimable(denom)?,
            behind: (!name.is_empty()).then(|| name.to_string()),
        })
    }

    fn show(&self, ctx: &Context) -> String {
        match self {
            // No page ends here: it has at least one record.
            Cursor::Validators(None) => String::new(),
            Cursor::Validators(Some(validator)) => ctx.show_validator(validator),
            Cursor::Weights { denom, behind } => {
                let behind = behind.as_deref().unwrap_or_default();
                format!("{WEIGHTS_CURSOR}{}/{behind}", ctx.denom_name(*denom))
            }
        }
    }
}

/// One page of records, added up.
struct Audit<'a> {
    ctx: &'a Context<'a>,
    storage: &'a dyn Storage,
    pool: Pool,
    page: AuditPage,
}

/// Recomputes the totals from one page of records: the validators, then the weights of units that
/// are being counted. What has no records of its own is in the first page. The sums of all pages,
/// taken at one height, equal the totals of [`invariants`].
///
/// # Errors
/// For a cursor of another list, and unreadable records.
pub fn audit(
    ctx: &Context,
    storage: &dyn Storage,
    start_after: Option<String>,
    limit: Option<u32>,
) -> Result<AuditResponse, ContractError> {
    let limit = paging::limit(limit)?;
    let assets = ctx.config.denoms.ids().map(|denom| asset(ctx, denom));
    let mut audit = Audit {
        ctx,
        storage,
        pool: Pool::load(storage)?,
        page: AuditPage::new(CLASSES).listing(assets),
    };
    let start = match start_after {
        Some(cursor) => Cursor::read(ctx, &cursor)?,
        None => {
            audit.add_totals()?;
            Cursor::Validators(None)
        }
    };
    let next = walk(start, limit, |cursor| audit.step(cursor))?;
    Ok(audit.page.answer(next.map(|cursor| cursor.show(ctx))))
}

impl Audit<'_> {
    fn add(&mut self, denom: DenomId, class: Class, points: Points) -> Result<(), ContractError> {
        Ok(self
            .page
            .add(&asset(self.ctx, denom), class.name(), points)?)
    }

    /// What has no records of its own: pending amounts, what is in flight, carries, and the coins of
    /// units whose weights are counted.
    fn add_totals(&mut self) -> Result<(), ContractError> {
        for denom in self.ctx.config.denoms.ids() {
            let record = self.pool.denoms.get(denom);
            let recorded = [
                Class::ProviderPending,
                Class::ConsumerPending,
                Class::InFlight,
            ];
            for class in recorded {
                self.add(denom, class, record.ledger.class(class))?;
            }
            self.add(denom, Class::HoldingPools, record.shared.carry()?)?;
            if let Some(unit) = state::load_unit(self.storage, denom)? {
                if unit.frozen().is_none() && unit.transfer().is_none() {
                    self.add(denom, Class::Unit, unit.coins()?)?;
                }
            }
        }
        Ok(())
    }

    fn step(&mut self, cursor: &Cursor) -> Result<Option<Cursor>, ContractError> {
        let (denom, behind) = match cursor {
            Cursor::Validators(behind) => {
                if let Some((validator, holdings)) = holdings::next(self.storage, behind.as_ref())?
                {
                    self.add_validator(&validator, &holdings)?;
                    return Ok(Some(Cursor::Validators(Some(validator))));
                }
                (None, None)
            }
            Cursor::Weights { denom, behind } => (Some(*denom), behind.as_deref()),
        };
        self.add_weight(denom, behind)
    }

    fn add_validator(
        &mut self,
        validator: &AddressBytes,
        holdings: &holdings::Holdings,
    ) -> Result<(), ContractError> {
        let power = validator_set::power(self.storage, validator)?;
        for denom in self.ctx.config.denoms.ids() {
            let unit = state::load_unit(self.storage, denom)?;
            let pool = holdings.pool(&self.pool, denom, unit.as_ref(), power)?;
            self.add(denom, Class::Unit, pool.closing)?;
            self.add(denom, Class::HoldingPools, pool.open)?;
        }
        Ok(())
    }

    /// Adds the next weight of a unit that is being counted: behind a name of `denom`, or of a later
    /// denom.
    fn add_weight(
        &mut self,
        from: Option<DenomId>,
        behind: Option<&str>,
    ) -> Result<Option<Cursor>, ContractError> {
        let denoms = self.ctx.config.denoms.ids();
        for denom in denoms.filter(|denom| from.is_none_or(|from| *denom >= from)) {
            let behind = behind.filter(|_| from == Some(denom));
            let Some(unit) = state::load_unit(self.storage, denom)? else {
                continue;
            };
            if unit.frozen().is_none() {
                continue;
            }
            if let Some(weight) = weights::next(self.storage, denom, unit.epoch(), behind)? {
                self.add(denom, Class::Unit, weight.weight())?;
                return Ok(Some(Cursor::Weights {
                    denom,
                    behind: Some(weight.validator().to_string()),
                }));
            }
        }
        Ok(None)
    }
}
