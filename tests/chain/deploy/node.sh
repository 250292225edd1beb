#!/usr/bin/env bash
# A chain of one validator for trying things out, with blocks every half second and governance that
# takes twenty seconds. Source it: it starts the node, and the function stop_node ends it. It needs
# `wasmd` in PATH and keeps everything in "$HOME/.wasmd", so set HOME to an empty folder first.
set -euo pipefail

rpc="tcp://127.0.0.1:${RPC_PORT:-26657}"
log="$HOME/wasmd.log"
wasmd init local --chain-id local-1 >"$log" 2>&1
wasmd config set client chain-id local-1
wasmd config set client keyring-backend test
wasmd config set client node "$rpc"
for name in owner reporter alice; do
  wasmd keys add "$name" >>"$log" 2>&1
  wasmd genesis add-genesis-account "$name" 1000000000000stake
done
sed -i 's/"voting_period": "[0-9a-z]*"/"voting_period": "20s"/; s/"expedited_voting_period": "[0-9a-z]*"/"expedited_voting_period": "5s"/' \
  "$HOME/.wasmd/config/genesis.json"
sed -i 's/^timeout_commit = .*/timeout_commit = "500ms"/' "$HOME/.wasmd/config/config.toml"
wasmd genesis gentx owner 500000000000stake >>"$log" 2>&1
wasmd genesis collect-gentxs >>"$log" 2>&1

wasmd start --rpc.laddr "$rpc" --p2p.laddr "tcp://127.0.0.1:${P2P_PORT:-26656}" \
  --rpc.pprof_laddr "" --grpc.address "127.0.0.1:${GRPC_PORT:-9090}" --minimum-gas-prices 0stake >>"$log" 2>&1 &
node=$!
stop_node() {
  kill "$node" 2>/dev/null || true
  wait "$node" 2>/dev/null || true
}

# The node is there with its first block.
for _ in $(seq 300); do
  if wasmd query block >/dev/null 2>&1; then break; fi
  if ! kill -0 "$node" 2>/dev/null; then
    tail -20 "$log" >&2
    exit 1
  fi
  sleep 0.2
done
