//! Random histories of a pool, as values that shrink well.
//!
//! A [`History`] speaks of validators and delegators by small numbers and of amounts by
//! [`Size`]s. What a [`Step`] comes to is decided when it is played, from the state of then
//! ([`crate::play`]): so every step can be played whatever was dropped before it. What makes no sense
//! then, such as a delegation to a removed validator, the pool has to refuse.

use oracles::ledger::{FeeParams, Fraction};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::lists::lists;

/// A rate of 1, in 10^-18.
pub const ONE: u64 = 1_000_000_000_000_000_000;

/// The most units of a validator.
const MAX_UNITS: u128 = 10u128.pow(34);

/// As many participants as any history has, and the lowest exchange rate of tokens: a history whose
/// pool believes hooks stays below the bound on units by both, as a chain does.
const HOOKS_ROOM: u128 = 100 * 10u128.pow(9);

/// A number from 1 to a limit that only the player knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Size {
    /// 1.
    One,
    /// At most 10.
    Few(u8),
    /// At most the square root of the limit.
    Some(u64),
    /// Anything.
    Any(u128),
    /// The limit.
    Limit,
}

impl Size {
    /// The number, at most `limit`; 0 when that is 0.
    pub fn up_to(self, limit: u128) -> u128 {
        let below = |number: u128, limit: u128| 1 + number % limit.max(1);
        let size = match self {
            Size::One => 1,
            Size::Few(number) => below(number.into(), 10),
            Size::Some(number) => below(number.into(), limit.isqrt()),
            Size::Any(number) => below(number, limit),
            Size::Limit => limit,
        };
        size.min(limit)
    }
}

/// How large the numbers of a history are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scale {
    /// Fees of one denom in a block, at most.
    pub fees: u128,
    /// Power of one validator, at most; eight of them stay below 2^63.
    pub power: u64,
    /// Shares of one delegation, at most.
    pub shares: u128,
    /// The pool's `share_places`.
    pub share_places: u32,
}

impl Scale {
    /// The most shares that a validator can have in all.
    pub fn most_shares(&self) -> u128 {
        MAX_UNITS / 10u128.pow(self.share_places)
    }

    /// Whether nobody meets the bound on units, whatever a pool misses of what happens.
    fn fits_hooks(&self) -> bool {
        self.shares <= self.most_shares() / HOOKS_ROOM
    }
}

/// The params of a pool, in 10^-18.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rates {
    pub community_tax: u64,
    pub base_proposer_reward: u64,
    pub bonus_proposer_reward: u64,
    pub equal_share: u64,
}

/// A rate as messages have it.
pub fn decimal(atomics: u64) -> String {
    format!("{}.{:018}", atomics / ONE, atomics % ONE)
}

/// So much of a whole, rounded down.
pub fn part_of(whole: u128, atomics: u64) -> u128 {
    let (quotient, remainder) = (whole / u128::from(ONE), whole % u128::from(ONE));
    quotient * u128::from(atomics) + remainder * u128::from(atomics) / u128::from(ONE)
}

impl Rates {
    /// As the messages have them.
    pub fn json(&self) -> Value {
        json!({
            "community_tax": decimal(self.community_tax),
            "base_proposer_reward": decimal(self.base_proposer_reward),
            "bonus_proposer_reward": decimal(self.bonus_proposer_reward),
            "equal_share": decimal(self.equal_share),
        })
    }

    /// As the brute-force ledger has them.
    pub fn of_ledger(&self) -> FeeParams {
        let fraction = |atomics| Fraction::from_atomics(atomics).unwrap();
        FeeParams {
            community_tax: fraction(self.community_tax),
            base_proposer_reward: fraction(self.base_proposer_reward),
            bonus_proposer_reward: fraction(self.bonus_proposer_reward),
            equal_share: fraction(self.equal_share),
        }
    }
}

/// A validator at the start.
#[derive(Clone, Debug)]
pub struct Founder {
    pub commission: u64,
    pub power: Option<Size>,
    /// Shares of the first delegators, in their order.
    pub shares: Vec<Size>,
}

