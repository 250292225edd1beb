package shadow

import (
	"fmt"
	"slices"

	abci "github.com/cometbft/cometbft/abci/types"
	"github.com/stretchr/testify/require"

	"cosmossdk.io/math"

	"github.com/cosmos/cosmos-sdk/baseapp"
	"github.com/cosmos/cosmos-sdk/crypto/keys/ed25519"
	sdk "github.com/cosmos/cosmos-sdk/types"
	slashingtypes "github.com/cosmos/cosmos-sdk/x/slashing/types"
	stakingtypes "github.com/cosmos/cosmos-sdk/x/staking/types"

	"cw-distribution/tests/chain/node"
)

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

func (h *history) editCommission() {
	rate := h.rate()
	description := stakingtypes.NewDescription("renamed", stakingtypes.DoNotModifyDesc, stakingtypes.DoNotModifyDesc,
		stakingtypes.DoNotModifyDesc, stakingtypes.DoNotModifyDesc)
	h.try("edit commission", stakingtypes.NewMsgEditValidator(h.validator().OperatorAddress, description, &rate, nil),
		&stakingtypes.MsgEditValidatorResponse{})
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
