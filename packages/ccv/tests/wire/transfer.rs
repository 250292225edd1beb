//! The data of ICS-20 packets. What is read must mean the same to Go.

use ccv::CcvError;
use ccv::transfer::TransferData;
use cosmwasm_std::Uint256;
use proptest::prelude::*;

fn read(data: &str) -> Result<TransferData, CcvError> {
    TransferData::read(data.as_bytes())
}

/// Data with this amount and memo.
fn with(amount: &str, memo: &str) -> String {
    format!(r#"{{"denom":"uatom","amount":{amount},"sender":"a","receiver":"b","memo":{memo}}}"#)
}

proptest! {
    #[test]
    fn every_amount_below_two_to_the_256_is_read(bytes: [u8; 32], shift in 0u32..256) {
        let amount = (Uint256::from_be_bytes(bytes) >> shift).max(Uint256::one());
        let data = read(&with(&format!("\"{amount}\""), r#""""#)).unwrap();
        prop_assert_eq!(data.amount, amount);
    }

    #[test]
    fn texts_are_read_as_they_were_written(
        denom in ".{0,20}",
        sender in ".{0,20}",
        receiver in ".{0,20}",
        memo in ".{0,40}",
    ) {
        let data = TransferData { denom, amount: Uint256::one(), sender, receiver, memo };
        let json = serde_json::to_string(&data).unwrap();
        prop_assert_eq!(read(&json), Ok(data));
    }

    #[test]
    fn any_amount_that_is_read_is_digits(amount in "[0-9+_xXbo. -]{0,4}") {
        match read(&with(&format!("\"{amount}\""), r#""""#)) {
            Ok(data) => prop_assert_eq!(data.amount.to_string(), amount),
            Err(_) => prop_assert!(amount.parse::<u32>().is_err()
                || amount.starts_with(['0', '+'])),
        }
    }
}

#[test]
fn the_order_of_keys_and_spaces_are_the_chains() {
    for data in [
        r#"{"amount":"5","denom":"uatom","memo":"m","receiver":"b","sender":"a"}"#,
        r#"{"denom":"uatom","amount":"5","sender":"a","receiver":"b","memo":"m"}"#,
        "\n { \"denom\" : \"u\\u0061tom\",\t\"amount\":\"5\",\"sender\":\"a\",\"receiver\":\"b\",\"memo\":\"m\"}\r\n",
    ] {
        let data = read(data).unwrap();
        let fields = [&data.denom, &data.sender, &data.receiver, &data.memo];
        assert_eq!(fields, ["uatom", "a", "b", "m"]);
        assert_eq!(data.amount, Uint256::from(5u128));
    }
}

#[test]
fn what_go_reads_otherwise_is_refused() {
    let valid = with(r#""5""#, r#""m""#);
    assert!(read(&valid).is_ok());
    let behind = |more: &str| valid.replace('}', &format!(",{more}}}"));
    for (data, what) in [
        (behind(r#""Amount":"1""#), "a key in another case"),
        (behind(r#""AMOUNT":"1""#), "a key in capitals"),
        (behind(r#""amount":"1""#), "a doubled key"),
        (behind(r#""amount":"5""#), "a doubled key of the same value"),
        (behind(r#""ſender":"x""#), "a letter that Go folds to s"),
        (
            behind(r#""\u0061mount":"1""#),
            "a doubled key with an escape",
        ),
        (behind(r#""more":1"#), "an unknown key"),
        (behind(r#""more":{"amount":"1"}"#), "an unknown object"),
        (
            valid.replace("amount", "Amount"),
            "a key in another case only",
        ),
        (
            valid.replace("sender", "ſender"),
            "a letter that Go folds to s only",
        ),
        (valid.replace(r#""sender":"a","#, ""), "a missing sender"),
        (valid.replace(r#","memo":"m""#, ""), "no memo"),
        (valid.replace(r#""a""#, "null"), "null"),
        (valid.replace(r#""a""#, "1"), "a number for a text"),
        (valid.replace(r#""a""#, r#""\ud800""#), "half a surrogate"),
        (with("5", r#""m""#), "a number for the amount"),
        (with(r#""010""#, r#""m""#), "an octal amount"),
        (with(r#""0x10""#, r#""m""#), "a hex amount"),
        (with(r#""1_0""#, r#""m""#), "an amount with an underscore"),
        (with(r#""+5""#, r#""m""#), "an amount with a sign"),
        (with(r#""-5""#, r#""m""#), "a negative amount"),
        (with(r#"" 5""#, r#""m""#), "an amount with a space"),
        (with(r#""5.0""#, r#""m""#), "an amount with a point"),
        (with(r#""""#, r#""m""#), "no amount"),
        (with(r#""٥""#, r#""m""#), "other digits"),
        (r#"["uatom","5","a","b","m"]"#.to_string(), "an array"),
        (format!("{valid}{valid}"), "data twice"),
        (String::new(), "nothing"),
    ] {
        assert!(read(&data).is_err(), "{what}: {data}");
    }
}

#[test]
fn bytes_that_are_no_text_are_refused() {
    let data = with(r#""5""#, r#""m?""#).into_bytes();
    let broken: Vec<u8> = data
        .into_iter()
        .map(|byte| if byte == b'?' { 0xff } else { byte })
        .collect();
    assert!(TransferData::read(&broken).is_err());
}

#[test]
fn nothing_and_too_much_are_refused() {
    assert_eq!(read(&with(r#""0""#, r#""m""#)), Err(CcvError::NoAmount));
    let largest = Uint256::MAX.to_string();
    assert!(read(&with(&format!("\"{largest}\""), r#""m""#)).is_ok());
    let above = "115792089237316195423570985008687907853269984665640564039457584007913129639936";
    let error = read(&with(&format!("\"{above}\""), r#""m""#)).unwrap_err();
    assert!(error.to_string().contains(above), "{error}");
}