/// Who tells a pool of delegations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    Reporter,
    Juno,
    Neutron,
}

/// What happens to a pool before its activation.
#[derive(Clone, Debug)]
pub enum Moment {
    /// A page of the import, with funds.
    Page { lines: Vec<Line>, funds: Coins },
    /// An earlier page comes again, by a number that wraps around.
    Again { page: u8 },
    /// Staking goes on, and some try what has to wait.
    Step(Step),
}

/// A line of an import; what it says may be as wrong as anything.
#[derive(Clone, Debug)]
pub enum Line {
    Validator {
        seat: Seat,
        power: Option<Size>,
        commission: u64,
    },
    Delegation {
        who: Who,
        to: Seat,
        shares: Option<Amount>,
    },
    WithdrawAddress {
        who: Who,
        to: Who,
    },
    Rewards {
        who: Who,
        from: Seat,
        owed: Owed,
    },
    Commission {
        seat: Seat,
        owed: Owed,
    },
    CommunityPool {
        owed: Owed,
    },
}

/// A whole number, and 10^-18 of one.
pub type Amount = (Size, u64);

/// What an earlier pool owes, by denom.
pub type Owed = [Option<Amount>; 3];

/// What happens before a pool's activation, and the coins beyond what is missing then.
#[derive(Clone, Debug)]
pub struct Import {
    pub moments: Vec<Moment>,
    pub surplus: Coins,
}

/// How a history begins.
#[derive(Clone, Debug)]
pub struct Setup {
    pub scale: Scale,
    pub source: Source,
    /// Of a pool that is not active at once.
    pub import: Option<Import>,
    pub denoms: usize,
    pub rates: Rates,
    pub founders: Vec<Founder>,
    /// How many delegators there are beside the operators.
    pub delegators: usize,
}

/// A validator, by a number that wraps around.
pub type Seat = u8;
/// A delegator or operator, by a number that wraps around.
pub type Who = u8;

/// Fees or gifts, by denom.
pub type Coins = [Option<Size>; 3];

/// What a pool gets to know of who signed a block.
#[derive(Clone, Debug)]
pub enum Signed {
    /// Their power only.
    Power,
    /// All votes.
    Votes,
    /// All votes, of which some have other powers than the pool knows.
    ChangedVotes(Vec<Change>),
    /// Their power, and the powers that are other than the pool knows.
    ChangedPowers(Vec<Change>),
}

/// A validator with another power.
pub type Change = (Seat, Option<Size>);

/// What happens next.
#[derive(Clone, Debug)]
pub enum Step {
    Block {
        fees: Coins,
        proposer: Option<Seat>,
        /// One bit for each validator that did not sign.
        absent: u8,
        signed: Signed,
    },
    Withdraw {
        who: Who,
        from: Seat,
    },
    WithdrawAll {
        who: Who,
        page: u32,
    },
    WithdrawCommission {
        seat: Seat,
    },
    WithdrawValidator {
        seat: Seat,
    },
    Delegate {
        who: Who,
        to: Seat,
        shares: Size,
    },
    Undelegate {
        who: Who,
        from: Seat,
        part: u64,
    },
    Redelegate {
        who: Who,
        from: Seat,
        to: Seat,
        part: u64,
    },
    /// Everybody undelegates.
    Abandon {
        seat: Seat,
    },
    SetPower {
        seat: Seat,
        power: Size,
    },
    /// Several powers change at once.
    SetPowers {
        powers: Vec<Change>,
    },
    Jail {
        seat: Seat,
    },
    Unjail {
        seat: Seat,
    },
    /// Who is removed still votes, with the last power that it had.
    LateVotes,
    /// Nobody has power any more.
    JailAll,
    /// Everybody has power again.
    UnjailAll,
    /// Removed or, if it is removed already, created again.
    RemoveOrCreate {
        seat: Seat,
        commission: u64,
    },
    SetCommission {
        seat: Seat,
        commission: u64,
    },
    /// A part of the tokens is gone, and with it of the power.
    Slash {
        seat: Seat,
        fraction: u64,
    },
    Reward {
        seat: Seat,
        coins: Coins,
    },
    FundCommunityPool {
        coins: Coins,
    },
    SpendCommunityPool {
        amount: Size,
    },
    UpdateParams {
        rates: Rates,
    },
    SetWithdrawAddress {
        who: Who,
        to: Who,
    },
    /// Fees come in, and wait.
    Send {
        fees: Coins,
    },
    /// Hooks are lost on their way to a pool that believes them.
    LoseHooks {
        count: u8,
    },
    /// The owner of such a pool corrects what differs from the chain.
    Correct,
    /// Somebody has such a pool read a commission from the chain.
    Refresh {
        seat: Seat,
    },
}

