package twochains

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"cosmossdk.io/math"
	"cosmossdk.io/x/nft"

	sdk "github.com/cosmos/cosmos-sdk/types"
	stakingtypes "github.com/cosmos/cosmos-sdk/x/staking/types"

	"github.com/cw-distribution/chain-module/keeper"
	"github.com/cw-distribution/chain-module/types"

	"cw-distribution/tests/chain/feed"
	"cw-distribution/tests/chain/node"
	"cw-distribution/tests/chain/pool"
)

// noFees is a module account that receives nothing: the source of a pool that is told of blocks by a route, and whose
// fees come from somebody else. No module uses it on these chains.
const noFees = nft.ModuleName

// commission is the rate of all validators, in percent.
const commission = 10

// side is one of the two chains.
type side struct {
	*node.Node
	t      testing.TB
	module keeper.Keeper
	// pool is the chain's own fee pool, if it has one.
	pool *pool.Pool
	// stakers are all accounts that have a stake or had one, once each, operators included.
	stakers []string
	// left is how many delegations were taken back.
	left int64
}

// plenty is what the funder has of each denom at the beginning.
var plenty, _ = math.NewIntFromString("1" + strings.Repeat("0", 30))

// newSide starts a chain with bonded validators of these powers. The funder has plenty of some denoms.
func newSide(t testing.TB, genesis node.Genesis, powers map[string]int64, denoms []string, options ...node.Option) *side {
	t.Helper()
	s := &side{t: t}
	coins := sdk.NewCoins(sdk.NewCoin(node.BondDenom, plenty))
	for _, denom := range denoms {
		coins = coins.Add(sdk.NewCoin(denom, plenty))
	}
	genesis.Balances = map[string]sdk.Coins{string(node.Account(pool.Funder)): coins}
	genesis.VisibleProofs = true
	for _, name := range sorted(powers) {
		genesis.Validators = append(genesis.Validators, node.Validator{
			Name: name, Power: powers[name], Commission: math.LegacyNewDecWithPrec(commission, 2),
		})
		s.stakers = append(s.stakers, name)
	}
	var err error
	s.Node, err = node.New(genesis, append([]node.Option{feed.Graft(&s.module, noFees), node.KeepStates}, options...)...)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	return s
}

// addPool puts a fee pool onto the chain. It has imported what x/staking knows.
func (s *side) addPool(denoms ...string) {
	s.t.Helper()
	staked, err := feed.Staked(s.Node)
	require.NoError(s.t, err)
	s.pool, err = pool.New(s.Node, pool.Setup{
		Denoms: denoms, Source: pool.M{"hooks": pool.M{"dialect": "juno"}}, Import: []pool.M{staked},
	})
	require.NoError(s.t, err)
}

// poolParams have the module tell the pool of blocks and of staking, and send it no fees.
func (s *side) poolParams() types.Params {
	params := feed.FeePool(s.pool.Address.String(), s.pool.Setup.Denoms...)
	params.Routes[0].Source = noFees
	return params
}

// delegate has an account stake, which gets the coins for it.
func (s *side) delegate(delegator, validator string, amount int64) {
	s.t.Helper()
	account, coin := node.Account(delegator), sdk.NewInt64Coin(node.BondDenom, amount)
	require.NoError(s.t, s.App.BankKeeper.SendCoins(s.Context(), node.Account(pool.Funder), account, sdk.NewCoins(coin)))
	message := stakingtypes.NewMsgDelegate(account.String(), node.Operator(validator).String(), coin)
	_, err := s.Deliver(message, &stakingtypes.MsgDelegateResponse{})
	require.NoError(s.t, err)
	s.stakers = append(s.stakers, delegator)
}

// leave has an account take back all that it has with a validator.
func (s *side) leave(delegator, validator string) {
	s.t.Helper()
	account, operator := node.Account(delegator), node.Operator(validator)
	delegation, err := s.App.StakingKeeper.GetDelegation(s.Context(), account, operator)
	require.NoError(s.t, err)
	all := sdk.NewCoin(node.BondDenom, delegation.Shares.TruncateInt())
	message := stakingtypes.NewMsgUndelegate(account.String(), operator.String(), all)
	_, err = s.Deliver(message, &stakingtypes.MsgUndelegateResponse{})
	require.NoError(s.t, err)
	s.left++
}

// balance is what an account has.
func (s *side) balance(account sdk.AccAddress, denom string) math.Int {
	return s.App.BankKeeper.GetBalance(s.Context(), account, denom).Amount
}

// paid is what all stakers have of a denom.
func (s *side) paid(denom string) math.Int {
	sum := math.ZeroInt()
	for _, name := range s.stakers {
		sum = sum.Add(s.balance(node.Account(name), denom))
	}
	return sum
}

// requireFed requires that a contract took the begin of the last block, and every call before it.
func (s *side) requireFed(contract sdk.AccAddress) {
	s.t.Helper()
	status, err := s.module.Statuses.Get(s.Context(), contract)
	require.NoError(s.t, err)
	require.Zero(s.t, status.Failures, fmt.Sprint(status.LastFailure))
	require.Equal(s.t, s.Height(), status.Height)
}
