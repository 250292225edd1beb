package app_test

import (
	"math/rand"
	"time"

	"cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"
	distrtypes "github.com/cosmos/cosmos-sdk/x/distribution/types"
	slashingtypes "github.com/cosmos/cosmos-sdk/x/slashing/types"

	"github.com/cw-distribution/chain-module/internal/testchain"
)

// stakers are all who stake: three operate a validator from the beginning, finn begins later.
var stakers = []string{"ada", "bob", "cleo", "dan", "eve", "finn", "owner"}

// randomly makes blocks with a random operation each, which may fail, and returns how often each kind succeeded.
// Absence of cleo and bob slashes and jails them.
func (s *stock) randomly(random *rand.Rand, blocks int) map[string]int {
	s.t.Helper()
	succeeded := map[string]int{}
	operators := []string{"ada", "bob", "cleo"}
	one := func(names []string) string { return names[random.Intn(len(names))] }
	try := func(kind, signer string, message sdk.Msg) {
		if s.Try(signer, message).Code == 0 {
			succeeded[kind]++
		}
	}
	for block := range blocks {
		for name, absent := range map[string]int{"cleo": blocks / 10, "bob": blocks / 2} {
			s.Absent[name] = block >= absent && block < absent+14
			if block == absent+20 {
				try("unjail", name, slashingtypes.NewMsgUnjail(testchain.Operator(name).String()))
			}
		}
		if block == blocks/4 {
			try("create validator", "finn", createValidator(s.t, "finn", 20_000_000))
			operators = append(operators, "finn")
		}
		staker, validator, amount := one(stakers), one(operators), 1+random.Int63n(9_000_000)
		switch random.Intn(8) {
		case 0, 1:
			try("delegate", staker, delegate(staker, validator, amount))
		case 2:
			try("undelegate", staker, undelegate(staker, validator, amount/3))
		case 3:
			try("redelegate", staker, redelegate(staker, validator, one(operators), amount/2))
		case 4:
			try("withdraw", staker, withdraw(staker, validator))
		case 5:
			try("withdraw commission", validator, distrtypes.NewMsgWithdrawValidatorCommission(testchain.Operator(validator).String()))
		case 6:
			try("set withdraw address", staker, distrtypes.NewMsgSetWithdrawAddress(testchain.Account(staker), testchain.Account(one(stakers))))
		case 7:
			// x/staking takes a new rate once a day.
			s.Later(24 * time.Hour)
			try("edit commission", validator, editCommission(validator, math.LegacyNewDecWithPrec(random.Int63n(20), 2)))
		}
	}
	return succeeded
}
