//! How addresses are written on the chain that a contract is on.

use bech32::primitives::decode::{
    CheckedHrpstring, CheckedHrpstringError, UncheckedHrpstring, UncheckedHrpstringError,
};
use bech32::{Bech32, ByteIterExt, Fe32IterExt, Hrp};
use borsh::{BorshDeserialize, BorshSerialize};
use cosmwasm_schema::cw_serde;
use cosmwasm_std::Addr;

use super::{AddressBytes, AddressError, shown};

/// What follows the account prefix in the prefix of operator addresses.
const OPERATOR_SUFFIX: &str = "valoper";

/// How a validator is written.
#[cw_serde]
#[derive(Copy, Eq, BorshSerialize, BorshDeserialize)]
pub enum ValidatorForm {
    /// By its operator address, `..valoper1..`, as staking modules do.
    Operator,
    /// By the account with the same bytes, where there is no staking module.
    Account,
}

/// A validator as a caller named it.
///
/// Two names with the same bytes name the same validator, whatever their form.
#[derive(Clone, Copy, Debug)]
pub struct ValidatorName {
    /// Which validator.
    pub bytes: AddressBytes,
    /// How it was written.
    pub form: ValidatorForm,
}

/// Reads and writes the addresses of the chain that a contract is on.
///
/// Texts are bech32 (not bech32m) in lower case with a valid checksum and no stray bits, so that
/// every address has exactly one spelling.
#[derive(Clone, Copy, Debug)]
pub struct AddressCodec {
    account: Hrp,
    operator: Hrp,
}

/// A text that is well formed, with the prefix it has.
struct Decoded {
    prefix: Hrp,
    bytes: AddressBytes,
}

impl AddressCodec {
    /// Learns the chain's prefixes from a contract's own address, which is an account.
    ///
    /// # Errors
    /// [`AddressError::NoPrefix`] when that address is not bech32.
    pub fn of_contract(contract: &Addr) -> Result<Self, AddressError> {
        let no_prefix = |reason: String| AddressError::NoPrefix {
            address: shown(contract.as_str()),
            reason,
        };
        // The chain itself vouches for this address: its checksum need not be computed.
        let account = UncheckedHrpstring::new(contract.as_str())
            .map_err(|error| no_prefix(form_reason(&error)))?
            .hrp();
        let operator = Hrp::parse(&format!("{account}{OPERATOR_SUFFIX}"))
            .map_err(|error| no_prefix(error.to_string()))?;
        Ok(AddressCodec { account, operator })
    }

    /// Reads the address of an account.
    ///
    /// # Errors
    /// Any [`AddressError`]; an operator address is refused.
    pub fn account(&self, address: &str) -> Result<AddressBytes, AddressError> {
        let decoded = decode(address)?;
        if decoded.prefix != self.account {
            return Err(AddressError::ForeignPrefix {
                address: shown(address),
                found: decoded.prefix.to_string(),
                expected: self.account.to_string(),
            });
        }
        Ok(decoded.bytes)
    }

    /// Reads the name of a validator: its operator address, or the account with the same bytes.
    ///
    /// # Errors
    /// Any [`AddressError`].
    pub fn validator(&self, address: &str) -> Result<ValidatorName, AddressError> {
        let Decoded { prefix, bytes } = decode(address)?;
        let form = if prefix == self.operator {
            ValidatorForm::Operator
        } else if prefix == self.account {
            ValidatorForm::Account
        } else {
            return Err(AddressError::ForeignPrefix {
                address: shown(address),
                found: prefix.to_string(),
                expected: format!("{} or {}", self.operator, self.account),
            });
        };
        Ok(ValidatorName { bytes, form })
    }

    /// The account with these bytes; for a validator's bytes, its operator's account.
    pub fn show_account(&self, bytes: &AddressBytes) -> Addr {
        Addr::unchecked(encode(&self.account, bytes))
    }

    /// The validator with these bytes, written in the given form.
    pub fn show_validator(&self, bytes: &AddressBytes, form: ValidatorForm) -> String {
        match form {
            ValidatorForm::Operator => encode(&self.operator, bytes),
            ValidatorForm::Account => encode(&self.account, bytes),
        }
    }
}

fn decode(address: &str) -> Result<Decoded, AddressError> {
    // The format allows capitals throughout; a second spelling of one address is of no use here.
    if address.bytes().any(|byte| byte.is_ascii_uppercase()) {
        return Err(AddressError::NotLowerCase {
            address: shown(address),
        });
    }
    let checked = checked(address).map_err(|reason| AddressError::Malformed {
        address: shown(address),
        reason,
    })?;
    let data = checked.byte_iter();
    let length = data.len();
    let bytes = AddressBytes::collect(data).ok_or_else(|| AddressError::Length {
        address: shown(address),
        length,
    })?;
    Ok(Decoded {
        prefix: checked.hrp(),
        bytes,
    })
}

