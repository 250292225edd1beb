package hooks

import (
	"github.com/stretchr/testify/require"

	"cosmossdk.io/math"

	"github.com/cosmos/cosmos-sdk/crypto/keys/ed25519"
	sdk "github.com/cosmos/cosmos-sdk/types"
	stakingtypes "github.com/cosmos/cosmos-sdk/x/staking/types"

	"cw-distribution/tests/chain/node"
	"cw-distribution/tests/chain/pool"
)

const newcomer = "newcomer"

func stake(amount int64) sdk.Coin { return sdk.NewInt64Coin(node.BondDenom, amount) }

// account is that of a delegator with some coins.
func (w *world) account(name string) sdk.AccAddress {
	w.t.Helper()
	account := node.Account(name)
	require.NoError(w.t, w.App.BankKeeper.SendCoins(
		w.Context(), node.Account(pool.Funder), account, sdk.NewCoins(stake(10_000_000_000))))
	return account
}

// delegations come, change and go; some in a validator that is slashed meanwhile.
func (w *world) delegations() {
	w.t.Helper()
	alice, bob := w.account("alice").String(), w.account("bob").String()
	here, there := node.Operator(pool.Validator(3)).String(), node.Operator(pool.Validator(98)).String()
	w.send(stakingtypes.NewMsgDelegate(alice, here, stake(123_456_789)))
	w.send(stakingtypes.NewMsgDelegate(alice, here, stake(1)))
	w.send(stakingtypes.NewMsgDelegate(bob, there, stake(987_654_321)))
	w.slash(pool.Validator(98), math.LegacyMustNewDecFromStr("0.333333333333333333"))
	w.send(stakingtypes.NewMsgDelegate(bob, there, stake(11_111_111)))
	w.send(stakingtypes.NewMsgBeginRedelegate(alice, here, there, stake(23_456_789)))
	w.send(stakingtypes.NewMsgUndelegate(alice, here, stake(50_000_000)))
	height := w.Height() - 2
	w.send(stakingtypes.NewMsgCancelUnbondingDelegation(alice, here, height, stake(7_000_001)))
	w.leave("bob", pool.Validator(98))
	w.leave("alice", pool.Validator(3))
}

// validators come, change and go.
func (w *world) validators() {
	w.t.Helper()
	w.account(newcomer)
	message, err := stakingtypes.NewMsgCreateValidator(node.Operator(newcomer).String(),
		ed25519.GenPrivKeyFromSecret([]byte(newcomer)).PubKey(), stake(4_000_000_000), stakingtypes.Description{Moniker: newcomer},
		stakingtypes.NewCommissionRates(math.LegacyNewDecWithPrec(2, 1), math.LegacyOneDec(), math.LegacyOneDec()), math.OneInt())
	require.NoError(w.t, err)
	// It has more than others, and the set has no more places than at genesis: another one begins to unbond.
	w.send(message)
	rate := math.LegacyNewDecWithPrec(15, 2)
	w.send(stakingtypes.NewMsgEditValidator(node.Operator(pool.Validator(5)).String(),
		stakingtypes.Description{Moniker: "renamed"}, nil, nil))
	require.NoError(w.t, w.Advance(1, day))
	w.send(stakingtypes.NewMsgEditValidator(node.Operator(newcomer).String(),
		stakingtypes.Description{Moniker: newcomer}, &rate, nil))
	w.run(func(ctx sdk.Context) error {
		return w.App.StakingKeeper.Jail(ctx, w.consensus(pool.Validator(7)))
	})
	w.run(func(ctx sdk.Context) error {
		return w.App.StakingKeeper.Unjail(ctx, w.consensus(pool.Validator(7)))
	})
	w.slash(newcomer, math.LegacyMustNewDecFromStr("0.05"))
	w.leave(newcomer, newcomer)
	// It is removed when its stake has unbonded.
	require.NoError(w.t, w.Advance(1, 22*day))
	w.blocks(2)
	_, err = w.App.StakingKeeper.GetValidator(w.Context(), node.Operator(newcomer))
	require.ErrorIs(w.t, err, stakingtypes.ErrNoValidatorFound)
}

// leave takes back all that an account has with a validator.
func (w *world) leave(delegator, validator string) {
	w.t.Helper()
	account, operator := node.Account(delegator), node.Operator(validator)
	delegation, err := w.App.StakingKeeper.GetDelegation(w.Context(), account, operator)
	require.NoError(w.t, err)
	of, err := w.App.StakingKeeper.GetValidator(w.Context(), operator)
	require.NoError(w.t, err)
	all := sdk.NewCoin(node.BondDenom, of.TokensFromShares(delegation.Shares).TruncateInt())
	w.send(stakingtypes.NewMsgUndelegate(account.String(), operator.String(), all))
}

func (w *world) slash(validator string, fraction math.LegacyDec) {
	w.t.Helper()
	of, err := w.App.StakingKeeper.GetValidator(w.Context(), node.Operator(validator))
	require.NoError(w.t, err)
	power := of.GetConsensusPower(w.App.StakingKeeper.PowerReduction(w.Context()))
	w.run(func(ctx sdk.Context) error {
		_, err := w.App.StakingKeeper.Slash(ctx, w.consensus(validator), w.Height(), power, fraction)
		return err
	})
}

func (w *world) consensus(validator string) sdk.ConsAddress {
	w.t.Helper()
	of, err := w.App.StakingKeeper.GetValidator(w.Context(), node.Operator(validator))
	require.NoError(w.t, err)
	address, err := of.GetConsAddr()
	require.NoError(w.t, err)
	return address
}
