package shadow

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	abci "github.com/cometbft/cometbft/abci/types"
	"github.com/cosmos/gogoproto/proto"
	"github.com/stretchr/testify/require"

	"cosmossdk.io/math"

	"github.com/cosmos/cosmos-sdk/baseapp"
	"github.com/cosmos/cosmos-sdk/crypto/keys/ed25519"
	sdk "github.com/cosmos/cosmos-sdk/types"
	slashingtypes "github.com/cosmos/cosmos-sdk/x/slashing/types"
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

// leave has all delegations of a validator go, so that x/staking removes it once it is not bonded.
func (h *history) leave() {
	validator := h.other().OperatorAddress
	if h.random.IntN(2) == 0 {
		return
	}
	h.done["leave a validator"]++
	for _, it := range h.delegations {
		of := pair{it.DelegatorAddress, it.ValidatorAddress}
		if all := h.look(of).stake().TruncateInt(); of.validator == validator && all.IsPositive() {
			h.try("undelegate", stakingtypes.NewMsgUndelegate(of.delegator, of.validator, sdk.NewCoin(node.BondDenom, all)),
				&stakingtypes.MsgUndelegateResponse{})
		}
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

func (h *history) editCommission() {
	rate := h.rate()
	description := stakingtypes.NewDescription("renamed", stakingtypes.DoNotModifyDesc, stakingtypes.DoNotModifyDesc,
		stakingtypes.DoNotModifyDesc, stakingtypes.DoNotModifyDesc)
	h.try("edit commission", stakingtypes.NewMsgEditValidator(h.validator().OperatorAddress, description, &rate, nil),
		&stakingtypes.MsgEditValidatorResponse{})
}

// run runs what the chain itself does.
func (h *history) run(operation string, what func(sdk.Context) error) {
	h.note(operation, h.do(func() error {
		_, err := h.Run(what)
		return err
	}))
}

// slash takes a part of a validator's tokens, of some of its power, for something in the past: delegations
// that left since are slashed too. Rarely it takes all.
func (h *history) slash() {
	it := h.other()
	consensus, err := it.GetConsAddr()
	require.NoError(h.t, err)
	if it.IsUnbonded() || !it.Tokens.IsPositive() {
		return
	}
	height := max(1, h.Height()-h.random.Int64N(20))
	power := it.GetConsensusPower(h.App.StakingKeeper.PowerReduction(h.Context()))
	power = power/2 + h.random.Int64N(1+power)
	fractions := []string{"0.0001", "0.01", "0.05", "0.05", "0.333333333333333333", "0.5"}
	fraction := math.LegacyMustNewDecFromStr(fractions[h.random.IntN(len(fractions))])
	operation := "slash"
	if h.random.IntN(12) == 0 {
		operation, height, power, fraction = "slash of everything", h.Height(), 2*power+it.Tokens.Int64(), math.LegacyOneDec()
	}
	h.run(operation, func(ctx sdk.Context) error {
		_, err := h.App.StakingKeeper.Slash(ctx, consensus, height, power, fraction)
		return err
	})
}

// evidence is of two votes for one height: the validator is slashed, jailed and never comes back.
func (h *history) evidence() {
	it := h.other()
	if it.IsUnbonded() || h.random.IntN(4) > 0 {
		return
	}
	consensus, err := it.GetConsAddr()
	require.NoError(h.t, err)
	ago := 1 + h.random.Int64N(15)
	wrong := []abci.Misbehavior{{
		Type: abci.MisbehaviorType_DUPLICATE_VOTE, Height: max(1, h.Height()-ago), Time: h.Time().Add(-blockTime * 15),
		Validator: abci.Validator{Address: consensus, Power: it.GetConsensusPower(h.App.StakingKeeper.PowerReduction(h.Context()))},
	}}
	h.run("evidence", func(ctx sdk.Context) error {
		return h.App.EvidenceKeeper.BeginBlocker(ctx.WithCometInfo(baseapp.NewBlockInfo(wrong, nil, nil, abci.CommitInfo{})))
	})
}

// beAbsent has a validator miss some blocks, often enough of them to be jailed; others sign again.
func (h *history) beAbsent() {
	for _, name := range slices.Clone(h.names) {
		if until, is := h.absent[name]; is && int64(until) <= h.Height() {
			delete(h.absent, name)
			h.SetAbsent(name, false)
		}
	}
	name := h.names[1+h.random.IntN(h.plan.validators-1)]
	if _, is := h.absent[name]; !is {
		h.absent[name] = int(h.Height()) + 1 + h.random.IntN(12)
		h.SetAbsent(name, true)
		h.done["be absent"]++
	}
}

func (h *history) unjail() {
	for _, it := range h.validators {
		if it.Jailed && h.random.IntN(3) == 0 {
			h.try("unjail", slashingtypes.NewMsgUnjail(it.OperatorAddress), &slashingtypes.MsgUnjailResponse{})
		}
	}
}

// createValidator creates a new validator, or again one that was removed, with a new key.
func (h *history) createValidator() {
	known := map[string]bool{}
	for _, it := range h.validators {
		known[it.OperatorAddress] = true
	}
	var gone []string
	for _, name := range h.names[:min(h.created+1, len(h.names))] {
		if !known[node.Operator(name).String()] {
			gone = append(gone, name)
		}
	}
	if len(gone) == 0 {
		return
	}
	name, operation := gone[h.random.IntN(len(gone))], "create validator again"
	if h.created < len(h.names) && name == h.names[h.created] {
		operation = "create validator"
		h.created++
	}
	h.keys++
	key := ed25519.GenPrivKeyFromSecret([]byte(fmt.Sprint("key ", h.keys))).PubKey()
	message, err := stakingtypes.NewMsgCreateValidator(node.Operator(name).String(), key, stake(1+h.upTo(2_000_000_000)),
		stakingtypes.Description{Moniker: name}, stakingtypes.NewCommissionRates(h.rate(), math.LegacyOneDec(), math.LegacyOneDec()), math.OneInt())
	require.NoError(h.t, err)
	h.try(operation, message, &stakingtypes.MsgCreateValidatorResponse{})
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
