//! Compact storage encoding of integers: one byte with the length, then the big-endian bytes
//! without leading zeros.
//!
//! The bytes written to storage are most of what a message costs, and most amounts are far below
//! 256 bits.

use std::io;

use borsh::{BorshDeserialize, BorshSerialize};
use cosmwasm_std::{Uint64, Uint256};

use crate::{Points, Rate};

const WIDTH: usize = 32;

fn write(value: Uint256, writer: &mut impl io::Write) -> io::Result<()> {
    let bytes = value.to_be_bytes();
    let leading_zeros = bytes.iter().take_while(|byte| **byte == 0).count();
    let significant = bytes.get(leading_zeros..).unwrap_or_default();
    // The length is at most 32, so it fits into a byte.
    writer.write_all(&[significant.len() as u8])?;
    writer.write_all(significant)
}

fn read(reader: &mut impl io::Read) -> io::Result<Uint256> {
    let length = usize::from(u8::deserialize_reader(reader)?);
    let start = WIDTH.checked_sub(length).ok_or_else(|| {
        io::Error::new(io::ErrorKind::InvalidData, "integer of more than 32 bytes")
    })?;
    let mut bytes = [0u8; WIDTH];
    if let Some(significant) = bytes.get_mut(start..) {
        reader.read_exact(significant)?;
    }
    Ok(Uint256::from_be_bytes(bytes))
}

/// The same encoding for `u64` and `u128` fields, by `#[borsh(serialize_with, deserialize_with)]`.
///
/// ```
/// use borsh::{BorshDeserialize, BorshSerialize};
/// use distribution_math::compact;
///
/// #[derive(BorshSerialize, BorshDeserialize, PartialEq, Debug)]
/// struct Delegation {
///     #[borsh(serialize_with = "compact::write", deserialize_with = "compact::read")]
///     units: u128,
/// }
///
/// let bytes = borsh::to_vec(&Delegation { units: 258 }).unwrap();
/// assert_eq!(bytes, [2, 1, 2]); // the length, then 258 in two bytes
/// assert_eq!(borsh::from_slice::<Delegation>(&bytes).unwrap(), Delegation { units: 258 });
/// ```
pub mod compact {
    use std::io;

    use cosmwasm_std::{Uint128, Uint256};

    /// Writes an integer without its leading zeros.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn write<T: Copy + Into<u128>>(value: &T, writer: &mut impl io::Write) -> io::Result<()> {
        super::write(Uint256::from((*value).into()), writer)
    }

    /// Reads what [`write()`] wrote.
    ///
    /// # Errors
    /// Those of the reader, and `InvalidData` for an integer that is too large for the type.
    pub fn read<T: TryFrom<u128>>(reader: &mut impl io::Read) -> io::Result<T> {
        Uint128::try_from(super::read(reader)?)
            .ok()
            .and_then(|value| T::try_from(value.u128()).ok())
            .ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, "integer too large"))
    }
}

impl BorshSerialize for Points {
    fn serialize<W: io::Write>(&self, writer: &mut W) -> io::Result<()> {
        write(self.value(), writer)
    }
}

impl BorshDeserialize for Points {
    fn deserialize_reader<R: io::Read>(reader: &mut R) -> io::Result<Self> {
        read(reader).map(Points::new)
    }
}

impl BorshSerialize for Rate {
    fn serialize<W: io::Write>(&self, writer: &mut W) -> io::Result<()> {
        write(Uint256::from(self.atomics()), writer)
    }
}

impl BorshDeserialize for Rate {
    fn deserialize_reader<R: io::Read>(reader: &mut R) -> io::Result<Self> {
        Uint64::try_from(read(reader)?)
            .ok()
            .and_then(|atomics| Rate::from_atomics(atomics.u64()))
            .ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, "rate above 1"))
    }
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn points_survive_a_round_trip(bytes: [u8; 32], shift in 0u32..256) {
            let points = Points::new(Uint256::from_be_bytes(bytes) >> shift);
            let encoded = borsh::to_vec(&points).unwrap();
            prop_assert_eq!(borsh::from_slice::<Points>(&encoded).unwrap(), points);
        }

        #[test]
        fn arbitrary_bytes_never_panic(bytes: Vec<u8>) {
            let _ = borsh::from_slice::<Points>(&bytes);
            let _ = borsh::from_slice::<Rate>(&bytes);
        }
    }

    #[test]
    fn small_numbers_take_few_bytes() {
        assert_eq!(borsh::to_vec(&Points::ZERO).unwrap(), [0]);
        assert_eq!(
            borsh::to_vec(&Points::new(Uint256::from(258u128))).unwrap(),
            [2, 1, 2]
        );
        assert_eq!(borsh::to_vec(&Points::new(Uint256::MAX)).unwrap().len(), 33);
    }

    #[test]
    fn a_stored_rate_above_one_is_refused() {
        let bytes =
            borsh::to_vec(&Points::new(Uint256::from(1_000_000_000_000_000_001u128))).unwrap();
        assert!(borsh::from_slice::<Rate>(&bytes).is_err());
    }
}
