//! Addresses from names.

use bech32::primitives::decode::CheckedHrpstring;
use bech32::{Bech32, Hrp};
use cosmwasm_std::Addr;
use sha2::{Digest, Sha256};

use super::{ChainError, ChainResult};

/// How many bytes an account address has.
pub const NAME_BYTES: usize = 20;

/// What the prefix of operator addresses has behind that of accounts.
const OPERATOR: &str = "valoper";

/// How long a canonical address may be, in bytes: the Cosmos SDK's limit.
const MAX_BYTES: usize = 255;

/// The bytes of the account called `name`, on every chain: the first 20 bytes of SHA-256 of the
/// name.
#[must_use]
pub fn name_bytes(name: &str) -> [u8; NAME_BYTES] {
    let digest = Sha256::digest(name.as_bytes());
    let mut bytes = [0; NAME_BYTES];
    for (byte, from) in bytes.iter_mut().zip(digest) {
        *byte = from;
    }
    bytes
}

/// How one chain writes addresses: `<prefix>1..` for accounts and contracts, `<prefix>valoper1..`
/// for operators.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddressFormat {
    account: Hrp,
    operator: Hrp,
}

impl AddressFormat {
    /// The format of a chain with this account prefix.
    ///
    /// # Errors
    /// When the prefix is not a lower-case bech32 prefix that leaves room for `valoper`.
    pub fn new(prefix: &str) -> ChainResult<Self> {
        let parse = |text: &str| {
            Hrp::parse(text).map_err(|error| {
                ChainError::new(format!("{prefix:?} is no bech32 prefix: {error}"))
            })
        };
        if prefix.chars().any(|letter| letter.is_ascii_uppercase()) {
            return Err(ChainError::new(format!(
                "the prefix {prefix:?} is not in lower case"
            )));
        }
        Ok(Self {
            account: parse(prefix)?,
            operator: parse(&format!("{prefix}{OPERATOR}"))?,
        })
    }

    /// The format of the chain that writes an operator address like this one.
    ///
    /// # Errors
    /// When `operator` is no bech32 text, or its prefix is not an account prefix and `valoper`.
    pub fn of_operator(operator: &str) -> ChainResult<Self> {
        let prefix = operator.rsplit_once('1').map_or("", |(prefix, _)| prefix);
        let account = prefix.strip_suffix(OPERATOR).unwrap_or_default();
        if account.is_empty() {
            return Err(ChainError::new(format!(
                "{operator:?} is no operator address: those begin with the chain's prefix and {OPERATOR}1"
            )));
        }
        let format = Self::new(account)?;
        format.check_operator(operator)?;
        Ok(format)
    }

    /// The account prefix.
    #[must_use]
    pub fn prefix(&self) -> &str {
        self.account.as_str()
    }

    /// The address of the account called `name`.
    #[must_use]
    pub fn account(&self, name: &str) -> Addr {
        Addr::unchecked(encode_short(self.account, &name_bytes(name)))
    }

    /// The operator address with the bytes of the account called `name`.
    #[must_use]
    pub fn operator(&self, name: &str) -> String {
        encode_short(self.operator, &name_bytes(name))
    }

    /// The operator address with the same bytes as an account or contract address.
    ///
    /// # Errors
    /// When `account` is no account address of this chain.
    pub fn operator_of(&self, account: &Addr) -> ChainResult<String> {
        encode(self.operator, &decode(self.account, account.as_str())?)
    }

    /// The account address with the same bytes as an operator address.
    ///
    /// # Errors
    /// When `operator` is no operator address of this chain.
    pub fn account_of(&self, operator: &str) -> ChainResult<Addr> {
        encode(self.account, &decode(self.operator, operator)?).map(Addr::unchecked)
    }

    /// The bytes of an account or contract address.
    ///
    /// # Errors
    /// When it is no bech32 text, has another prefix or an impossible length.
    pub fn account_bytes(&self, address: &str) -> ChainResult<Vec<u8>> {
        decode(self.account, address)
    }

    /// The account address of these bytes.
    ///
    /// # Errors
    /// When there are none or more than 255 of them.
    pub fn account_from_bytes(&self, bytes: &[u8]) -> ChainResult<Addr> {
        encode(self.account, bytes).map(Addr::unchecked)
    }

    /// Refuses what is no operator address of this chain.
    ///
    /// # Errors
    /// When it is no bech32 text, has another prefix or an impossible length.
    pub fn check_operator(&self, operator: &str) -> ChainResult<()> {
        decode(self.operator, operator).map(drop)
    }
}

/// Encodes the bytes of a name.
#[expect(
    clippy::expect_used,
    reason = "a valid prefix and 20 bytes are far below bech32's length limit"
)]
fn encode_short(hrp: Hrp, bytes: &[u8; NAME_BYTES]) -> String {
    bech32::encode::<Bech32>(hrp, bytes).expect("a short address has an encoding")
}

fn encode(hrp: Hrp, bytes: &[u8]) -> ChainResult<String> {
    check_length(bytes)?;
    bech32::encode::<Bech32>(hrp, bytes)
        .map_err(|error| ChainError::new(format!("address cannot be encoded: {error}")))
}

fn decode(hrp: Hrp, text: &str) -> ChainResult<Vec<u8>> {
    let decoded = CheckedHrpstring::new::<Bech32>(text)
        .map_err(|error| ChainError::new(format!("{text:?} is no bech32 address: {error}")))?;
    if decoded.hrp() != hrp {
        return Err(ChainError::new(format!(
            "{text:?} has the prefix {}, not {hrp}",
            decoded.hrp()
        )));
    }
    let bytes: Vec<u8> = decoded.byte_iter().collect();
    check_length(&bytes)?;
    Ok(bytes)
}

fn check_length(bytes: &[u8]) -> ChainResult<()> {
    if bytes.is_empty() || bytes.len() > MAX_BYTES {
        return Err(ChainError::new(format!(
            "an address has 1 to {MAX_BYTES} bytes, not {}",
            bytes.len()
        )));
    }
    Ok(())
}
