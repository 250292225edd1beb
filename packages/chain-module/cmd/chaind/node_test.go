package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"time"

	abci "github.com/cometbft/cometbft/abci/types"
	cmtcfg "github.com/cometbft/cometbft/config"
	cmted25519 "github.com/cometbft/cometbft/crypto/ed25519"
	"github.com/cometbft/cometbft/privval"
	dbm "github.com/cosmos/cosmos-db"
	"github.com/cosmos/gogoproto/proto"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"

	"cosmossdk.io/log"
	"cosmossdk.io/math"

	"github.com/cosmos/cosmos-sdk/baseapp"
	"github.com/cosmos/cosmos-sdk/client/grpc/cmtservice"
	"github.com/cosmos/cosmos-sdk/codec"
	simtestutil "github.com/cosmos/cosmos-sdk/testutil/sims"
	sdk "github.com/cosmos/cosmos-sdk/types"
	grpctypes "github.com/cosmos/cosmos-sdk/types/grpc"
	"github.com/cosmos/cosmos-sdk/types/tx"
	genutiltypes "github.com/cosmos/cosmos-sdk/x/genutil/types"
	stakingtypes "github.com/cosmos/cosmos-sdk/x/staking/types"

	"github.com/cw-distribution/chain-module/app"
	"github.com/cw-distribution/chain-module/internal/testchain"
)

// asCommand is set where the program of these tests is to be chaind.
const asCommand = "CHAIND_COMMAND"

func TestMain(m *testing.M) {
	if os.Getenv(asCommand) != "" {
		main()
		return
	}
	os.Exit(m.Run())
}

// patience is how long a node may take for what takes it some blocks.
const patience = 2 * time.Minute

// chaind is a command of the node's program in a home folder.
func chaind(home string, args ...string) *exec.Cmd {
	command := exec.Command(os.Args[0], append(args, "--home", home)...)
	command.Env = append(os.Environ(), asCommand+"=1", "HOME="+home)
	return command
}

// node is a running node, which is the only validator, called ada.
type node struct {
	t     *testing.T
	home  string
	codec codec.Codec
	grpc  *grpc.ClientConn
	// rpc and rest are the node's addresses.
	rpc, rest string
}

// startNode starts a node in a process of its own. It goes on from the state of a chain in this process, on which a
// fee pool has split some blocks and dan delegates.
func startNode(t *testing.T) *node {
	t.Helper()
	made := app.New(log.NewNopLogger(), dbm.NewMemDB(), nil, true,
		simtestutil.NewAppOptionsWithFlagHome(t.TempDir()), nil, baseapp.SetChainID(testchain.ID))
	t.Cleanup(func() { require.NoError(t, made.Close()) })
	account := func(ctx sdk.Context, address sdk.AccAddress) sdk.AccountI {
		return made.AccountKeeper.GetAccount(ctx, address)
	}
	chain := testchain.New(t, made, account, testchain.Genesis{
		Validators: []testchain.Validator{{Name: "ada", Power: 100, Commission: math.LegacyNewDecWithPrec(1, 1)}},
		Accounts:   []string{"owner", "dan"},
	})
	chain.FedFeePool("owner", "ada")
	chain.Deliver("dan", stakingtypes.NewMsgDelegate(testchain.Account("dan").String(), testchain.Operator("ada").String(),
		sdk.NewInt64Coin(testchain.BondDenom, 50_000_000)))
	chain.Blocks(3)

	n := &node{t: t, home: t.TempDir(), codec: made.AppCodec(), rpc: "tcp://" + freeAddress(t), rest: freeAddress(t)}
	n.writeGenesis(made, chain)
	n.writeConfig()
	address := freeAddress(t)
	process := chaind(n.home, "start", "--grpc.address", address, "--api.enable", "--api.address", "tcp://"+n.rest)
	output, err := os.Create(filepath.Join(n.home, "output"))
	require.NoError(t, err)
	process.Stdout, process.Stderr = output, output
	require.NoError(t, process.Start())
	t.Cleanup(func() {
		require.NoError(t, process.Process.Signal(syscall.SIGTERM))
		require.NoError(t, process.Wait())
		if t.Failed() {
			text, err := os.ReadFile(output.Name())
			require.NoError(t, err)
			t.Log(string(text))
		}
	})
	n.grpc, err = grpc.NewClient(address, grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithDefaultCallOptions(grpc.ForceCodec(codec.NewProtoCodec(made.InterfaceRegistry()).GRPCCodec())))
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, n.grpc.Close()) })
	require.Eventually(t, func() bool { return n.height() > chain.Height }, patience, 100*time.Millisecond, "the node makes blocks")
	return n
}

func freeAddress(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	require.NoError(t, listener.Close())
	return listener.Addr().String()
}

