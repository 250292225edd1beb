#!/usr/bin/env bash
# Runs deploy.sh on a chain of one node, and checks what it has done. Without `wasmd` in PATH it is
# built from the version in go.mod. `cargo wasm` makes the contract.
set -euo pipefail
here="$(cd "$(dirname "$0")" && pwd)"
work="$(mktemp -d)"
stop_node() { :; }
trap 'stop_node; rm -rf "$work"' EXIT

if ! command -v wasmd >/dev/null; then
  (cd "$here/.." && go build -ldflags='-s -w' -o "$work/wasmd" github.com/CosmWasm/wasmd/cmd/wasmd)
  PATH="$work:$PATH"
fi
export HOME="$work"
# shellcheck source=node.sh
source "$here/node.sh"

ln -s "$here/../../../artifacts" "$work/artifacts"
cd "$work"
# shellcheck source=deploy.sh
source "$here/deploy.sh"

expect() {
  if ! tr -d ' \n' <<<"$1" | grep -- "$2" >/dev/null; then
    printf 'expected %s in\n%s\n' "$2" "$1" >&2
    exit 1
  fi
}

# 1 000 000 with a tax of 2 %, then a commission of 10 %.
expect "$(wasmd query bank balance "$(address alice)" stake --output json)" '"amount":"1000000882000"'
expect "$(wasmd query wasm contract "$pool" --output json)" "\"code_id\":\"$new\""
expect "$(wasmd query wasm contract-state smart "$pool" '{"invariants": {}}' --output json)" '"difference":"0"'
# The vote has passed when its time is over.
for _ in $(seq 60); do
  if wasmd query wasm pinned --output json | tr -d ' \n' | grep "\"$code\"" >/dev/null; then
    echo "deployed, paid, pinned and migrated"
    exit 0
  fi
  sleep 0.5
done
echo "the code is not pinned" >&2
exit 1
