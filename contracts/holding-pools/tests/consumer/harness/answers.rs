//! What the provider and the IBC stack answer.

use cosmwasm_std::{
    Binary, Coin, IbcAckCallbackMsg, IbcAcknowledgement, IbcEndpoint, IbcPacket, IbcPacketAckMsg,
    IbcPacketTimeoutMsg, IbcSourceCallbackMsg, IbcTimeout, IbcTimeoutCallbackMsg, StdAck,
    to_json_vec,
};
use holding_pools::contract;
use serde_json::json;

use super::{Consumer, PORT, base_units};

impl Consumer {
    fn packet(&self, place: usize) -> IbcPacket {
        let sent = &self.packets[place];
        let end = |port: &str, channel: &str| IbcEndpoint {
            port_id: port.to_string(),
            channel_id: channel.to_string(),
        };
        IbcPacket::new(
            sent.data.clone(),
            end("wasm.ours", &sent.channel),
            end(PORT, "channel-90"),
            place as u64,
            IbcTimeout::with_timestamp(self.env.block.time),
        )
    }

    pub fn answer(&mut self, place: usize, ack: Binary) {
        let packet = self.packet(place);
        let relayer = self.deps.api.addr_make("relayer");
        let msg = IbcPacketAckMsg::new(IbcAcknowledgement::new(ack), packet, relayer);
        let env = self.env.clone();
        let response = contract::ibc_packet_ack(self.deps.as_mut(), env, msg).unwrap();
        assert!(response.messages.is_empty());
        self.events = response.events;
        self.check();
    }

    pub fn acknowledge(&mut self, place: usize) {
        self.answer(place, StdAck::success(b"\x01").to_binary());
    }

    pub fn refuse(&mut self, place: usize) {
        self.answer(place, StdAck::error("not now").to_binary());
    }

    pub fn status(&mut self, place: usize, status: &str) {
        self.answer(place, StdAck::success(status.as_bytes()).to_binary());
    }

    pub fn time_out(&mut self, place: usize) {
        let packet = self.packet(place);
        let relayer = self.deps.api.addr_make("relayer");
        let msg = IbcPacketTimeoutMsg::new(packet, relayer);
        let env = self.env.clone();
        let response = contract::ibc_packet_timeout(self.deps.as_mut(), env, msg).unwrap();
        self.events = response.events;
        self.check();
    }

    pub fn transfer_packet(&self, place: usize) -> IbcPacket {
        let sent = &self.transfers[place];
        let end = |channel: &str| IbcEndpoint {
            port_id: "transfer".to_string(),
            channel_id: channel.to_string(),
        };
        let data = json!({
            "amount": sent.amount.amount.to_string(),
            "denom": sent.amount.denom,
            "memo": sent.memo,
            "receiver": sent.to,
            "sender": self.env.contract.address,
        });
        IbcPacket::new(
            to_json_vec(&data).unwrap(),
            end(&sent.channel),
            end("channel-91"),
            place as u64,
            sent.timeout.clone(),
        )
    }

    pub fn call_back(&mut self, packet: IbcPacket, ack: Option<Binary>) {
        let relayer = self.deps.api.addr_make("relayer");
        let msg = match ack {
            Some(ack) => IbcSourceCallbackMsg::Acknowledgement(IbcAckCallbackMsg::new(
                IbcAcknowledgement::new(ack),
                packet,
                relayer,
            )),
            None => IbcSourceCallbackMsg::Timeout(IbcTimeoutCallbackMsg::new(packet, relayer)),
        };
        let env = self.env.clone();
        let response = contract::ibc_source_callback(self.deps.as_mut(), env, msg).unwrap();
        assert!(response.messages.is_empty());
        self.events = response.events;
        self.check();
    }

    pub fn transfer_succeeds(&mut self, place: usize) {
        let ack = StdAck::success(b"\x01").to_binary();
        self.call_back(self.transfer_packet(place), Some(ack));
    }

    /// The coins are refunded, and nobody tells the contract.
    pub fn refund_without_callback(&mut self, place: usize) {
        let Coin { denom, amount } = self.transfers[place].amount.clone();
        self.fund(&denom, base_units(amount));
    }

    /// An error acknowledgement: the coins are refunded, and the contract is told.
    pub fn transfer_comes_back(&mut self, place: usize) {
        self.refund_without_callback(place);
        let ack = StdAck::error("ABCI code: 5").to_binary();
        self.call_back(self.transfer_packet(place), Some(ack));
    }

    pub fn transfer_times_out(&mut self, place: usize) {
        self.refund_without_callback(place);
        self.call_back(self.transfer_packet(place), None);
    }
}
