//! What happens to the consortium.

use testkit::poa_pool::{Income, NamedPower, PoaAction, PoaHandOver, PoaWithdrawal};

use crate::rng::Rng;

/// What there is of each denom.
pub const SUPPLY: u128 = 10u128.pow(36);
/// Denoms of the fees.
pub const DENOMS: [&str; 2] = ["uatom", "uusdc"];

/// A seeded story, block by block.
pub struct Story {
    rng: Rng,
    operators: Vec<Member>,
    former: Vec<String>,
    happened: Happened,
}

/// An operator of the consortium.
#[derive(Clone, Debug)]
struct Member {
    name: String,
    power: u64,
    /// One in so many blocks it withdraws; 0 when it leaves that to the last day.
    patience: u64,
}

/// How often what happened.
#[derive(Clone, Debug, Default)]
pub struct Happened {
    /// Transfers and deposits of fees.
    pub fees: u64,
    /// Batches of power changes.
    pub batches: u64,
    /// Powers that changed in them.
    pub changes: u64,
    /// Operators that lost all power.
    pub suspended: u64,
    /// Withdrawals.
    pub withdrawals: u64,
    /// Withdrawals that the receiver refused.
    pub refused: u64,
    /// Validators that changed hands.
    pub hand_overs: u64,
    /// Checkpoints by themselves.
    pub checkpoints: u64,
}

impl Story {
    /// The story of a seed.
    pub fn new(operators: u32, seed: u64) -> Self {
        let mut rng = Rng::new(seed);
        let operators = (1..=operators)
            .map(|number| Member {
                name: format!("operator-{number}"),
                power: rng.between(1, 1_000),
                // Every fifth never withdraws.
                patience: if number % 5 == 0 {
                    0
                } else {
                    rng.between(3, 60)
                },
            })
            .collect();
        Story {
            rng,
            operators,
            former: Vec::new(),
            happened: Happened::default(),
        }
    }

    /// The consortium as it begins.
    pub fn beginning(&self) -> PoaAction {
        PoaAction::Members {
            remove: vec![],
            add: self.operators.iter().map(Member::named).collect(),
        }
    }

    /// What happened so far.
    pub fn happened(&self) -> &Happened {
        &self.happened
    }

    /// What happens in the next block.
    pub fn block(&mut self) -> Vec<PoaAction> {
        let mut actions = vec![PoaAction::NextBlock];
        self.fees(&mut actions);
        if self.rng.below(4) == 0 {
            actions.extend(self.power_changes());
        }
        if self.rng.per_mille(8) {
            actions.extend(self.hand_over());
        }
        if self.rng.per_mille(50) {
            self.happened.checkpoints += 1;
            actions.push(PoaAction::Checkpoint);
        }
        self.withdrawals(&mut actions);
        actions
    }

    fn fees(&mut self, actions: &mut Vec<PoaAction>) {
        for (denom, most) in DENOMS.iter().zip([2_000_000, 90_000]) {
            self.happened.fees += 1;
            actions.push(PoaAction::Income(Income {
                denom: (*denom).to_string(),
                amount: u128::from(self.rng.between(1, most)),
                deposited: self.rng.below(2) == 0,
            }));
        }
    }

    fn power_changes(&mut self) -> Option<PoaAction> {
        let mut changes = Vec::new();
        for _ in 0..self.rng.between(1, 3) {
            let place = self.rng.below(self.operators.len() as u64) as usize;
            let power = if self.rng.below(8) == 0 {
                0
            } else {
                self.rng.between(1, 1_000)
            };
            let member = &mut self.operators[place];
            let is_named = changes
                .iter()
                .any(|change: &NamedPower| change.operator == member.name);
            if is_named || member.power == power {
                continue;
            }
            member.power = power;
            self.happened.changes += 1;
            self.happened.suspended += u64::from(power == 0);
            changes.push(member.named());
        }
        if self.operators.iter().all(|member| member.power == 0) {
            // Somebody stays: the pool refuses a set without power.
            let change = changes.last_mut()?;
            change.power = 1;
            let kept = self
                .operators
                .iter_mut()
                .find(|member| member.name == change.operator)?;
            kept.power = 1;
        }
        (!changes.is_empty()).then(|| {
            self.happened.batches += 1;
            PoaAction::Powers {
                powers: changes,
                by_id: self.rng.below(2) == 0,
            }
        })
    }

    /// By the admin at once, or offered by the operator and accepted.
    fn hand_over(&mut self) -> Vec<PoaAction> {
        let place = self.rng.below(self.operators.len() as u64) as usize;
        self.happened.hand_overs += 1;
        let new_operator = format!("heir-{}", self.happened.hand_overs);
        let operator = std::mem::replace(&mut self.operators[place].name, new_operator.clone());
        self.former.push(operator.clone());
        let hand_over = PoaHandOver {
            operator,
            new_operator: new_operator.clone(),
        };
        if self.rng.below(2) == 0 {
            vec![PoaAction::HandOver(hand_over)]
        } else {
            vec![PoaAction::Offer(hand_over), PoaAction::Accept(new_operator)]
        }
    }

    fn withdrawals(&mut self, actions: &mut Vec<PoaAction>) {
        let mut due: Vec<String> = Vec::new();
        for member in &self.operators {
            if member.patience > 0 && self.rng.below(member.patience) == 0 {
                due.push(member.name.clone());
            }
        }
        if self.rng.per_mille(20) {
            due.extend(self.rng.pick(&self.former).cloned());
        }
        for account in due {
            let refused = self.rng.per_mille(30);
            self.happened.withdrawals += 1;
            self.happened.refused += u64::from(refused);
            actions.push(PoaAction::Withdraw(PoaWithdrawal {
                refused,
                ..PoaWithdrawal::of(&account)
            }));
        }
    }
}

impl Member {
    fn named(&self) -> NamedPower {
        NamedPower {
            operator: self.name.clone(),
            power: self.power,
        }
    }
}