/// A pool's life.
#[derive(Clone, Debug)]
pub struct History {
    pub steps: Vec<Step>,
    pub setup: Setup,
    /// Decides in which order everybody withdraws in the end.
    pub order: u64,
}

fn size() -> impl Strategy<Value = Size> {
    prop_oneof![
        2 => Just(Size::One),
        2 => any::<u8>().prop_map(Size::Few),
        3 => any::<u64>().prop_map(Size::Some),
        4 => any::<u128>().prop_map(Size::Any),
        1 => Just(Size::Limit),
    ]
}

/// From 0 to 1, in 10^-18.
pub fn rate() -> impl Strategy<Value = u64> {
    prop_oneof![
        2 => Just(0),
        4 => (0..=100u64).prop_map(|percent| percent * (ONE / 100)),
        4 => 0..=ONE,
        1 => Just(1),
        1 => Just(ONE - 1),
        1 => Just(ONE),
    ]
}

/// Rates of which tax, base and bonus are at most 1 together.
pub fn rates() -> impl Strategy<Value = Rates> {
    let of_rest = [rate(), rate(), rate()];
    let usual = (0..=5u64, 0..=5u64, 0..=10u64)
        .prop_map(|(tax, base, bonus)| [tax, base, bonus].map(|percent| percent * (ONE / 100)));
    let split = prop_oneof![3 => usual, 2 => of_rest];
    (split, prop_oneof![2 => Just(0), 1 => rate()]).prop_map(|(split, equal_share)| {
        let mut rest = ONE;
        let [community_tax, base_proposer_reward, bonus_proposer_reward] = split.map(|rate| {
            let taken = u64::try_from(part_of(rest.into(), rate)).unwrap();
            rest -= taken;
            taken
        });
        Rates {
            community_tax,
            base_proposer_reward,
            bonus_proposer_reward,
            equal_share,
        }
    })
}

fn coins() -> impl Strategy<Value = Coins> {
    let coin = || prop_oneof![1 => Just(None), 3 => size().prop_map(Some)];
    [coin(), coin(), coin()]
}

fn changes() -> impl Strategy<Value = Vec<Change>> {
    let change = (any::<Seat>(), prop::option::weighted(0.8, size()));
    prop::collection::vec(change, 1..4)
}

fn signed() -> impl Strategy<Value = Signed> {
    prop_oneof![
        4 => Just(Signed::Power),
        3 => Just(Signed::Votes),
        2 => changes().prop_map(Signed::ChangedVotes),
        2 => changes().prop_map(Signed::ChangedPowers),
    ]
}

fn block() -> BoxedStrategy<Step> {
    let absent = prop_oneof![Just(0), any::<u8>()];
    (
        coins(),
        prop::option::weighted(0.9, any::<Seat>()),
        absent,
        signed(),
    )
        .prop_map(|(fees, proposer, absent, signed)| Step::Block {
            fees,
            proposer,
            absent,
            signed,
        })
        .boxed()
}

/// Half of it, all of it, or any other part.
fn part() -> impl Strategy<Value = u64> {
    prop_oneof![1 => Just(ONE), 1 => Just(ONE / 2), 2 => rate()]
}

/// Somebody withdraws.
pub fn claim() -> BoxedStrategy<Step> {
    prop_oneof![
        4 => any::<(Who, Seat)>().prop_map(|(who, from)| Step::Withdraw { who, from }),
        2 => (any::<Who>(), 1..=4u32).prop_map(|(who, page)| Step::WithdrawAll { who, page }),
        2 => any::<Seat>().prop_map(|seat| Step::WithdrawCommission { seat }),
        1 => any::<Seat>().prop_map(|seat| Step::WithdrawValidator { seat }),
    ]
    .boxed()
}

