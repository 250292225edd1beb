//! The `Api` that contracts see: addresses of one chain, real signature checks.

use cosmwasm_std::testing::MockApi;
use cosmwasm_std::{
    Addr, Api, CanonicalAddr, RecoverPubkeyError, StdError, StdResult, VerificationError,
};

use super::{AddressFormat, ChainError};

/// Addresses of one chain, with a prefix chosen at run time.
///
/// (The `Api`s of `cw-multi-test` and `cosmwasm-std` want a prefix known when the program is
/// compiled.) Signature functions are those of `cosmwasm-std`; those that only newer chains have
/// (`cosmwasm_2_1`) are not there.
#[derive(Clone)]
pub struct ChainApi {
    addresses: AddressFormat,
    crypto: MockApi,
}

impl ChainApi {
    /// The `Api` of a chain that writes addresses in this format.
    #[must_use]
    pub fn new(addresses: AddressFormat) -> Self {
        Self {
            addresses,
            crypto: MockApi::default(),
        }
    }

    /// How this chain writes addresses.
    #[must_use]
    pub fn addresses(&self) -> &AddressFormat {
        &self.addresses
    }
}

impl Api for ChainApi {
    fn addr_validate(&self, human: &str) -> StdResult<Addr> {
        let normalized = self.addr_humanize(&self.addr_canonicalize(human)?)?;
        if normalized.as_str() != human {
            return Err(StdError::msg(format!("address not normalized: {human:?}")));
        }
        Ok(normalized)
    }

    fn addr_canonicalize(&self, human: &str) -> StdResult<CanonicalAddr> {
        self.addresses
            .account_bytes(human)
            .map(CanonicalAddr::from)
            .map_err(std_error)
    }

    fn addr_humanize(&self, canonical: &CanonicalAddr) -> StdResult<Addr> {
        self.addresses
            .account_from_bytes(canonical.as_slice())
            .map_err(std_error)
    }

    fn secp256k1_verify(
        &self,
        message_hash: &[u8],
        signature: &[u8],
        public_key: &[u8],
    ) -> Result<bool, VerificationError> {
        self.crypto
            .secp256k1_verify(message_hash, signature, public_key)
    }

    fn secp256k1_recover_pubkey(
        &self,
        message_hash: &[u8],
        signature: &[u8],
        recovery_param: u8,
    ) -> Result<Vec<u8>, RecoverPubkeyError> {
        self.crypto
            .secp256k1_recover_pubkey(message_hash, signature, recovery_param)
    }

    fn ed25519_verify(
        &self,
        message: &[u8],
        signature: &[u8],
        public_key: &[u8],
    ) -> Result<bool, VerificationError> {
        self.crypto.ed25519_verify(message, signature, public_key)
    }

    fn ed25519_batch_verify(
        &self,
        messages: &[&[u8]],
        signatures: &[&[u8]],
        public_keys: &[&[u8]],
    ) -> Result<bool, VerificationError> {
        self.crypto
            .ed25519_batch_verify(messages, signatures, public_keys)
    }

    /// Prints to standard error, so that a contract's words do not mix with a command's output.
    fn debug(&self, message: &str) {
        eprintln!("{message}");
    }
}

fn std_error(error: ChainError) -> StdError {
    StdError::msg(error)
}
