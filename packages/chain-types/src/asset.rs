//! Assets: coins of the bank module and cw20 tokens.

use cosmwasm_schema::cw_serde;

/// What precedes the hash in the denom of a token that came over IBC.
const VOUCHER_PREFIX: &str = "ibc/";

/// What precedes the address in the name of a cw20 token.
const CW20_PREFIX: &str = "cw20:";

/// Characters of that hash, a SHA-256 in hex.
const VOUCHER_HASH: usize = 64;

/// An asset, `{"native":"uatom"}` or `{"cw20":"juno1.."}`.
///
/// Nothing is checked on reading: neither that a denom exists nor that the address is a contract.
#[cw_serde]
#[derive(Eq, PartialOrd, Ord, Hash)]
pub enum Asset {
    /// A denom of the bank module.
    Native(String),
    /// The address of a cw20 contract.
    Cw20(String),
}

impl std::fmt::Display for Asset {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Asset::Native(denom) => f.write_str(denom),
            Asset::Cw20(contract) => write!(f, "{CW20_PREFIX}{contract}"),
        }
    }
}

impl Asset {
    /// The asset with a name, which is how an asset is printed: a denom, or `cw20:` and an address.
    ///
    /// A denom that itself begins with `cw20:` has no name of its own; a contract that names assets
    /// refuses such a one.
    ///
    /// ```
    /// use chain_types::asset::Asset;
    ///
    /// let token = Asset::Cw20("juno1..".to_string());
    /// assert_eq!(token.to_string(), "cw20:juno1..");
    /// assert_eq!(Asset::of_name("cw20:juno1.."), token);
    /// assert_eq!(Asset::of_name("uatom"), Asset::Native("uatom".to_string()));
    /// ```
    pub fn of_name(name: &str) -> Self {
        match name.strip_prefix(CW20_PREFIX) {
            Some(contract) => Asset::Cw20(contract.to_string()),
            None => Asset::Native(name.to_string()),
        }
    }

    /// Whether a transfer of it may call somebody's contract before the transfer is over.
    ///
    /// A cw20 is a contract itself. Of the denoms, those of token factories (`factory/..`) can
    /// have a hook that is called on every transfer, and chains whose tokens carry extensions give
    /// them other compound names (`utoken-devcore1..`). Which chain the contract runs on is not
    /// known to it, so only names that no token of that kind has are taken as free of hooks: plain
    /// ones of ASCII letters and digits such as `uatom`, which belong to the chain itself, and IBC
    /// vouchers (`ibc/` and 64 hex digits), which the transfer module alone mints.
    ///
    /// ```
    /// use chain_types::asset::Asset;
    ///
    /// assert!(!Asset::Native("uatom".to_string()).is_hookable());
    /// assert!(Asset::Native("factory/juno1../gold".to_string()).is_hookable());
    /// assert!(Asset::Cw20("juno1..".to_string()).is_hookable());
    /// ```
    pub fn is_hookable(&self) -> bool {
        match self {
            Asset::Cw20(_) => true,
            Asset::Native(denom) => !is_plain(denom) && !is_voucher(denom),
        }
    }
}

fn is_plain(denom: &str) -> bool {
    !denom.is_empty() && denom.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

fn is_voucher(denom: &str) -> bool {
    denom.strip_prefix(VOUCHER_PREFIX).is_some_and(|hash| {
        hash.len() == VOUCHER_HASH && hash.bytes().all(|byte| byte.is_ascii_hexdigit())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use cosmwasm_std::{from_json, to_json_string};

    #[test]
    fn each_kind_has_its_json() {
        for (asset, json) in [
            (Asset::Native("uatom".to_string()), r#"{"native":"uatom"}"#),
            (Asset::Cw20("juno1x".to_string()), r#"{"cw20":"juno1x"}"#),
        ] {
            assert_eq!(to_json_string(&asset).unwrap(), json);
            assert_eq!(from_json::<Asset>(json).unwrap(), asset);
        }
    }

    #[test]
    fn plain_denoms_and_vouchers_cannot_be_hooked() {
        let voucher = format!("ibc/{}", "0A".repeat(32));
        for denom in ["uatom", "stake", "ujuno2", "UATOM", voucher.as_str()] {
            assert!(!Asset::Native(denom.to_string()).is_hookable(), "{denom}");
        }
    }

    #[test]
    fn every_other_denom_may_be_hooked() {
        let short = format!("ibc/{}", "A".repeat(63));
        let long = format!("ibc/{}", "A".repeat(65));
        let not_hex = format!("ibc/{}G", "A".repeat(63));
        let path = format!("ibc/{}/x", "A".repeat(64));
        for denom in [
            "factory/juno1abc/gold",
            "utoken-devcore1abc",
            "erc20:0xabc",
            "gamm.pool.1",
            "a_b",
            "ibc/",
            "üatom",
            "",
            &short,
            &long,
            &not_hex,
            &path,
        ] {
            assert!(Asset::Native(denom.to_string()).is_hookable(), "{denom}");
        }
    }

    #[test]
    fn every_cw20_may_be_hooked() {
        assert!(Asset::Cw20("uatom".to_string()).is_hookable());
    }
}
