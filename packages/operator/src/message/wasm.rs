//! Messages of x/wasm.

use cosmos_sdk_proto::cosmwasm::wasm::v1::{
    MsgExecuteContract, MsgInstantiateContract2, MsgPinCodes, MsgStoreCode,
};
use cosmwasm_std::{Binary, Coin};
use serde_json::{Value, json};

use super::{Message, coins, proto_coins};

/// A contract to be made at an address that is known before.
pub struct Instantiate<'a> {
    /// Who makes it.
    pub sender: &'a str,
    /// Who may migrate it; empty: nobody.
    pub admin: &'a str,
    /// Its code; none while it is not stored, in what a dry run shows.
    pub code_id: Option<u64>,
    /// What explorers show.
    pub label: &'a str,
    /// Its message.
    pub msg: &'a Value,
    /// Coins that it gets.
    pub funds: &'a [Coin],
    /// With code and sender, what its address is made of.
    pub salt: &'a [u8],
}

/// Stores a file, which may be compressed.
pub fn store(sender: &str, wasm: &[u8]) -> Message {
    let message = MsgStoreCode {
        sender: sender.to_string(),
        wasm_byte_code: wasm.to_vec(),
        instantiate_permission: None,
    };
    let json = json!({
        "sender": sender,
        "wasm_byte_code": Binary::from(wasm).to_base64(),
        "instantiate_permission": null,
    });
    Message::new(&message, json)
}

/// Makes a contract.
pub fn instantiate(new: &Instantiate) -> Message {
    let message = MsgInstantiateContract2 {
        sender: new.sender.to_string(),
        admin: new.admin.to_string(),
        code_id: new.code_id.unwrap_or_default(),
        label: new.label.to_string(),
        msg: new.msg.to_string().into_bytes(),
        funds: proto_coins(new.funds),
        salt: new.salt.to_vec(),
        fix_msg: false,
    };
    let json = json!({
        "sender": new.sender,
        "admin": new.admin,
        "code_id": new.code_id.map(|id| id.to_string()),
        "label": new.label,
        "msg": new.msg,
        "funds": coins(new.funds),
        "salt": Binary::from(new.salt).to_base64(),
        "fix_msg": false,
    });
    Message::new(&message, json)
}

/// Calls a contract.
pub fn execute(sender: &str, contract: &str, msg: &Value, funds: &[Coin]) -> Message {
    let message = MsgExecuteContract {
        sender: sender.to_string(),
        contract: contract.to_string(),
        msg: msg.to_string().into_bytes(),
        funds: proto_coins(funds),
    };
    let json = json!({
        "sender": sender,
        "contract": contract,
        "msg": msg,
        "funds": coins(funds),
    });
    Message::new(&message, json)
}

/// Keeps codes in the memory of every node: only governance may. One that is not stored has no number, in
/// what a dry run shows.
pub fn pin(authority: &str, codes: &[Option<u64>]) -> Message {
    let message = MsgPinCodes {
        authority: authority.to_string(),
        code_ids: codes.iter().copied().flatten().collect(),
    };
    let ids: Vec<_> = codes.iter().map(|id| id.map(|id| id.to_string())).collect();
    Message::new(&message, json!({"authority": authority, "code_ids": ids}))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_and_bytes_say_the_same() {
        let msg = json!({"activate": {}});
        let message = execute("wasm1me", "wasm1pool", &msg, &[Coin::new(5u128, "stake")]);
        assert_eq!(
            message.json(),
            json!({
                "@type": "/cosmwasm.wasm.v1.MsgExecuteContract",
                "sender": "wasm1me",
                "contract": "wasm1pool",
                "msg": {"activate": {}},
                "funds": [{"denom": "stake", "amount": "5"}],
            })
        );
        let sent: MsgExecuteContract = message.any().to_msg().unwrap();
        assert_eq!(sent.msg, br#"{"activate":{}}"#);
        assert_eq!(sent.funds.first().unwrap().amount, "5");
    }

    #[test]
    fn a_wasm_file_is_shown_by_its_size() {
        let message = store("wasm1me", &[0; 9_000]);
        let file = |json: &Value| {
            json.get("wasm_byte_code")
                .unwrap()
                .as_str()
                .unwrap()
                .to_string()
        };
        assert_eq!(file(&message.shown()), "(12000 characters)");
        assert_eq!(file(&message.json()).len(), 12_000);
    }
}