// writeGenesis has the node go on where a chain stands.
func (n *node) writeGenesis(made *app.App, chain *testchain.Chain) {
	n.t.Helper()
	exported, err := made.Export(nil)
	require.NoError(n.t, err)
	require.NoError(n.t, os.MkdirAll(filepath.Join(n.home, "config"), 0o700))
	require.NoError(n.t, os.MkdirAll(filepath.Join(n.home, "data"), 0o700))
	genesis := genutiltypes.AppGenesis{
		ChainID: testchain.ID, GenesisTime: chain.Time, InitialHeight: exported.Height, AppState: exported.AppState,
		Consensus: genutiltypes.NewConsensusGenesis(exported.ConsensusParams, exported.Validators),
	}
	require.NoError(n.t, genesis.SaveAs(filepath.Join(n.home, "config", "genesis.json")))
}

// writeConfig writes the validator's key and the settings: a block takes half a second.
func (n *node) writeConfig() {
	n.t.Helper()
	config := cmtcfg.DefaultConfig()
	config.SetRoot(n.home)
	config.Consensus.TimeoutCommit = 500 * time.Millisecond
	config.RPC.ListenAddress, config.RPC.PprofListenAddress = n.rpc, ""
	config.P2P.ListenAddress = "tcp://127.0.0.1:0"
	cmtcfg.WriteConfigFile(filepath.Join(n.home, "config", "config.toml"), config)
	privval.NewFilePV(cmted25519.PrivKey(testchain.ValidatorKey("ada").Key),
		config.PrivValidatorKeyFile(), config.PrivValidatorStateFile()).Save()
	for _, name := range []string{"ada", "dan", "owner"} {
		n.run("keys", "import-hex", name, fmt.Sprintf("%x", testchain.AccountKey(name).Key), "--keyring-backend", "test")
	}
}

// run runs a command, which must succeed, and returns what it prints.
func (n *node) run(args ...string) []byte {
	n.t.Helper()
	command := chaind(n.home, args...)
	output, err := command.Output()
	if failed, is := err.(*exec.ExitError); is {
		require.NoError(n.t, err, "%v: %s%s", args, output, failed.Stderr)
	}
	require.NoError(n.t, err)
	return output
}

// height is that of a block behind the last one, whose state can be asked; 0 without one.
func (n *node) height() int64 {
	latest, err := cmtservice.NewServiceClient(n.grpc).GetLatestBlock(context.Background(), &cmtservice.GetLatestBlockRequest{})
	if err != nil {
		return 0
	}
	return latest.SdkBlock.Header.Height - 1
}

// ask queries by gRPC the state of a height.
func (n *node) ask(height int64, method string, request, response proto.Message) {
	n.t.Helper()
	ctx := metadata.AppendToOutgoingContext(context.Background(), grpctypes.GRPCBlockHeightHeader, strconv.FormatInt(height, 10))
	require.NoError(n.t, n.grpc.Invoke(ctx, method, request, response), method)
}

// get queries by REST the state of a height.
func (n *node) get(height int64, path string) []byte {
	n.t.Helper()
	request, err := http.NewRequest(http.MethodGet, "http://"+n.rest+path, nil)
	require.NoError(n.t, err)
	request.Header.Set(grpctypes.GRPCBlockHeightHeader, strconv.FormatInt(height, 10))
	response, err := http.DefaultClient.Do(request)
	require.NoError(n.t, err)
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	require.NoError(n.t, err)
	require.Equal(n.t, http.StatusOK, response.StatusCode, "%s: %s", path, body)
	return body
}

// send sends a transaction by a command of an account, and returns its events when it is part of a block and the next
// block is there, which splits new fees.
func (n *node) send(signer string, args ...string) []abci.Event {
	n.t.Helper()
	args = append(append([]string{"tx"}, args...), "--from", signer, "--keyring-backend", "test", "--chain-id", testchain.ID,
		"--node", n.rpc, "--gas", "auto", "--gas-adjustment", "1.5", "--fees", "1000stake", "--output", "json", "--yes")
	var sent struct {
		Code uint32 `json:"code"`
		Log  string `json:"raw_log"`
		Hash string `json:"txhash"`
	}
	require.NoError(n.t, json.Unmarshal(n.run(args...), &sent))
	require.Zero(n.t, sent.Code, "%v: %s", args, sent.Log)
	var done *tx.GetTxResponse
	require.Eventually(n.t, func() bool {
		var err error
		done, err = tx.NewServiceClient(n.grpc).GetTx(context.Background(), &tx.GetTxRequest{Hash: sent.Hash})
		return err == nil && n.height() >= done.TxResponse.Height
	}, patience, 100*time.Millisecond, "%v is part of a block", args)
	require.Zero(n.t, done.TxResponse.Code, "%v: %s", args, done.TxResponse.RawLog)
	return done.TxResponse.Events
}
