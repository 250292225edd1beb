//! Random histories over both chains.

use proptest::prelude::*;

use super::*;

const CONSUMERS: [&str; 2] = ["c1", "c2"];
const VALIDATORS: [&str; 4] = ["v1", "v2", "v3", "v4"];
/// The consumers' denom on the provider: the provider's own coin from both.
const LOCAL: &str = "local";

#[derive(Clone, Debug)]
enum Step {
    /// A consumer's fees, and the proposer.
    Block(usize, u128, usize),
    Power(usize, usize, u64),
    /// What the unit of a consumer does next, and in case there is a choice which.
    Unit(usize, u8),
    /// A validator on the provider.
    Exists(usize, bool),
    Process(usize),
    Vanish(usize, usize),
    Pay(usize),
    Probe(usize),
    Unlist(usize),
    Orphan(usize),
}

fn step() -> impl Strategy<Value = Step> {
    let consumer = 0..CONSUMERS.len();
    let validator = 0..VALIDATORS.len();
    let fees = prop_oneof![0..20_u128, 0..10_u128.pow(20)];
    prop_oneof![
        6 => (consumer.clone(), fees, validator.clone())
            .prop_map(|(who, fees, proposer)| Step::Block(who, fees, proposer)),
        3 => (consumer.clone(), validator.clone(), 0..9_u64)
            .prop_map(|(who, validator, power)| Step::Power(who, validator, power)),
        9 => (consumer.clone(), 0..4_u8).prop_map(|(who, choice)| Step::Unit(who, choice)),
        2 => (validator.clone(), any::<bool>())
            .prop_map(|(validator, exists)| Step::Exists(validator, exists)),
        5 => consumer.clone().prop_map(Step::Process),
        1 => (consumer.clone(), validator.clone())
            .prop_map(|(who, validator)| Step::Vanish(who, validator)),
        3 => validator.prop_map(Step::Pay),
        1 => consumer.clone().prop_map(Step::Probe),
        1 => consumer.clone().prop_map(Step::Unlist),
        1 => consumer.prop_map(Step::Orphan),
    ]
}

/// A unit on the wire or in the provider's inbox.
#[derive(Clone)]
struct Sent {
    epoch: u64,
    weights: Vec<Weight>,
}

struct World {
    consumers: Vec<ConsumerLedger>,
    epochs: [u64; CONSUMERS.len()],
    /// The units that the provider has not processed, oldest first.
    inbox: Vec<Vec<Sent>>,
    provider: ProviderLedger,
    /// What was probed, which no consumer collected.
    probes: u128,
}

impl World {
    fn new() -> Self {
        let mut provider = ProviderLedger::default();
        provider.set_policy(CONSUMERS[1], Policy::Carry);
        let consumer = ConsumerLedger::new(params("0.75")).unwrap();
        Self {
            consumers: vec![consumer; CONSUMERS.len()],
            epochs: [0; CONSUMERS.len()],
            inbox: vec![Vec::new(); CONSUMERS.len()],
            provider,
            probes: 0,
        }
    }

    fn play(&mut self, step: &Step) {
        match *step {
            Step::Block(who, fees, proposer) => {
                self.consumers[who].fees(fees, VALIDATORS[proposer]);
            }
            Step::Power(who, validator, power) => {
                self.consumers[who].set_power(VALIDATORS[validator], power);
            }
            Step::Unit(who, choice) => self.move_unit(who, choice),
            Step::Exists(validator, exists) => {
                self.provider.set_exists(VALIDATORS[validator], exists);
            }
            Step::Process(who) => self.process(who),
            Step::Vanish(who, validator) => {
                // Refused for who has no unpaid share of the last unit.
                let _ = self
                    .provider
                    .vanish(CONSUMERS[who], LOCAL, VALIDATORS[validator]);
            }
            Step::Pay(validator) => self.pay(VALIDATORS[validator]),
            Step::Probe(who) => {
                self.probes += 1;
                self.provider
                    .arrive_probe(CONSUMERS[who], LOCAL, 1)
                    .unwrap();
            }
            Step::Unlist(who) => {
                self.provider.unlist(CONSUMERS[who], LOCAL);
            }
            Step::Orphan(who) => {
                if let Some(sent) = self.inbox[who].pop() {
                    let unit = local_unit(who, sent.epoch);
                    self.provider.resolve_orphan(&unit).unwrap();
                }
            }
        }
    }

