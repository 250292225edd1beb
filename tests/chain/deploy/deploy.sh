#!/usr/bin/env bash
# Deploys a fee pool on a running chain with `wasmd tx`, lets it split fees once, pays them, pins the
# code by a vote, and migrates. The README shows what stands between the two marks.
#
# tests/chain/deploy/run.sh builds wasmd, starts a chain of one node and runs this there.
set -euo pipefail

# ── shown in the README ──
# Signs, sends, waits for the block, and fails when the transaction did.
send() {
  hash=$(wasmd tx "$@" --gas auto --gas-adjustment 1.5 --yes --output json | grep -o '"txhash":"[0-9A-F]*"' | cut -d'"' -f4)
  for _ in $(seq 120); do
    if found=$(wasmd query tx "$hash" --output json 2>/dev/null); then break; fi
    sleep 0.5
  done
  grep '"code":0' <<<"$found" >/dev/null
}
address() { wasmd keys show "$@" --address; }

# Store and instantiate. The owner of the pool is who instantiates it.
send wasm store artifacts/fee_pool.wasm --from owner
code=$(wasmd query wasm list-code --output json | grep -o '"code_id":"[0-9]*"' | tail -1 | cut -d'"' -f4)
send wasm instantiate "$code" '{"reward_denoms": ["stake"],
  "reporters": {"block": ["'"$(address reporter)"'"], "staking": ["'"$(address reporter)"'"]}}' \
  --label fee-pool --admin "$(address owner)" --from owner
pool=$(wasmd query wasm list-contract-by-code "$code" --output json | grep -o 'wasm1[0-9a-z]\{58\}' | tail -1)

# What staking knows now, in pages; from the activation on the reporter sends what changes.
validator=$(address owner --bech val)
send wasm execute "$pool" '{"import": {
  "validators": [{"validator": "'"$validator"'", "power": "500000",
    "commission": {"rate": "0.1", "max_rate": "0.2", "max_change_rate": "0.01"}}],
  "delegations": [{"delegator": "'"$(address alice)"'", "validator": "'"$validator"'", "shares": "500000000000"}]}}' --from owner
send wasm execute "$pool" '{"activate": {}}' --from owner

# Fees, and a block that splits them.
send wasm execute "$pool" '{"deposit": {}}' --amount 1000000stake --from owner
send wasm execute "$pool" '{"begin_block": {"proposer": "'"$validator"'",
  "last_commit": {"signed_power": "500000"}}}' --from reporter
wasmd query wasm contract-state smart "$pool" '{"delegation_rewards": {
  "delegator": "'"$(address alice)"'", "validator": "'"$validator"'"}}' --output json
send wasm execute "$pool" '{"withdraw_delegator_reward": {"validator": "'"$validator"'"}}' --from alice

# Pinned code costs 58 000 gas less per call. It takes a vote.
cat >proposal.json <<JSON
{"messages": [{"@type": "/cosmwasm.wasm.v1.MsgPinCodes", "code_ids": ["$code"],
   "authority": "$(wasmd query auth module-account gov --output json | grep -o 'wasm1[0-9a-z]\{38\}' | head -1)"}],
 "deposit": "10000000stake", "title": "Pin fee-pool", "summary": "The fee pool is called in every block."}
JSON
send gov submit-proposal proposal.json --from owner
send gov vote 1 yes --from owner

# A new version: the state stays.
send wasm store artifacts/fee_pool.wasm --from owner
new=$(wasmd query wasm list-code --output json | grep -o '"code_id":"[0-9]*"' | tail -1 | cut -d'"' -f4)
send wasm migrate "$pool" "$new" '{}' --from owner
wasmd query wasm contract-state smart "$pool" '{"invariants": {}}' --output json
# ── end ──
