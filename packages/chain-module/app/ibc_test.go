package app_test

import (
	"encoding/json"
	"fmt"
	"testing"

	dbm "github.com/cosmos/cosmos-db"
	"github.com/cosmos/gogoproto/proto"
	transfertypes "github.com/cosmos/ibc-go/v10/modules/apps/transfer/types"
	clienttypes "github.com/cosmos/ibc-go/v10/modules/core/02-client/types"
	ibckeeper "github.com/cosmos/ibc-go/v10/modules/core/keeper"
	ibctesting "github.com/cosmos/ibc-go/v10/testing"
	"github.com/stretchr/testify/require"

	"cosmossdk.io/log"

	"github.com/cosmos/cosmos-sdk/baseapp"
	"github.com/cosmos/cosmos-sdk/client"
	simtestutil "github.com/cosmos/cosmos-sdk/testutil/sims"
	sdk "github.com/cosmos/cosmos-sdk/types"

	wasmtypes "github.com/CosmWasm/wasmd/x/wasm/types"

	"github.com/cw-distribution/chain-module/app"
	"github.com/cw-distribution/chain-module/internal/testchain"
)

// ibcApp is the application as ibc-go's tests know it.
type ibcApp struct{ *app.App }

func (a ibcApp) GetBaseApp() *baseapp.BaseApp    { return a.BaseApp }
func (a ibcApp) GetIBCKeeper() *ibckeeper.Keeper { return a.IBCKeeper }
func (a ibcApp) GetTxConfig() client.TxConfig    { return a.TxConfig() }
func (a ibcApp) balance(chain *ibctesting.TestChain, of sdk.AccAddress, denom string) string {
	return a.BankKeeper.GetBalance(chain.GetContext(), of, denom).Amount.String()
}

// transferPath are two chains of the application with a channel for transfers.
func transferPath(t *testing.T) *ibctesting.Path {
	t.Helper()
	coordinator := ibctesting.NewCustomAppCoordinator(t, 2, func() (ibctesting.TestingApp, map[string]json.RawMessage) {
		made := app.New(log.NewNopLogger(), dbm.NewMemDB(), nil, true, simtestutil.NewAppOptionsWithFlagHome(t.TempDir()), nil)
		t.Cleanup(func() { require.NoError(t, made.Close()) })
		return ibcApp{made}, made.DefaultGenesis()
	})
	path := ibctesting.NewTransferPath(coordinator.GetChain(ibctesting.GetChainID(1)), coordinator.GetChain(ibctesting.GetChainID(2)))
	path.Setup()
	return path
}

// transfer sends 1000stake from A to B and relays whatever follows.
func transfer(t *testing.T, path *ibctesting.Path, memo string) {
	t.Helper()
	a, b := path.EndpointA.Chain, path.EndpointB.Chain
	result, err := a.SendMsgs(transfertypes.NewMsgTransfer(transfertypes.PortID, path.EndpointA.ChannelID, stake(1000),
		a.SenderAccount.GetAddress().String(), b.SenderAccount.GetAddress().String(),
		clienttypes.NewHeight(1, 1000), 0, memo))
	require.NoError(t, err)
	packet, err := ibctesting.ParseV1PacketFromEvents(result.Events)
	require.NoError(t, err)
	require.NoError(t, path.RelayPacket(packet))
}

func voucher(path *ibctesting.Path) string {
	return transfertypes.NewDenom(testchain.BondDenom, transfertypes.NewHop(transfertypes.PortID, path.EndpointB.ChannelID)).IBCDenom()
}

func TestATransferArrives(t *testing.T) {
	path := transferPath(t)
	transfer(t, path, "")
	b := path.EndpointB.Chain
	require.Equal(t, "1000", b.App.(ibcApp).balance(b, b.SenderAccount.GetAddress(), voucher(path)))
}

// The callbacks middleware is there: a contract that the memo names decides whether coins are accepted.
func TestATransferThatAContractRefusesComesBack(t *testing.T) {
	path := transferPath(t)
	a, b := path.EndpointA.Chain, path.EndpointB.Chain
	owner := b.SenderAccount.GetAddress().String()
	_, err := b.SendMsgs(&wasmtypes.MsgStoreCode{Sender: owner, WASMByteCode: testchain.Wasm(t, "fee-pool")})
	require.NoError(t, err)
	result, err := b.SendMsgs(&wasmtypes.MsgInstantiateContract{
		Sender: owner, CodeID: 1, Label: "pool", Msg: []byte(`{"reward_denoms":["stake"]}`),
	})
	require.NoError(t, err)
	var data sdk.TxMsgData
	require.NoError(t, proto.Unmarshal(result.Data, &data))
	var response wasmtypes.MsgInstantiateContractResponse
	require.NoError(t, proto.Unmarshal(data.MsgResponses[0].Value, &response))

	before := a.App.(ibcApp).balance(a, a.SenderAccount.GetAddress(), testchain.BondDenom)
	transfer(t, path, fmt.Sprintf(`{"dest_callback":{"address":%q}}`, response.Address))
	require.Equal(t, "0", b.App.(ibcApp).balance(b, b.SenderAccount.GetAddress(), voucher(path)))
	require.Equal(t, before, a.App.(ibcApp).balance(a, a.SenderAccount.GetAddress(), testchain.BondDenom))
}
