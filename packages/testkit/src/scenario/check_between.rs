//! Whether everything a step between chains names is there.

use super::check::denom_is_good;
use super::known::{Checked, Known, receiver};
use super::{Action, ChannelPort, Place, ScenarioFile, Transfer};

/// Checks every name of a step between chains, and of a transfer to another chain; other steps have
/// nothing here.
pub(super) fn check_between(
    known: &Known,
    file: &ScenarioFile,
    place: &Place,
    action: &Action,
) -> Checked {
    let two = |a: &str, b: &str| {
        known.chain_is_known(&place.key("a"), a)?;
        known.chain_is_known(&place.key("b"), b)?;
        if a == b {
            return Err(place.key("b").error("a chain is not connected to itself"));
        }
        Ok(())
    };
    let connection = |id: &Option<String>| numbered(&place.key("connection"), "connection-", id);
    match action {
        Action::Connect(it) => two(&it.a, &it.b),
        Action::TransferChannel(it) => {
            two(&it.a, &it.b)?;
            connection(&it.connection)
        }
        Action::OpenChannel(it) => {
            two(&it.a.chain, &it.b.chain)?;
            port(known, &place.key("a"), &it.a)?;
            port(known, &place.key("b"), &it.b)?;
            connection(&it.connection)
        }
        Action::Transfer(it) => transfer(known, file, place, it),
        Action::Relay(it) => {
            let only = place.key("only");
            if let Some(from) = &it.only.from {
                known.chain_is_known(&only.key("from"), from)?;
            }
            numbered(&only.key("channel"), "channel-", &it.only.channel)
        }
        Action::ExpireClient(it) => known.chain_is_known(&place.key("chain"), &it.chain),
        Action::CloseChannel(it) => {
            known.chain_is_known(&place.key("chain"), &it.chain)?;
            port(known, place, &it.end())?;
            numbered(&place.key("channel"), "channel-", &Some(it.channel.clone()))
        }
        _ => Ok(()),
    }
}

fn port(known: &Known, place: &Place, end: &ChannelPort) -> Checked {
    match (&end.contract, &end.port) {
        (Some(contract), None) => known.contract_on(&place.key("contract"), &end.chain, contract),
        (None, Some(_)) => Ok(()),
        _ => Err(place.error("an end has either `contract` or `port`")),
    }
}

fn transfer(known: &Known, file: &ScenarioFile, place: &Place, it: &Transfer) -> Checked {
    known.name(&place.key("from"), &it.from)?;
    let to = place.key("to");
    let chains = file.chains.keys().map(String::as_str);
    let (chain, name) = receiver(chains, known.chain(), &it.to).map_err(|error| to.error(error))?;
    known.chain_is_known(&to, chain)?;
    known.name_on(&to, chain, name)?;
    denom_is_good(&place.key("amount"), &it.amount.denom)?;
    if let Some(memo) = &it.memo {
        let place = place.key("memo");
        if !memo.is_string() && !memo.is_object() {
            return Err(place.error("a memo is a string or an object"));
        }
        known.value(&place, memo)?;
    }
    numbered(&place.key("channel"), "channel-", &it.channel)
}

/// Refuses an id of another form than `channel-0`.
fn numbered(place: &Place, kind: &str, id: &Option<String>) -> Checked {
    let Some(id) = id else { return Ok(()) };
    let is_number = |number: &str| {
        number
            .parse::<u64>()
            .is_ok_and(|it| it.to_string() == number)
    };
    if id.strip_prefix(kind).is_some_and(is_number) {
        return Ok(());
    }
    Err(place.error(format!("{id:?} is no id like \"{kind}0\"")))
}
