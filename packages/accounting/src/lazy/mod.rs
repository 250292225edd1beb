//! Lazy: entitlement from a share of everything a pool ever received, corrected by an adjustment.
//!
//! The idea: had nobody's shares ever changed and had nobody ever withdrawn, a recipient with `r`
//! of a distributor's `S` shares would be entitled to `r * E / S` of everything `E` that it ever
//! received, its *simple pool*. Whatever changes is accounted for in one number per claim, its
//! *adjustment* `A`, when the recipient next acts:
//!
//! ```text
//! simple_pool      = r * E / S                                      0 when S = 0
//! projected_pool   = r' * (E - R) / S' + r * R / S                  shares of before, until a change
//! adjustment      += simple_pool - projected_pool = (r / S - r' / S') * (E - R)
//! entitlement      = simple_pool - adjustment
//! a withdrawal     : W = floor(entitlement), adjustment += W        the proposer pool's first
//! ```
//!
//! Primed shares are those right before a change, and `R` is what was received after it. There are
//! three distributors: the global pool by power, the global pool in equal parts, and the proposer
//! pool of each validator, which is what it receives alone. With `s` the units of a delegation, `D`
//! those of all delegations of its validator, `T` the validator's weight and `c` its commission:
//!
//! | scenario | S | r |
//! |---|---|---|
//! | [`DelegationFromGlobalPool`](scenario::DelegationFromGlobalPool) | weight of all validators | `s * (T / D) * (1 - c)` |
//! | [`CommissionFromGlobalPool`](scenario::CommissionFromGlobalPool) | the same | `T * c` |
//! | [`UnownedFromGlobalPool`](scenario::UnownedFromGlobalPool) | the same | `T * (1 - c)` while D = 0 |
//! | [`DelegationFromProposerPool`](scenario::DelegationFromProposerPool) | D | `s * (1 - c)` |
//! | [`CommissionFromProposerPool`](scenario::CommissionFromProposerPool) | D | `D * c` |
//!
//! A weight is the power in the pool by power, and 1 for an active validator in the pool in equal
//! parts. While D = 0 a proposer receipt is split at once: the operator gets `c` of it, the
//! community pool the rest, and the proposer pool did not receive it.
//!
//! # Corrections
//!
//! The scheme is that of the first specification of the Cosmos SDK's distribution module. As it
//! stands there it pays wrong amounts. What was corrected, each with a test in
//! `tests/lazy/corrections.rs` that shows both numbers:
//!
//! | specified | here | because |
//! |---|---|---|
//! | `A += change` only `if change > 0` | `A += change` | a recipient whose share falls would lose what it earned with the larger one |
//! | `projected_pool = r' / S' * E + r / S * R` | `r' / S' * (E - R) + r / S * R` | `E` includes `R`: the latest receipt counted twice |
//! | `r = s * exchange rate * T * (1 - c)` | `r = s * (T / D) * (1 - c)` | tokens of the delegation times tokens of the validator is no number of tokens |
//! | `r' = tokens of the delegation before` | the same times `(1 - c')` | `r` is net of commission: without any change the two would differ |
//! | `r' = T' * c` of the commission | `T' * c'` | a new rate would apply to what was earned under the old one |
//! | commission is corrected by `validator.adjustment`, which its delegators' withdrawals raise | by a `commission_adjustment` of its own | each delegator's withdrawal would be charged to the operator |
//! | a change is found by its height, and holds the fees of its block, the totals and the delegation that caused it | by its sequence, with the validator's state, the totals and what was received, nothing of single delegations | several changes fall into a block, and a change of units or commission need not be one of power |
//! | what is pending is applied with the delegation that there is | with the units from before its change; then it changes, and its own entry is applied with the new ones | otherwise the new units earn from before they were there |
//! | `shares * height / (all shares * height)`, counted in `RecipientCount` and `GlobalCount` | heights and their counts are left out | they cancel, and at the first height they divide by 0 |
//! | a "provision pool" here and a proposer pool there | the proposer pool | it is one pool |
//! | the pool keeps what was paid | it is reduced by it | otherwise the same tokens are there twice |
//! | division by `S` | 0 when `S = 0`, and receipts to the community pool | a pool without validators, a validator without delegations |
//! | who has no shares is paid nothing, and a delegation that is gone is forgotten | `-A` is paid while `r = 0`, and a record stays until it is | what was earned before the last undelegation, or before a validator lost its power, would be lost |
//!
//! # Nobody walks
//!
//! As specified, whoever acts walks the log of all changes since it last acted. Then many small
//! delegations of somebody make everybody's withdrawal dear. The walk has running sums, so a claim
//! costs the same whatever others did:
//!
//! * Of other validators only powers matter. The change of `A` is `r * (1 / S - 1 / S') * E`, and
//!   while `r` stays it is enough to know by how much the sum `Z` of `(1 / S - 1 / S') * E` over
//!   all changes grew (`sums.rs`).
//! * Of the own validator its power matters to all its recipients alike: `V` is the adjustment of
//!   all of them together, whose share is `T`, and each has a part of it, `c` the operator and
//!   `s * (1 - c) / D` a delegation.
//! * Its units and its commission matter to each of its delegations by its units: `X` is the
//!   adjustment that a delegation of one unit would have. Since its own last change a delegation's
//!   adjustment grew by `s` times what `X` grew by.
//!
//! Each is written when the share changes that it stands for, and only then: `Z` and `V` with a
//! power, `X` with units or a rate, an adjustment with its own delegation. What happened above it
//! since is added when it is read (`view.rs`). A claim computes what is left to now in memory and
//! writes only what it takes. The [`log`] stays, its newest entries, and [`walk`] does with it what
//! was specified: the proof that the sums are the walk.
//!
//! # Rounding
//!
//! Shares are never rounded by themselves: every term is one division of integers in 512 bits.
//! Adjustments are rounded up and simple pools down, so no entitlement is ever above the exact
//! share. `E`, `Z` and the adjustments of claims are whole points. `V` and `X` count 10^-36 points:
//! `X` is multiplied by the units of each delegation, so that a point of it would be up to 10^30
//! points of a claim at each change of units or commission, which `tests/lazy/precision.rs` shows.
//!
//! So an entitlement is below the exact share by less than, in points: its validator's power and 1
//! for each change of another validator's power, 2 for each change of its own (of its units; of
//! anything of its validator for commission), and 2 for the claim itself. What all roundings leave
//! belongs to nobody: it is the pool's rounding reserve, which the audit shows.

mod adjustments;
mod delegation;
mod engine;
pub mod log;
mod pages;
mod records;
pub mod scenario;
mod sums;
mod validator;
mod view;
pub mod walk;

pub use adjustments::{PoolAdjustment, RecipientAdjustments};
pub(crate) use pages::OpenLog;

/// The lazy accounting.
pub struct Lazy;