/// A text with a valid checksum and without stray bits.
fn checked(address: &str) -> Result<CheckedHrpstring<'_>, String> {
    let checked = CheckedHrpstring::new::<Bech32>(address).map_err(|error| reason(&error))?;
    match checked.validate_segwit_padding() {
        Ok(()) => Ok(checked),
        Err(error) => Err(error.to_string()),
    }
}

fn encode(prefix: &Hrp, bytes: &AddressBytes) -> String {
    bytes
        .as_slice()
        .iter()
        .copied()
        .bytes_to_fes()
        .with_checksum::<Bech32>(prefix)
        .chars()
        .collect()
}

/// The innermost reason, which the errors of the decoder show in some builds only.
fn reason(error: &CheckedHrpstringError) -> String {
    match error {
        CheckedHrpstringError::Parse(error) => form_reason(error),
        CheckedHrpstringError::Checksum(error) => error.to_string(),
        other => other.to_string(),
    }
}

fn form_reason(error: &UncheckedHrpstringError) -> String {
    match error {
        UncheckedHrpstringError::Char(error) => error.to_string(),
        UncheckedHrpstringError::Hrp(error) => error.to_string(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bech32::Bech32m;
    use proptest::prelude::*;

    const SHORT: usize = 20;
    const LONG: usize = 32;

    /// The bytes 1 to 20.
    const ACCOUNT: &str = "juno1qypqxpq9qcrsszg2pvxq6rs0zqg3yyc5fs09pq";

    fn codec(prefix: &str) -> AddressCodec {
        let contract = text::<Bech32>(prefix, &[7; LONG]);
        AddressCodec::of_contract(&Addr::unchecked(contract)).unwrap()
    }

    fn text<Ck: bech32::Checksum>(prefix: &str, bytes: &[u8]) -> String {
        bech32::encode::<Ck>(Hrp::parse(prefix).unwrap(), bytes).unwrap()
    }

    fn raw_address() -> impl Strategy<Value = Vec<u8>> {
        prop_oneof![
            prop::collection::vec(any::<u8>(), SHORT),
            prop::collection::vec(any::<u8>(), LONG),
        ]
    }

    #[test]
    fn the_operator_and_its_account_are_one_validator() {
        let codec = codec("juno");
        let operator = text::<Bech32>("junovaloper", &[1; SHORT]);
        let account = text::<Bech32>("juno", &[1; SHORT]);

        let by_operator = codec.validator(&operator).unwrap();
        let by_account = codec.validator(&account).unwrap();

        assert_eq!(by_operator.bytes, by_account.bytes);
        assert_eq!(by_operator.form, ValidatorForm::Operator);
        assert_eq!(by_account.form, ValidatorForm::Account);
        assert_eq!(codec.show_account(&by_operator.bytes).as_str(), account);
    }

    #[test]
    fn an_operator_address_is_no_account() {
        let operator = text::<Bech32>("junovaloper", &[1; SHORT]);
        let error = codec("juno").account(&operator).unwrap_err();
        assert_eq!(
            error.to_string(),
            format!("address {operator} has the prefix junovaloper, where juno is needed")
        );
    }

    #[test]
    fn addresses_of_other_chains_are_refused() {
        let codec = codec("juno");
        for prefix in [
            "cosmos",
            "cosmosvaloper",
            "junovalcons",
            "jun",
            "junovaloperx",
        ] {
            let address = text::<Bech32>(prefix, &[1; SHORT]);
            let expected = |expected: &str| AddressError::ForeignPrefix {
                address: address.clone(),
                found: prefix.to_string(),
                expected: expected.to_string(),
            };
            assert_eq!(codec.account(&address).unwrap_err(), expected("juno"));
            assert_eq!(
                codec.validator(&address).unwrap_err(),
                expected("junovaloper or juno")
            );
        }
    }

    #[test]
    fn capitals_are_refused_mixed_or_not() {
        let codec = codec("juno");
        let mixed = ACCOUNT.replacen('q', "Q", 1);
        for address in [ACCOUNT.to_uppercase(), mixed] {
            let error = codec.account(&address).unwrap_err();
            assert_eq!(error, AddressError::NotLowerCase { address });
        }
    }

    #[test]
    fn a_bech32m_checksum_is_refused() {
        let address = text::<Bech32m>("juno", &[1; SHORT]);
        let error = codec("juno").account(&address).unwrap_err();
        assert!(matches!(error, AddressError::Malformed { .. }), "{error}");
    }

    #[test]
    fn other_lengths_are_refused() {
        let codec = codec("juno");
        for length in [0, 1, 19, 21, 31, 33, 64] {
            let address = text::<Bech32>("juno", &vec![1; length]);
            assert_eq!(
                codec.account(&address).unwrap_err(),
                AddressError::Length { address, length }
            );
        }
        assert_eq!(
            codec.account("juno1").unwrap_err().to_string(),
            "address juno1 must be bech32 with a valid checksum: \
             the checksummed string is not a valid length"
        );
    }

    #[test]
    fn stray_bits_are_refused() {
        // 33 characters of data carry the same 20 bytes as 32, and 52 carry 4 bits more than 32
        // bytes: other spellings of the same bytes, with checksums that match.
        let spelling = |symbols: Vec<u8>| -> String {
            symbols
                .into_iter()
                .map(|symbol| bech32::Fe32::try_from(symbol).unwrap())
                .with_checksum::<Bech32>(&Hrp::parse("juno").unwrap())
                .chars()
                .collect()
        };
        let mut long = vec![0; 52];
        assert!(codec("juno").account(&spelling(long.clone())).is_ok());
        long[51] = 1;
        for symbols in [vec![0; 33], long] {
            let error = codec("juno").account(&spelling(symbols)).unwrap_err();
            assert!(matches!(error, AddressError::Malformed { .. }), "{error}");
        }
    }

    #[test]
    fn errors_name_the_reason_and_keep_inputs_short() {
        let codec = codec("juno");
        let message = |address: &str| codec.account(address).unwrap_err().to_string();
        assert_eq!(
            message("nobody"),
            "address nobody must be bech32 with a valid checksum: invalid character (code=o)"
        );
        assert_eq!(
            message(""),
            "address  must be bech32 with a valid checksum: \
             missing human-readable separator, \"1\""
        );
        assert!(message(&"q".repeat(100_000)).len() < 300);
    }

    #[test]
    fn a_contract_without_a_bech32_address_has_no_codec() {
        let contract = Addr::unchecked("contract0");
        let error = AddressCodec::of_contract(&contract).unwrap_err();
        assert!(matches!(error, AddressError::NoPrefix { .. }), "{error}");
        // 83 characters are the most a prefix can have, and the operator's is longer.
        let contract = Addr::unchecked(text::<Bech32>(&"a".repeat(80), &[1; LONG]));
        let error = AddressCodec::of_contract(&contract).unwrap_err();
        assert!(matches!(error, AddressError::NoPrefix { .. }), "{error}");
    }

    proptest! {
        #[test]
        fn every_address_is_read_back(bytes in raw_address(), prefix in "[a-z]{1,16}") {
            let codec = codec(&prefix);
            let address = AddressBytes::new(&bytes).unwrap();

            let account = codec.show_account(&address);
            prop_assert_eq!(account.as_str(), text::<Bech32>(&prefix, &bytes));
            prop_assert_eq!(codec.account(account.as_str()).unwrap(), address);

            for form in [ValidatorForm::Operator, ValidatorForm::Account] {
                let name = codec.validator(&codec.show_validator(&address, form)).unwrap();
                prop_assert_eq!(name.bytes, address);
                prop_assert_eq!(name.form, form);
            }
        }

        #[test]
        fn one_wrong_character_is_noticed(at in 5usize..43, to in "[02-9ac-hj-np-z]") {
            let mut address = ACCOUNT.to_string();
            prop_assume!(address[at..=at] != to);
            prop_assert!(codec("juno").account(&address).is_ok());
            address.replace_range(at..=at, &to);
            let error = codec("juno").account(&address).unwrap_err();
            prop_assert!(matches!(error, AddressError::Malformed { .. }), "{}", error);
        }

        /// Whatever is read is the one spelling of what it was read as.
        #[test]
        fn no_address_has_a_second_spelling(
            at in 0usize..=ACCOUNT.len(),
            removed in 0usize..4,
            inserted in "[qp1a-z0-9A-Z]{0,4}",
            suffix in ".{0,4}",
        ) {
            let (start, rest) = ACCOUNT.split_at(at);
            let rest = rest.get(removed..).unwrap_or_default();
            let input = format!("{start}{inserted}{rest}{suffix}");
            let codec = codec("juno");
            for input in [input.as_str(), &inserted, &suffix] {
                if let Ok(bytes) = codec.account(input) {
                    prop_assert_eq!(codec.show_account(&bytes).into_string(), input);
                }
            }
        }
    }
}