    fn move_unit(&mut self, who: usize, choice: u8) {
        let ledger = &mut self.consumers[who];
        match (ledger.stage(DENOM), choice) {
            (None, _) => {
                let pools = ledger.totals(DENOM).pools;
                if pools >= ratio(1, 1) {
                    ledger.freeze(DENOM).unwrap();
                    self.epochs[who] += 1;
                }
            }
            (Some(UnitStage::Closing), _) => {
                let tokens = ledger.closing_tokens(DENOM).unwrap();
                // A system's sum may be just below a whole base unit.
                let tokens = if choice == 0 {
                    tokens.least
                } else {
                    tokens.exact
                };
                ledger.close(DENOM, tokens).unwrap();
            }
            (Some(UnitStage::Home), 0) => ledger.release(DENOM).unwrap(),
            (Some(UnitStage::Home), _) => ledger.send(DENOM).unwrap(),
            (Some(UnitStage::InFlight), 0) => {
                let tokens = ledger.totals(DENOM).in_flight;
                ledger.write_off(DENOM).unwrap();
                ledger.late_refund(DENOM, tokens).unwrap();
            }
            (Some(UnitStage::InFlight), 1) => ledger.refund(DENOM).unwrap(),
            (Some(UnitStage::InFlight), _) => self.arrive(who),
            (Some(UnitStage::Arrived), _) => ledger.deliver(DENOM).unwrap(),
        }
    }

    fn arrive(&mut self, who: usize) {
        let ledger = &mut self.consumers[who];
        let tokens = ledger.totals(DENOM).in_flight;
        let weights = ledger.weights_in_points(DENOM).unwrap();
        ledger.arrive(DENOM).unwrap();
        let epoch = self.epochs[who];
        self.provider
            .arrive(&local_unit(who, epoch), tokens)
            .unwrap();
        self.inbox[who].push(Sent { epoch, weights });
    }

    fn process(&mut self, who: usize) {
        if self.inbox[who].is_empty() {
            return;
        }
        let sent = self.inbox[who].remove(0);
        let unit = local_unit(who, sent.epoch);
        self.provider.process(&unit, &sent.weights).unwrap();
    }

    fn pay(&mut self, validator: &str) {
        let owed = self.provider.owed(validator, LOCAL);
        self.provider.pay(validator, LOCAL, owed).unwrap();
    }

    fn check(&self) {
        for (name, consumer) in CONSUMERS.iter().zip(&self.consumers) {
            let provider = [self.provider.totals(name, LOCAL)];
            check_two_chains(&consumer.totals(DENOM), &provider).unwrap();
        }
        self.provider.check_conservation(LOCAL).unwrap();
    }

    /// Sends, processes and pays everything there is.
    fn drain(&mut self) {
        for validator in VALIDATORS {
            self.provider.set_exists(validator, true);
        }
        for who in 0..CONSUMERS.len() {
            // Everything pending goes to somebody, and then on with a unit.
            self.consumers[who].set_power(VALIDATORS[0], 1);
            while self.consumers[who].stage(DENOM).is_some() {
                self.move_unit(who, 2);
            }
            self.consumers[who].fees(0, VALIDATORS[0]);
            self.move_unit(who, 2);
            while self.consumers[who].stage(DENOM).is_some() {
                self.move_unit(who, 2);
            }
            while !self.inbox[who].is_empty() {
                self.process(who);
            }
        }
        VALIDATORS.iter().for_each(|it| self.pay(it));
    }
}

fn local_unit(who: usize, epoch: u64) -> UnitId<'static> {
    UnitId {
        consumer: CONSUMERS[who],
        denom: LOCAL,
        epoch,
    }
}

proptest! {
    #[test]
    fn everything_collected_is_somewhere_once(steps in prop::collection::vec(step(), 0..80)) {
        let mut world = World::new();
        for step in &steps {
            world.play(step);
            world.check();
        }
    }

    #[test]
    fn everything_delivered_is_paid_but_the_carry(
        steps in prop::collection::vec(step(), 0..80),
    ) {
        let mut world = World::new();
        steps.iter().for_each(|step| world.play(step));
        world.drain();
        world.check();

        let mut provided = 0;
        let mut elsewhere = 0;
        for (name, consumer) in CONSUMERS.iter().zip(&world.consumers) {
            let totals = consumer.totals(DENOM);
            prop_assert_eq!(totals.held(), ratio(0, 1), "all of it is whole and left");
            provided += totals.collected - totals.consumer;
            let totals = world.provider.totals(name, LOCAL);
            prop_assert_eq!(totals.waiting, 0);
            elsewhere += totals.carry + totals.community + totals.resolved;
        }
        let paid: u128 = VALIDATORS.iter().map(|it| world.provider.paid(it, LOCAL)).sum();
        prop_assert_eq!(paid + elsewhere, provided + world.probes);
    }
}

#[test]
fn tokens_that_arrive_for_one_ledger_only_are_found() {
    let mut world = World::new();
    world.consumers[0].set_power("v1", 1);
    world.consumers[0].fees(100, "v1");
    world.consumers[0].closes();
    world.consumers[0].send(DENOM).unwrap();
    world.consumers[0].arrive(DENOM).unwrap();
    let provider = [world.provider.totals("c1", LOCAL)];
    let error = check_two_chains(&world.consumers[0].totals(DENOM), &provider).unwrap_err();
    assert_eq!(
        error.to_string(),
        "25 stake arrived by the consumer's ledger, 0 by the provider's"
    );
}
