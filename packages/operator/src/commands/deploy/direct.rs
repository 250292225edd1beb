//! Sending what is missing, or showing it.

use anyhow::{Context as _, Result, ensure};
use cosmos_sdk_proto::cosmos::gov::v1::MsgSubmitProposalResponse;
use cosmos_sdk_proto::cosmwasm::wasm::v1::{MsgInstantiateContract2Response, MsgStoreCodeResponse};
use cosmwasm_std::HexBinary;
use serde_json::json;

use super::plan::Contract;
use super::survey::Survey;
use super::{contract, proposals};
use crate::book::{self, Book};
use crate::chain::{Outcome, Sender, View};
use crate::contracts::Kind;
use crate::message::{self, Message};

/// Writes into the address book what is on the chain already.
///
/// # Errors
/// When it cannot be written.
pub fn write_down(survey: &Survey, book: &mut Book) -> Result<()> {
    // Even if there is nothing: a book that cannot be written is found before anything is sent.
    book.save()?;
    for (kind, code_id) in &survey.codes {
        println!("{kind}: is there as code {code_id}");
        add_code(survey, book, *kind, *code_id)?;
    }
    for contract in survey
        .plan
        .contracts
        .iter()
        .filter(|contract| survey.exists(contract))
    {
        let address = survey.address(&contract.name)?;
        println!("{}: is there as {address}", contract.name);
        add_contract(book, contract, address)?;
    }
    Ok(())
}

fn add_code(survey: &Survey, book: &mut Book, kind: Kind, code_id: u64) -> Result<()> {
    let checksum = survey.file(kind)?.checksum.to_hex();
    book.add_code(kind, book::Code { code_id, checksum })
}

fn add_contract(book: &mut Book, contract: &Contract, address: &str) -> Result<()> {
    let entry = book::Contract {
        kind: contract.kind,
        address: address.to_string(),
    };
    book.add_contract(&contract.name, entry)
}

/// Stores, makes, and submits the proposal to pin; after each the address book knows of it.
///
/// # Errors
/// When the chain refuses, or the book cannot be written.
pub async fn send(
    view: &View,
    mut survey: Survey<'_>,
    sender: &Sender<'_>,
    book: &mut Book,
) -> Result<()> {
    for kind in survey.kinds_to_store() {
        let code_id = store(view, &survey, sender, kind).await?;
        println!("{kind}: stored as code {code_id}");
        survey.codes.insert(kind, code_id);
        add_code(&survey, book, kind, code_id)?;
    }
    for contract in &survey.plan.contracts {
        if !survey.exists(contract) {
            let address = make(view, &survey, sender, contract)
                .await
                .with_context(|| format!("{} cannot be made", contract.name))?;
            println!("{}: made as {address}", contract.name);
            add_contract(book, contract, address)?;
        }
    }
    pin(view, &survey, sender).await
}

async fn store(view: &View, survey: &Survey<'_>, sender: &Sender<'_>, kind: Kind) -> Result<u64> {
    let file = survey.file(kind)?;
    let message = message::store(survey.creator, &file.compressed()?);
    let there = async || view.find_code(&file.checksum, survey.creator).await;
    let answer: MsgStoreCodeResponse = match sender.send_unless(&[message], there).await? {
        Outcome::Sent(sent) => sent.answer()?,
        Outcome::There(code_id) => return Ok(code_id),
    };
    ensure!(
        answer.checksum == file.checksum.as_slice(),
        "{kind}: the chain stored code {} with the checksum {}, the file has {}",
        answer.code_id,
        HexBinary::from(answer.checksum.as_slice()),
        file.checksum
    );
    Ok(answer.code_id)
}

async fn make<'a>(
    view: &View,
    survey: &'a Survey<'_>,
    sender: &Sender<'_>,
    contract: &Contract,
) -> Result<&'a str> {
    let expected = survey.address(&contract.name)?;
    let messages = contract::messages(survey, contract)?;
    let there = async || view.code_of(expected).await;
    if let Outcome::Sent(sent) = sender.send_unless(&messages, there).await? {
        let answer: MsgInstantiateContract2Response = sent.answer()?;
        ensure!(
            answer.address == expected,
            "the chain made it as {}, not as {expected}",
            answer.address
        );
    }
    Ok(expected)
}

async fn pin(view: &View, survey: &Survey<'_>, sender: &Sender<'_>) -> Result<()> {
    let codes = proposals::to_pin(view, survey).await?;
    if codes.is_empty() {
        return Ok(());
    }
    let proposal = proposals::pin(view, survey, &codes).await?;
    let submit = message::submit(survey.creator, &proposal, &survey.plan.governance.deposit);
    let ids: Vec<u64> = codes.keys().copied().collect();
    let there = async || view.open_pin_proposal(&ids).await;
    match sender.send_unless(&[submit], there).await? {
        Outcome::Sent(sent) => {
            let answer: MsgSubmitProposalResponse = sent.answer()?;
            println!(
                "proposal {}: {}; it needs votes",
                answer.proposal_id, proposal.title
            );
        }
        Outcome::There(proposal) => println!("pinning waits for the vote on proposal {proposal}"),
    }
    Ok(())
}

/// Prints, as JSON, the transactions that would be sent.
///
/// # Errors
/// When the node does not answer.
pub async fn show(view: &View, survey: &Survey<'_>) -> Result<()> {
    let mut transactions = Vec::new();
    let mut add = |step: String, messages: Vec<Message>| {
        let messages: Vec<_> = messages.iter().map(Message::shown).collect();
        transactions.push(json!({"step": step, "messages": messages}));
    };
    for kind in survey.kinds_to_store() {
        let message = message::store(survey.creator, &survey.file(kind)?.compressed()?);
        add(format!("store {kind}"), vec![message]);
    }
    for contract in &survey.plan.contracts {
        if !survey.exists(contract) {
            add(
                format!("make {}", contract.name),
                contract::messages(survey, contract)?,
            );
        }
    }
    let codes = proposals::to_pin(view, survey).await?;
    if !codes.is_empty() {
        let proposal = proposals::pin(view, survey, &codes).await?;
        let submit = message::submit(survey.creator, &proposal, &survey.plan.governance.deposit);
        add(proposal.title, vec![submit]);
    }
    println!("{}", serde_json::to_string_pretty(&transactions)?);
    Ok(())
}
