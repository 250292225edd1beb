//! Accounts and validators by their raw bytes.
//!
//! The operator of a validator and the account behind it have the same bytes and differ in the
//! bech32 prefix only (`junovaloper1..` and `juno1..`). The contracts therefore store
//! [`AddressBytes`], and read and write texts with an [`AddressCodec`]. (The host's `addr_validate` knows
//! accounts only, and cannot make one form of an address into the other.)
//!
//! ```
//! use cosmwasm_std::Addr;
//! use chain_types::address::{AddressCodec, ValidatorForm};
//!
//! let contract = Addr::unchecked("juno1qypqxpq9qcrsszg2pvxq6rs0zqg3yyc5z5tpwxqergd3c8g7rusqr6tjsm");
//! let codec = AddressCodec::of_contract(&contract).unwrap();
//!
//! let delegator = "juno1qypqxpq9qcrsszg2pvxq6rs0zqg3yyc5fs09pq";
//! let bytes = codec.account(delegator).unwrap();
//! assert_eq!(codec.show_account(&bytes).as_str(), delegator);
//!
//! let operator = codec.show_validator(&bytes, ValidatorForm::Operator);
//! assert_eq!(operator, "junovaloper1qypqxpq9qcrsszg2pvxq6rs0zqg3yyc5kde26e");
//! assert_eq!(codec.validator(&operator).unwrap().bytes, bytes);
//! ```

mod bytes;
mod codec;

use thiserror::Error;

use crate::text::head;

pub use bytes::AddressBytes;
pub use codec::{AddressCodec, ValidatorForm, ValidatorName};

/// Bytes of an input that an error repeats.
const SHOWN: usize = 128;

/// Why a text or byte string is not the address of an account or validator.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum AddressError {
    /// The contract's own address has no bech32 prefix to learn the chain's prefixes from.
    #[error("address {address} of this contract has no bech32 prefix: {reason}")]
    NoPrefix {
        /// The address.
        address: String,
        /// What is wrong with it.
        reason: String,
    },
    /// Capital letters; one address has one spelling.
    #[error("address {address} must be in lower case")]
    NotLowerCase {
        /// The input.
        address: String,
    },
    /// Not bech32, or a wrong checksum.
    #[error("address {address} must be bech32 with a valid checksum: {reason}")]
    Malformed {
        /// The input.
        address: String,
        /// What is wrong with it.
        reason: String,
    },
    /// An address of another chain, or of another kind on this chain.
    #[error("address {address} has the prefix {found}, where {expected} is needed")]
    ForeignPrefix {
        /// The input.
        address: String,
        /// Its prefix.
        found: String,
        /// The prefixes that would do.
        expected: String,
    },
    /// Neither a short nor a long address.
    #[error("address {address} has {length} bytes, it must have 20 or 32")]
    Length {
        /// The input, in hex when it was bytes.
        address: String,
        /// How many bytes it has.
        length: usize,
    },
}

/// An input as an error repeats it.
fn shown(input: &str) -> String {
    head(input, SHOWN).to_string()
}
