//! What contracts send and ask.

use cosmwasm_std::{
    Addr, Api, Binary, BlockInfo, ChannelResponse, CustomMsg, CustomQuery, Empty, IbcEndpoint,
    IbcMsg, IbcQuery, Querier, StdError, StdResult, Storage, to_json_binary,
};
use cw_multi_test::{AppResponse, CosmosRouter, Ibc, Module};
use serde::de::DeserializeOwned;

use super::contract::port_of;
use super::state::{CHANNELS, ChannelState};
use super::transfer::{self, Transfer};
use super::{handshake, host, packet};

/// The IBC modules of an embedded chain: packets of contracts, and ICS-20 transfers.
///
/// Everything is in the chain's storage, so that what a failed sub-message sent was never sent.
pub struct IbcModule {
    /// Whether the chain has the callbacks middleware around its transfer module.
    pub callbacks: bool,
}

impl Ibc for IbcModule {}

impl Module for IbcModule {
    type ExecT = IbcMsg;
    type QueryT = IbcQuery;
    type SudoT = Empty;

    fn execute<ExecC, QueryC>(
        &self,
        api: &dyn Api,
        storage: &mut dyn Storage,
        router: &dyn CosmosRouter<ExecC = ExecC, QueryC = QueryC>,
        block: &BlockInfo,
        sender: Addr,
        msg: IbcMsg,
    ) -> StdResult<AppResponse>
    where
        ExecC: CustomMsg + DeserializeOwned + 'static,
        QueryC: CustomQuery + DeserializeOwned + 'static,
    {
        let host = host::Module {
            api,
            router,
            block,
            callbacks: self.callbacks,
        };
        let own = |channel_id| IbcEndpoint {
            port_id: port_of(&sender),
            channel_id,
        };
        match msg {
            IbcMsg::SendPacket {
                channel_id,
                data,
                timeout,
            } => {
                let sequence = packet::send(storage, own(channel_id), timeout, data)?;
                Ok(sent(sequence))
            }
            IbcMsg::Transfer {
                channel_id,
                to_address,
                amount,
                timeout,
                memo,
            } => {
                let transfer = Transfer {
                    sender,
                    channel_id,
                    receiver: to_address,
                    coin: amount,
                    timeout,
                    memo: memo.unwrap_or_default(),
                };
                let (sequence, events) = transfer::send(&host, storage, transfer)?;
                let data = sent(sequence).data;
                Ok(AppResponse { events, data })
            }
            IbcMsg::CloseChannel { channel_id } => {
                let done = handshake::close(&host, storage, own(channel_id), false)?;
                Ok(AppResponse {
                    data: None,
                    ..done.response
                })
            }
            other => Err(StdError::msg(format!("IBC does not know {other:?}"))),
        }
    }

    fn query(
        &self,
        _: &dyn Api,
        storage: &dyn Storage,
        _: &dyn Querier,
        _: &BlockInfo,
        request: IbcQuery,
    ) -> StdResult<Binary> {
        match request {
            IbcQuery::Channel {
                channel_id,
                port_id: Some(port_id),
            } => {
                let end = CHANNELS.may_load(storage, (&port_id, &channel_id))?;
                let endpoint = IbcEndpoint {
                    port_id,
                    channel_id,
                };
                let open = end.filter(|it| it.state == ChannelState::Open);
                let shown = open.map(|it| it.shown(endpoint));
                to_json_binary(&ChannelResponse::new(shown))
            }
            other => Err(StdError::msg(format!(
                "only a contract may leave its port out: {other:?}"
            ))),
        }
    }

    fn sudo<ExecC, QueryC>(
        &self,
        _: &dyn Api,
        _: &mut dyn Storage,
        _: &dyn CosmosRouter<ExecC = ExecC, QueryC = QueryC>,
        _: &BlockInfo,
        _: Empty,
    ) -> StdResult<AppResponse>
    where
        ExecC: CustomMsg + DeserializeOwned + 'static,
        QueryC: CustomQuery + DeserializeOwned + 'static,
    {
        Err(StdError::msg("IBC has no privileged messages"))
    }
}

/// The answer to a sent packet: a protobuf message whose first field is the sequence.
fn sent(sequence: u64) -> AppResponse {
    let mut data = vec![0x08];
    let mut left = sequence;
    loop {
        let seven = u8::try_from(left & 0x7f).unwrap_or_default();
        left >>= 7;
        if left == 0 {
            data.push(seven);
            break;
        }
        data.push(seven | 0x80);
    }
    AppResponse {
        events: Vec::new(),
        data: Some(data.into()),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::sent;

    #[test]
    fn a_sequence_is_answered_as_protobuf() {
        assert_eq!(sent(5).data.unwrap().as_slice(), [0x08, 5]);
        assert_eq!(sent(300).data.unwrap().as_slice(), [0x08, 0xac, 0x02]);
    }
}
