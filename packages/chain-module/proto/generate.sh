#!/bin/sh
# Writes the Go code of the .proto files into the directory given, by default the module's own.
# Needs protoc (Debian: protobuf-compiler); the plugins and imports are those of go.mod.
set -eu
cd "$(dirname "$0")/.."
out=${1:-.}
sources=$(mktemp -d)
trap 'rm -r "$sources"' EXIT

GOBIN=$sources go install \
	github.com/cosmos/gogoproto/protoc-gen-gocosmos \
	github.com/grpc-ecosystem/grpc-gateway/protoc-gen-grpc-gateway
path() { go list -m -f '{{.Dir}}' "$1"; }
types=Mgoogle/protobuf/any.proto=github.com/cosmos/gogoproto/types/any
PATH=$sources:$PATH protoc \
	-I proto \
	-I "$(path github.com/cosmos/cosmos-sdk)/proto" \
	-I "$(path github.com/cosmos/cosmos-proto)/proto" \
	-I "$(path github.com/cosmos/gogoproto)" \
	-I "$(path github.com/cosmos/gogoproto)/protobuf" \
	-I "$(path github.com/grpc-ecosystem/grpc-gateway)/third_party/googleapis" \
	--gocosmos_out="plugins=grpc,$types:$sources" \
	--grpc-gateway_out="logtostderr=true:$sources" \
	proto/cwdistribution/v1/*.proto
mkdir -p "$out/types"
cp "$sources"/github.com/cw-distribution/chain-module/types/*.go "$out/types/"
