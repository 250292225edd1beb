//! The raw bytes of an address.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};

use borsh::io::{Error as IoError, ErrorKind, Read, Result as IoResult, Write};
use borsh::{BorshDeserialize, BorshSerialize};

use super::{AddressError, SHOWN};

/// Bytes of an address derived from a key.
const SHORT: usize = 20;

/// Bytes of the address of a contract or module, and the most an address has.
const LONG: usize = 32;

/// The raw bytes of an account or validator: 20 or 32 of them.
///
/// Ordered like the bytes, which is the order of storage keys. Borsh writes one byte of length and
/// the bytes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct AddressBytes {
    /// Zero from `length` on.
    bytes: [u8; LONG],
    length: u8,
}

impl AddressBytes {
    /// From raw bytes, such as a storage key.
    ///
    /// # Errors
    /// [`AddressError::Length`] unless there are 20 or 32.
    pub fn new(bytes: &[u8]) -> Result<Self, AddressError> {
        Self::collect(bytes.iter().copied()).ok_or_else(|| AddressError::Length {
            address: Hex(bytes.get(..SHOWN).unwrap_or(bytes)).to_string(),
            length: bytes.len(),
        })
    }

    /// The bytes, to be used as a storage key.
    pub fn as_slice(&self) -> &[u8] {
        self.bytes
            .get(..usize::from(self.length))
            .unwrap_or(&self.bytes)
    }

    /// `None` unless there are 20 or 32 bytes.
    pub(super) fn collect(source: impl ExactSizeIterator<Item = u8>) -> Option<Self> {
        let length = match source.len() {
            valid @ (SHORT | LONG) => u8::try_from(valid).ok()?,
            _ => return None,
        };
        let mut bytes = [0; LONG];
        for (place, byte) in bytes.iter_mut().zip(source) {
            *place = byte;
        }
        Some(AddressBytes { bytes, length })
    }
}

impl AsRef<[u8]> for AddressBytes {
    fn as_ref(&self) -> &[u8] {
        self.as_slice()
    }
}

impl Ord for AddressBytes {
    fn cmp(&self, other: &Self) -> Ordering {
        self.as_slice().cmp(other.as_slice())
    }
}

impl PartialOrd for AddressBytes {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Hash for AddressBytes {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_slice().hash(state);
    }
}

impl fmt::Debug for AddressBytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AddressBytes({})", Hex(self.as_slice()))
    }
}

impl BorshSerialize for AddressBytes {
    fn serialize<W: Write>(&self, writer: &mut W) -> IoResult<()> {
        writer.write_all(&[self.length])?;
        writer.write_all(self.as_slice())
    }
}

impl BorshDeserialize for AddressBytes {
    fn deserialize_reader<R: Read>(reader: &mut R) -> IoResult<Self> {
        let length = u8::deserialize_reader(reader)?;
        let mut bytes = [0; LONG];
        match (usize::from(length), bytes.get_mut(..usize::from(length))) {
            (SHORT | LONG, Some(place)) => reader.read_exact(place)?,
            _ => {
                return Err(IoError::new(
                    ErrorKind::InvalidData,
                    format!("an address of {length} bytes, it must have 20 or 32"),
                ));
            }
        }
        Ok(AddressBytes { bytes, length })
    }
}

/// Bytes in lower case hex.
struct Hex<'a>(&'a [u8]);

impl fmt::Display for Hex<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn raw_address() -> impl Strategy<Value = Vec<u8>> {
        prop_oneof![
            prop::collection::vec(any::<u8>(), SHORT),
            prop::collection::vec(any::<u8>(), LONG),
        ]
    }

    #[test]
    fn other_lengths_are_refused() {
        for length in [0, 1, 19, 21, 31, 33, 64] {
            assert!(AddressBytes::new(&vec![1; length]).is_err());
        }
        assert_eq!(
            AddressBytes::new(&[10, 255]).unwrap_err().to_string(),
            "address 0aff has 2 bytes, it must have 20 or 32"
        );
    }

    #[test]
    fn stored_bytes_of_a_wrong_length_are_refused() {
        for length in [0u8, 19, 21, 33, 255] {
            let stored = [vec![length], vec![1; usize::from(length)]].concat();
            assert!(borsh::from_slice::<AddressBytes>(&stored).is_err());
        }
        assert!(borsh::from_slice::<AddressBytes>(&[20, 1, 1]).is_err());
    }

    proptest! {
        #[test]
        fn one_byte_of_length_and_the_bytes_are_stored(bytes in raw_address()) {
            let address = AddressBytes::new(&bytes).unwrap();
            prop_assert_eq!(address.as_slice(), &bytes[..]);

            let stored = borsh::to_vec(&address).unwrap();
            let (length, rest) = stored.split_first().unwrap();
            prop_assert_eq!(usize::from(*length), bytes.len());
            prop_assert_eq!(rest, &bytes[..]);
            prop_assert_eq!(borsh::from_slice::<AddressBytes>(&stored).unwrap(), address);
        }

        #[test]
        fn the_order_is_that_of_the_bytes(left in raw_address(), right in raw_address()) {
            let order = AddressBytes::new(&left).unwrap().cmp(&AddressBytes::new(&right).unwrap());
            prop_assert_eq!(order, left.cmp(&right));
        }
    }
}
