package shadow

import (
	"regexp"
	"strings"

	"github.com/cosmos/gogoproto/proto"
	"github.com/stretchr/testify/require"

	"cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"
	stakingtypes "github.com/cosmos/cosmos-sdk/x/staking/types"

	"cw-distribution/tests/chain/node"
	"cw-distribution/tests/chain/pool"
)

// operate does one random thing.
func (h *history) operate() {
	switch choice := h.random.IntN(100); {
	case choice < 22:
		h.delegate(h.delegators[h.random.IntN(len(h.delegators))], h.validator().OperatorAddress)
	case choice < 25:
		operator := h.validator().OperatorAddress
		h.delegate(h.self(operator), operator)
	case choice < 37:
		h.undelegate(h.delegation())
	case choice < 49:
		h.redelegate(h.delegation())
	case choice < 52:
		h.cancelUnbonding()
	case choice < 57:
		h.editCommission()
	case choice < 59:
		h.slash()
	case choice < 60:
		h.evidence()
	case choice < 63:
		h.beAbsent()
	case choice < 67:
		h.unjail()
	case choice < 68:
		h.createValidator()
	case choice < 69:
		h.leave()
	case choice < 76:
		of := h.delegation()
		h.note("withdraw from x/distribution", h.withdrawNative(pair{of.DelegatorAddress, of.ValidatorAddress}))
	case choice < 80:
		h.note("withdraw commission from x/distribution", h.withdrawNativeCommission(h.validator().OperatorAddress))
	default:
		h.withdrawFromPool()
	}
}

// addresses and numbers differ from error to error.
var varying = regexp.MustCompile(`cosmos[0-9a-z]+|[0-9.]+(stake)?`)

// note counts what became of an operation.
func (h *history) note(operation string, err error) {
	if err == nil {
		h.done[operation]++
		return
	}
	reason, _, _ := strings.Cut(err.Error(), "\n")
	h.refused[operation+": "+varying.ReplaceAllString(reason, "#")]++
}

// try sends a message and counts what became of it.
func (h *history) try(operation string, message sdk.Msg, response proto.Message) {
	h.note(operation, h.send(message, response))
}

func (h *history) validator() stakingtypes.Validator {
	return h.validators[h.random.IntN(len(h.validators))]
}

// other is any validator but the first, which is always there: a chain without validators ends.
func (h *history) other() stakingtypes.Validator {
	first := node.Operator(h.names[0]).String()
	for {
		if it := h.validator(); it.OperatorAddress != first {
			return it
		}
	}
}

func (h *history) delegation() stakingtypes.Delegation {
	return h.delegations[h.random.IntN(len(h.delegations))]
}

// self is the account of an operator.
func (h *history) self(validator string) string { return sdk.AccAddress(operator(validator)).String() }

func (h *history) delegate(delegator, validator string) {
	h.try("delegate", stakingtypes.NewMsgDelegate(delegator, validator, stake(1+h.upTo(2_000_000_000))), &stakingtypes.MsgDelegateResponse{})
}

// some is a part of a delegation: often all of it, or all but a little. It is 0 for the first validator's own,
// which keeps the chain alive, and for one that is gone.
func (h *history) some(of stakingtypes.Delegation) math.Int {
	now := h.look(pair{of.DelegatorAddress, of.ValidatorAddress})
	all := now.stake().TruncateInt()
	if !all.IsPositive() || of.DelegatorAddress == node.Account(h.names[0]).String() {
		return math.ZeroInt()
	}
	switch h.random.IntN(4) {
	case 0:
		return all
	case 1:
		return math.MaxInt(all.SubRaw(h.random.Int64N(3)), math.OneInt())
	default:
		return math.NewInt(1 + h.random.Int64N(all.Int64()))
	}
}

func (h *history) undelegate(of stakingtypes.Delegation) {
	if amount := h.some(of); amount.IsPositive() {
		h.try("undelegate", stakingtypes.NewMsgUndelegate(of.DelegatorAddress, of.ValidatorAddress, sdk.NewCoin(node.BondDenom, amount)),
			&stakingtypes.MsgUndelegateResponse{})
	}
}

func (h *history) redelegate(of stakingtypes.Delegation) {
	amount, to := h.some(of), h.validator().OperatorAddress
	if amount.IsPositive() && to != of.ValidatorAddress {
		h.try("redelegate", stakingtypes.NewMsgBeginRedelegate(of.DelegatorAddress, of.ValidatorAddress, to, sdk.NewCoin(node.BondDenom, amount)),
			&stakingtypes.MsgBeginRedelegateResponse{})
	}
}

func (h *history) cancelUnbonding() {
	delegator := h.delegators[h.random.IntN(len(h.delegators))]
	unbonding, err := h.App.StakingKeeper.GetUnbondingDelegations(h.Context(), account(delegator), 10)
	require.NoError(h.t, err)
	if len(unbonding) == 0 {
		return
	}
	it := unbonding[h.random.IntN(len(unbonding))]
	entry := it.Entries[h.random.IntN(len(it.Entries))]
	if entry.Balance.IsPositive() {
		amount := math.NewInt(1 + h.random.Int64N(entry.Balance.Int64()))
		h.try("cancel unbonding", stakingtypes.NewMsgCancelUnbondingDelegation(delegator, it.ValidatorAddress, entry.CreationHeight,
			sdk.NewCoin(node.BondDenom, amount)), &stakingtypes.MsgCancelUnbondingDelegationResponse{})
	}
}

// run runs what the chain itself does.
func (h *history) run(operation string, what func(sdk.Context) error) {
	h.note(operation, h.do(func() error {
		_, err := h.Run(what)
		return err
	}))
}

func (h *history) withdrawFromPool() {
	p, of := h.pools[h.random.IntN(len(h.pools))], h.delegation()
	sender, validator := account(of.DelegatorAddress), pool.M{"validator": of.ValidatorAddress}
	switch h.random.IntN(4) {
	case 0:
		h.note("withdraw a page from a pool", h.execute(p, sender, pool.M{"withdraw_delegation": pool.M{"limit": 1 + h.random.IntN(10)}}))
	case 1:
		sender = sdk.AccAddress(operator(of.ValidatorAddress))
		h.note("withdraw commission from a pool", h.execute(p, sender, pool.M{"withdraw_validator_commission": validator}))
	default:
		h.note("withdraw from a pool", h.execute(p, sender, pool.M{"withdraw_delegator_reward": validator}))
	}
}
