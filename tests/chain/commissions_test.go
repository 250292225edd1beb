package chain_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"cosmossdk.io/math"

	"cw-distribution/tests/chain/node"
	"cw-distribution/tests/chain/pool"
)

// hookedPool is a pool that believes Juno's hooks, with the only denom uatom.
func hookedPool(t *testing.T, accounting pool.Accounting, validators int) *pool.Pool {
	t.Helper()
	return start(t, pool.Setup{
		Denoms: pool.Denoms(1), Validators: validators, Accounting: accounting,
		Source: pool.M{"hooks": pool.M{"dialect": "juno"}},
	})
}

// announce has the chain announce a change of a validator's commission. It is made by setRate.
func announce(t *testing.T, p *pool.Pool, name string) {
	t.Helper()
	outcome, err := p.Sudo(pool.M{"before_validator_modified": pool.M{
		"moniker": "m", "validator_address": node.Operator(name).String(), "commission": "0.1",
		"validator_tokens": "1", "bonded_tokens": "1", "bond_status": "BOND_STATUS_BONDED",
	}})
	require.NoError(t, err)
	require.Equal(t, 1, called(outcome, "commission_announced"))
}

func setRate(t *testing.T, p *pool.Pool, name, rate string) {
	t.Helper()
	require.NoError(t, p.SetValidator(node.Operator(name), node.Terms{
		Rate: math.LegacyMustNewDecFromStr(rate), MaxRate: math.LegacyOneDec(), MaxChangeRate: math.LegacyOneDec(),
	}))
}

// commission is what a pool knows of a validator's commission.
type commission struct {
	Rate  string `json:"rate"`
	Stale bool   `json:"stale"`
}

func commissionOf(t *testing.T, p *pool.Pool, name string) commission {
	t.Helper()
	var answer struct {
		Commission commission `json:"commission"`
	}
	require.NoError(t, p.Query(pool.M{"validator": pool.M{"validator": node.Operator(name).String()}}, &answer))
	return answer.Commission
}

// earned is what an operator can withdraw as commission, in uatom.
func earned(t *testing.T, p *pool.Pool, name string) string {
	t.Helper()
	var answer rewards
	query := pool.M{"validator_commission": pool.M{"validator": node.Operator(name).String()}}
	require.NoError(t, p.Query(query, &answer))
	require.Len(t, answer.Claimable, 1)
	return answer.Claimable[0].Amount
}

func TestAnAnnouncedCommissionIsReadByALaterBlockBeforeItsFeesAreSplit(t *testing.T) {
	forEachAccounting(t, func(t *testing.T, accounting pool.Accounting) {
		p := hookedPool(t, accounting, 1)
		name := pool.Validator(0)
		beginBlock := func(height int64) node.Outcome {
			require.NoError(t, p.Fees(1000))
			msg := pool.M{"begin_block": pool.M{
				"proposer": node.Operator(name).String(), "last_commit": p.SignedPower(),
			}}
			outcome, err := p.SudoAt(height, p.Address, encode(t, msg))
			require.NoError(t, err)
			require.Equal(t, 1, called(outcome, "begin_block"))
			return outcome
		}
		height := p.Height()
		announce(t, p, name)
		// The block of the announcement does not read: the chain may not have made the change.
		setRate(t, p, name, "0.5")
		outcome := beginBlock(height)
		require.Zero(t, called(outcome, "commission_read"))
		require.Equal(t, commission{Rate: "0.1", Stale: true}, commissionOf(t, p, name))
		require.Equal(t, "98", earned(t, p, name), "a tenth of 980")
		// Nor does anybody else in that block.
		refresh := pool.M{"refresh_validator": pool.M{"validator": node.Operator(name).String()}}
		_, err := p.Execute("anybody", refresh)
		require.ErrorContains(t, err, "announced")

		// The next one reads before it splits anything.
		outcome = beginBlock(height + 1)
		require.Equal(t, "0.5", attribute(t, outcome, "commission_read", "rate"))
		require.Equal(t, commission{Rate: "0.5"}, commissionOf(t, p, name))
		require.Equal(t, "588", earned(t, p, name), "and half of 980")

		// It is read once.
		require.Zero(t, called(beginBlock(height+2), "commission_read"))
		ledgerBalances(t, p)
	})
}

func TestAnybodyMayReadAnAnnouncedCommissionInALaterBlock(t *testing.T) {
	p := hookedPool(t, pool.F1, 1)
	name := pool.Validator(0)
	announce(t, p, name)
	setRate(t, p, name, "0.5")
	require.NoError(t, p.Next())
	outcome, err := p.Execute("anybody", pool.M{"refresh_validator": pool.M{"validator": node.Operator(name).String()}})
	require.NoError(t, err)
	require.Equal(t, "0.5", attribute(t, outcome, "commission_read", "rate"))
	require.Equal(t, commission{Rate: "0.5", Stale: true}, commissionOf(t, p, name), "the announcement stays for the next block")
	require.NoError(t, p.Fees(1000))
	outcome, err = p.Sudo(pool.M{"begin_block": pool.M{"last_commit": p.SignedPower()}})
	require.NoError(t, err)
	require.Equal(t, "0.5", attribute(t, outcome, "commission_read", "rate"))
	require.Equal(t, commission{Rate: "0.5"}, commissionOf(t, p, name))
}

func TestABlockReadsTwentyAnnouncedCommissionsAndTheNextTheOthers(t *testing.T) {
	p := hookedPool(t, pool.F1, 25)
	for index := range 25 {
		announce(t, p, pool.Validator(index))
		setRate(t, p, pool.Validator(index), "0.5")
	}
	for _, read := range []int{20, 5, 0} {
		require.NoError(t, p.Next())
		require.NoError(t, p.Fees(1000))
		outcome, err := p.Sudo(pool.M{"begin_block": pool.M{"last_commit": p.SignedPower()}})
		require.NoError(t, err)
		require.Equal(t, read, called(outcome, "commission_read"))
	}
	for index := range 25 {
		require.Equal(t, commission{Rate: "0.5"}, commissionOf(t, p, pool.Validator(index)))
	}
	ledgerBalances(t, p)
}

func TestAnAnnouncementThatStakingDoesNotAnswerIsDropped(t *testing.T) {
	p := hookedPool(t, pool.F1, 1)
	name := pool.Validator(0)
	announce(t, p, name)
	require.NoError(t, p.Next())
	require.NoError(t, p.Fees(1000))
	outcome, err := p.Sudo(pool.M{"begin_block": pool.M{"last_commit": p.SignedPower()}})
	require.NoError(t, err)
	require.Equal(t, 1, called(outcome, "announcement_dropped"))
	require.Equal(t, 1, called(outcome, "begin_block"), "the fees are split all the same")
	require.Equal(t, commission{Rate: "0.1"}, commissionOf(t, p, name))
}
