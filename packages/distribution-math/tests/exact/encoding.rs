//! The storage encoding: whatever is written is read back.

use borsh::{BorshDeserialize, BorshSerialize};
use distribution_math::{ExchangeRate, MAX_UNITS, Points, RewardIndex, SignedPower, compact};
use proptest::prelude::*;

use crate::inputs;

#[derive(BorshSerialize, BorshDeserialize, Clone, Copy, Debug, PartialEq)]
struct Record {
    #[borsh(serialize_with = "compact::write", deserialize_with = "compact::read")]
    power: u64,
    #[borsh(serialize_with = "compact::write", deserialize_with = "compact::read")]
    units: u128,
}

fn there_and_back<T: BorshSerialize + BorshDeserialize>(value: &T) -> T {
    borsh::from_slice(&borsh::to_vec(value).unwrap()).unwrap()
}

proptest! {
    #[test]
    fn powers_and_units_come_back(power: u64, units: u128, shift in 0u32..64) {
        let record = Record { power: power >> shift, units: units >> (2 * shift) };
        prop_assert_eq!(there_and_back(&record), record);
    }

    #[test]
    fn rates_come_back(rate in inputs::rate(), rates in inputs::split_rates()) {
        prop_assert_eq!(there_and_back(&rate), rate);
        let back = there_and_back(&rates);
        prop_assert_eq!(back, rates);
        // And split as before.
        let power = SignedPower::new(7, 3);
        let fees = Points::from_coins(1_000);
        prop_assert_eq!(back.split(fees, power), rates.split(fees, power));
    }

    #[test]
    fn an_index_comes_back_with_its_carry(
        amount in inputs::points(),
        units in inputs::units(),
    ) {
        let mut index = RewardIndex::default();
        index.add(amount, units).unwrap();
        prop_assert_eq!(there_and_back(&index), index);
    }

    #[test]
    fn what_is_read_from_any_bytes_is_written_and_read_the_same(bytes: Vec<u8>) {
        if let Ok(record) = borsh::from_slice::<Record>(&bytes) {
            prop_assert_eq!(there_and_back(&record), record);
        }
    }
}

#[test]
fn the_edges_of_powers_and_units_come_back() {
    for power in [0, 1, (1 << 63) - 1, 1 << 63, u64::MAX] {
        for units in [0, 1, MAX_UNITS, u128::MAX] {
            let record = Record { power, units };
            assert_eq!(there_and_back(&record), record);
        }
    }
    for rate in [ExchangeRate::ONE, ExchangeRate::MIN] {
        assert_eq!(there_and_back(&rate), rate);
    }
}

#[test]
fn a_number_too_large_for_its_field_is_refused() {
    #[derive(BorshSerialize)]
    struct Wide {
        #[borsh(serialize_with = "compact::write")]
        power: u128,
        #[borsh(serialize_with = "compact::write")]
        units: u128,
    }
    let wide = Wide {
        power: u128::from(u64::MAX) + 1,
        units: 0,
    };
    let error = borsh::from_slice::<Record>(&borsh::to_vec(&wide).unwrap()).unwrap_err();
    assert_eq!(error.to_string(), "integer too large");
}

#[test]
fn an_integer_of_33_bytes_is_refused() {
    let mut bytes = vec![33];
    bytes.extend([1; 33]);
    let error = borsh::from_slice::<Points>(&bytes).unwrap_err();
    assert_eq!(error.to_string(), "integer of more than 32 bytes");
}
