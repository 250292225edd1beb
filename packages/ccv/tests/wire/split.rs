//! The consumer's own part.

use ccv::split::ConsumerSplit;
use cosmwasm_std::Decimal256;
use distribution_math::{Points, Rate};
use proptest::prelude::*;

use crate::{big, inputs, whole};

fn rate(text: &str) -> Rate {
    Rate::new(text.parse::<Decimal256>().unwrap()).unwrap()
}

#[test]
fn the_truncated_rest_favours_the_provider() {
    for (fees, consumer, provider) in [
        (1, 0, 1),
        (2, 1, 1),
        (99, 74, 25),
        (100, 75, 25),
        (101, 75, 26),
        (1_000_003, 750_002, 250_001),
    ] {
        let split = ConsumerSplit::new(fees, rate("0.75")).unwrap();
        assert_eq!(split.consumer, consumer, "{fees}");
        assert_eq!(split.provider, Points::from_coins(provider), "{fees}");
    }
}

#[test]
fn a_fraction_of_nothing_or_of_all_gives_all_to_one_side() {
    for fees in [0, 1, u128::MAX] {
        let provider = ConsumerSplit::new(fees, Rate::ZERO).unwrap();
        assert_eq!(
            (provider.consumer, provider.provider),
            (0, Points::from_coins(fees))
        );
        let consumer = ConsumerSplit::new(fees, Rate::ONE).unwrap();
        assert_eq!((consumer.consumer, consumer.provider), (fees, Points::ZERO));
    }
}

proptest! {
    #[test]
    fn the_consumer_gets_the_exact_floor_and_the_provider_the_rest(
        fees in inputs::tokens(),
        atomics in 0..=Rate::ATOMICS_PER_ONE,
    ) {
        let split = ConsumerSplit::new(fees, Rate::from_atomics(atomics).unwrap()).unwrap();
        let exact = whole(fees) * whole(atomics) / whole(Rate::ATOMICS_PER_ONE);
        prop_assert_eq!(whole(split.consumer), exact.floor());
        prop_assert_eq!(big(split.provider), big(Points::from_coins(fees - split.consumer)));
    }
}
