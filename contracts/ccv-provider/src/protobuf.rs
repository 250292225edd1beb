//! The messages of chain modules that pay, as the chain's protobuf has them.

use anybuf::Anybuf;
use cosmwasm_std::{AnyMsg, Coin};

/// x/distribution: coins for a validator, which its commission and its delegators share.
pub fn deposit_validator_rewards_pool(depositor: &str, validator: &str, coin: &Coin) -> AnyMsg {
    any(
        "/cosmos.distribution.v1beta1.MsgDepositValidatorRewardsPool",
        Anybuf::new()
            .append_string(1, depositor)
            .append_string(2, validator)
            .append_message(3, &encode(coin)),
    )
}

/// x/distribution: coins for its community pool. (Refused where x/protocolpool has taken its place.)
pub fn fund_community_pool(depositor: &str, coin: &Coin) -> AnyMsg {
    any(
        "/cosmos.distribution.v1beta1.MsgFundCommunityPool",
        Anybuf::new()
            .append_message(1, &encode(coin))
            .append_string(2, depositor),
    )
}

/// x/protocolpool: coins for its community pool. Its fields have the other order.
pub fn fund_protocol_pool(depositor: &str, coin: &Coin) -> AnyMsg {
    any(
        "/cosmos.protocolpool.v1.MsgFundCommunityPool",
        Anybuf::new()
            .append_string(1, depositor)
            .append_message(2, &encode(coin)),
    )
}

/// `cosmos.base.v1beta1.Coin`.
fn encode(coin: &Coin) -> Anybuf {
    Anybuf::new()
        .append_string(1, &coin.denom)
        .append_string(2, coin.amount.to_string())
}

fn any(type_url: &str, message: Anybuf) -> AnyMsg {
    AnyMsg {
        type_url: type_url.to_string(),
        value: message.into_vec().into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DENOM: &str = "ibc/27394FB092D2ECCD56123C74F36E4C1F926001CEADA9CA97EA622B25F41E5EB2";
    const DEPOSITOR: &str = "cosmwasm1contract";

    /// The coin of all messages here, as the SDK's types encode it.
    const COIN: &str = "0a446962632f3237333934464230393244324543434435363132334337344633\
        364534433146393236303031434541444139434139374541363232423235463431453545423212\
        0d31323334353637383930313233";
    /// The depositor's text.
    const DEPOSITOR_HEX: &str = "636f736d7761736d31636f6e7472616374";

    fn hex(message: &AnyMsg) -> String {
        cosmwasm_std::HexBinary::from(message.value.as_slice()).to_hex()
    }

    fn coin() -> Coin {
        Coin::new(1_234_567_890_123u128, DENOM)
    }

    /// The bytes were written by Go, with the types of Cosmos SDK 0.53.6.
    #[test]
    fn the_bytes_are_those_of_the_sdk() {
        let coin_hex: String = COIN.split_whitespace().collect();
        let deposit =
            deposit_validator_rewards_pool(DEPOSITOR, "cosmwasmvaloper1validator", &coin());
        let validator = "636f736d7761736d76616c6f7065723176616c696461746f72";
        let expected = format!("0a11{DEPOSITOR_HEX}1219{validator}1a55{coin_hex}");
        assert_eq!(hex(&deposit), expected);
        let fund = fund_community_pool(DEPOSITOR, &coin());
        assert_eq!(hex(&fund), format!("0a55{coin_hex}1211{DEPOSITOR_HEX}"));
        let fund = fund_protocol_pool(DEPOSITOR, &coin());
        assert_eq!(hex(&fund), format!("0a11{DEPOSITOR_HEX}1255{coin_hex}"));
    }

    /// An address and a coin as long as they can be: their length takes more than one byte.
    #[test]
    fn long_fields_have_long_lengths() {
        let denom = "d".repeat(128);
        let fund = fund_protocol_pool("a", &Coin::new(1u128, &denom));
        let text = cosmwasm_std::HexBinary::from(denom.as_bytes()).to_hex();
        // The coin: 0a, 128 in two bytes, the denom, 12, 1, the digit.
        assert_eq!(hex(&fund), format!("0a0161128601{0}8001{text}120131", "0a"));
    }
}
