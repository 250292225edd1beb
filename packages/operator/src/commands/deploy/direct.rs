//! Sending what is missing, or showing it.

use anyhow::{Context as _, Result, ensure};
use cosmos_sdk_proto::cosmos::gov::v1::MsgSubmitProposalResponse;
use cosmos_sdk_proto::cosmwasm::wasm::v1::{MsgInstantiateContract2Response, MsgStoreCodeResponse};
use cosmwasm_std::HexBinary;
use serde_json::json;

use super::plan::Contract;
use super::steps::{self, Step};
use super::survey::Survey;
use super::wasm_file::WasmFile;
use crate::book::{self, Book};
use crate::chain::{OpenProposal, Outcome, Sender, View};
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
    for step in steps::all(view, &survey).await? {
        let messages = transaction(&survey, &step)?;
        match step {
            Step::Store(kind) => {
                let code_id = store(view, survey.file(kind)?, sender, &messages)
                    .await
                    .with_context(|| format!("{kind} cannot be stored"))?;
                println!("{kind}: stored as code {code_id}");
                survey.codes.insert(kind, code_id);
                add_code(&survey, book, kind, code_id)?;
            }
            Step::Make(contract) => {
                let address = survey.address(&contract.name)?;
                make(view, address, sender, &messages)
                    .await
                    .with_context(|| format!("{} cannot be made", contract.name))?;
                println!("{}: made as {address}", contract.name);
                add_contract(book, contract, address)?;
            }
            Step::Pin { codes, .. } => {
                let codes: Vec<_> = survey.numbers(&codes).into_iter().flatten().collect();
                pin(view, sender, &messages, &codes).await?;
            }
        }
    }
    Ok(())
}

/// What an account sends for a step: only governance may pin.
fn transaction(survey: &Survey, step: &Step) -> Result<Vec<Message>> {
    if let Step::Pin { .. } = step {
        let deposit = &survey.plan.governance.deposit;
        let submit = message::submit(survey.creator, &step.proposal(survey)?, deposit);
        return Ok(vec![submit]);
    }
    step.messages(survey)
}

async fn store(
    view: &View,
    file: &WasmFile,
    sender: &Sender<'_>,
    messages: &[Message],
) -> Result<u64> {
    let there = async || view.find_code(&file.checksum, sender.account()).await;
    let answer: MsgStoreCodeResponse = match sender.send_unless(messages, there).await? {
        Outcome::Sent(sent) => sent.answer()?,
        Outcome::There(code_id) => return Ok(code_id),
    };
    ensure!(
        answer.checksum == file.checksum.as_slice(),
        "the chain stored code {} with the checksum {}, the file has {}",
        answer.code_id,
        HexBinary::from(answer.checksum.as_slice()),
        file.checksum
    );
    Ok(answer.code_id)
}

async fn make(
    view: &View,
    expected: &str,
    sender: &Sender<'_>,
    messages: &[Message],
) -> Result<()> {
    let there = async || view.code_of(expected).await;
    if let Outcome::Sent(sent) = sender.send_unless(messages, there).await? {
        let answer: MsgInstantiateContract2Response = sent.answer()?;
        ensure!(
            answer.address == expected,
            "the chain made it as {}, not as {expected}",
            answer.address
        );
    }
    Ok(())
}

async fn pin(view: &View, sender: &Sender<'_>, messages: &[Message], codes: &[u64]) -> Result<()> {
    let there = async || {
        let open = view.open_proposals().await?;
        let pins = |it: &&OpenProposal| codes.iter().all(|code| it.pins(*code));
        Ok(open.iter().find(pins).map(|it| it.id))
    };
    let id = match sender.send_unless(messages, there).await? {
        Outcome::Sent(sent) => sent.answer::<MsgSubmitProposalResponse>()?.proposal_id,
        Outcome::There(id) => id,
    };
    println!("pin: proposal {id} needs votes");
    Ok(())
}

/// Prints, as JSON, the transactions that would be sent.
///
/// # Errors
/// When the node does not answer.
pub async fn show(view: &View, survey: &Survey<'_>) -> Result<()> {
    let mut transactions = Vec::new();
    for step in steps::all(view, survey).await? {
        let messages = transaction(survey, &step)?;
        let messages: Vec<_> = messages.iter().map(Message::shown).collect();
        transactions.push(json!({"step": step.name(), "messages": messages}));
    }
    println!("{}", serde_json::to_string_pretty(&transactions)?);
    Ok(())
}