fn delegation() -> BoxedStrategy<Step> {
    prop_oneof![
        4 => (any::<Who>(), any::<Seat>(), size())
            .prop_map(|(who, to, shares)| Step::Delegate { who, to, shares }),
        3 => (any::<Who>(), any::<Seat>(), part())
            .prop_map(|(who, from, part)| Step::Undelegate { who, from, part }),
        2 => (any::<Who>(), any::<Seat>(), any::<Seat>(), part())
            .prop_map(|(who, from, to, part)| Step::Redelegate { who, from, to, part }),
        1 => any::<Seat>().prop_map(|seat| Step::Abandon { seat }),
    ]
    .boxed()
}

fn validator() -> BoxedStrategy<Step> {
    prop_oneof![
        6 => (any::<Seat>(), size()).prop_map(|(seat, power)| Step::SetPower { seat, power }),
        3 => changes().prop_map(|powers| Step::SetPowers { powers }),
        2 => Just(Step::LateVotes),
        3 => any::<Seat>().prop_map(|seat| Step::Jail { seat }),
        4 => any::<Seat>().prop_map(|seat| Step::Unjail { seat }),
        1 => Just(Step::JailAll),
        3 => Just(Step::UnjailAll),
        4 => (any::<Seat>(), rate())
            .prop_map(|(seat, commission)| Step::RemoveOrCreate { seat, commission }),
        4 => (any::<Seat>(), rate())
            .prop_map(|(seat, commission)| Step::SetCommission { seat, commission }),
        2 => (any::<Seat>(), rate()).prop_map(|(seat, fraction)| Step::Slash { seat, fraction }),
    ]
    .boxed()
}

fn pool() -> BoxedStrategy<Step> {
    prop_oneof![
        4 => (any::<Seat>(), coins()).prop_map(|(seat, coins)| Step::Reward { seat, coins }),
        1 => coins().prop_map(|coins| Step::FundCommunityPool { coins }),
        1 => size().prop_map(|amount| Step::SpendCommunityPool { amount }),
        1 => rates().prop_map(|rates| Step::UpdateParams { rates }),
        1 => withdraw_address(),
        1 => coins().prop_map(|fees| Step::Send { fees }),
    ]
    .boxed()
}

fn withdraw_address() -> BoxedStrategy<Step> {
    any::<(Who, Who)>()
        .prop_map(|(who, to)| Step::SetWithdrawAddress { who, to })
        .boxed()
}

/// What happens to pools that believe hooks, and to no others.
fn hooks() -> BoxedStrategy<Step> {
    prop_oneof![
        3 => (1..6u8).prop_map(|count| Step::LoseHooks { count }),
        1 => Just(Step::Correct),
        1 => any::<Seat>().prop_map(|seat| Step::Refresh { seat }),
    ]
    .boxed()
}

/// Anything that may happen.
pub fn step() -> BoxedStrategy<Step> {
    prop_oneof![
        30 => block(),
        15 => claim(),
        20 => delegation(),
        25 => validator(),
        7 => pool(),
        5 => hooks(),
    ]
    .boxed()
}

fn amount() -> impl Strategy<Value = Amount> {
    (size(), prop_oneof![Just(0), 0..ONE])
}

fn owed() -> impl Strategy<Value = Owed> {
    let coin = || prop::option::weighted(0.7, amount());
    [coin(), coin(), coin()]
}

fn line() -> BoxedStrategy<Line> {
    prop_oneof![
        4 => (any::<Seat>(), prop::option::weighted(0.9, size()), rate())
            .prop_map(|(seat, power, commission)| Line::Validator { seat, power, commission }),
        6 => (any::<Who>(), any::<Seat>(), prop::option::weighted(0.9, amount()))
            .prop_map(|(who, to, shares)| Line::Delegation { who, to, shares }),
        2 => any::<(Who, Who)>().prop_map(|(who, to)| Line::WithdrawAddress { who, to }),
        5 => (any::<Who>(), any::<Seat>(), owed())
            .prop_map(|(who, from, owed)| Line::Rewards { who, from, owed }),
        3 => (any::<Seat>(), owed()).prop_map(|(seat, owed)| Line::Commission { seat, owed }),
        1 => owed().prop_map(|owed| Line::CommunityPool { owed }),
    ]
    .boxed()
}

fn moment() -> impl Strategy<Value = Moment> {
    let funds = prop_oneof![2 => Just([None; 3]), 1 => coins()];
    let step = prop_oneof![
        6 => validator(),
        6 => delegation(),
        2 => withdraw_address(),
        2 => hooks(),
        1 => claim(),
        1 => block(),
        1 => pool(),
    ];
    prop_oneof![
        4 => (prop::collection::vec(line(), 1..8), funds)
            .prop_map(|(lines, funds)| Moment::Page { lines, funds }),
        1 => any::<u8>().prop_map(|page| Moment::Again { page }),
        4 => step.prop_map(Moment::Step),
    ]
}

fn import() -> impl Strategy<Value = Import> {
    let surplus = prop_oneof![1 => Just([None; 3]), 1 => coins()];
    (lists(moment(), 10..=40), surplus).prop_map(|(moments, surplus)| Import { moments, surplus })
}

/// Small numbers: single base units matter everywhere, total stake is about a thousand.
pub fn small() -> impl Strategy<Value = Scale> {
    let fees = prop::sample::select(vec![10, 1_000, 10u128.pow(12)]);
    let power = prop::sample::select(vec![1, 10, 1_000]);
    let shares = prop::sample::select(vec![1, 10, 1_000]);
    (fees, power, shares).prop_map(|(fees, power, shares)| Scale {
        fees,
        power,
        shares,
        share_places: 18,
    })
}

/// Numbers of real chains, and those near the bounds of the arithmetic; rewards of a few base
/// units over the largest stakes as well.
pub fn large() -> impl Strategy<Value = Scale> {
    let fees = prop::sample::select(vec![1_000, 10u128.pow(12), 10u128.pow(27), 1 << 100]);
    let power = prop::sample::select(vec![100_000_000, 1 << 60]);
    let stake = prop::sample::select(vec![
        (10u128.pow(15), 18),
        (10u128.pow(15), 6),
        (10u128.pow(24), 6),
        (10u128.pow(24), 0),
    ]);
    (fees, power, stake).prop_map(|(fees, power, (shares, share_places))| Scale {
        fees,
        power,
        shares,
        share_places,
    })
}

fn founder() -> impl Strategy<Value = Founder> {
    (
        rate(),
        prop::option::weighted(0.9, size()),
        prop::collection::vec(size(), 0..4),
    )
        .prop_map(|(commission, power, shares)| Founder {
            commission,
            power,
            shares,
        })
}

/// A beginning with at most so many validators and delegators. Every second pool is active at once;
/// every second one whose stakes allow it believes hooks.
pub fn setup(
    scale: impl Strategy<Value = Scale>,
    participants: usize,
) -> impl Strategy<Value = Setup> {
    let source = prop_oneof![
        2 => Just(Source::Reporter),
        1 => Just(Source::Juno),
        1 => Just(Source::Neutron),
    ];
    (
        (scale, source, prop::option::weighted(0.5, import())),
        1..=3usize,
        rates(),
        prop::collection::vec(founder(), 1..=participants),
        1..=participants,
    )
        .prop_map(
            |((scale, source, import), denoms, rates, founders, delegators)| Setup {
                scale,
                source: if scale.fits_hooks() {
                    source
                } else {
                    Source::Reporter
                },
                import,
                denoms,
                rates,
                founders,
                delegators,
            },
        )
}

/// Histories of so many steps.
pub fn histories(
    setup: impl Strategy<Value = Setup>,
    steps: std::ops::RangeInclusive<usize>,
) -> impl Strategy<Value = History> {
    (lists(step(), steps), setup, any::<u64>()).prop_map(|(steps, setup, order)| History {
        steps,
        setup,
        order,
    })
}
