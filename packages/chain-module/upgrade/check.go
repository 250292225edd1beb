package upgrade

import (
	"encoding/json"
	"fmt"
	"math/big"

	sdk "github.com/cosmos/cosmos-sdk/types"
	stakingtypes "github.com/cosmos/cosmos-sdk/x/staking/types"
)

// poolConfig is what the pool was set up with.
type poolConfig struct {
	Active      bool            `json:"active"`
	Source      json.RawMessage `json:"source"`
	SharePlaces int             `json:"share_places"`
}

// checkPool refuses a pool that would not take the import, or go on with other delegations beside it.
func (m Move) checkPool(ctx sdk.Context) (poolConfig, error) {
	var config poolConfig
	if err := m.ask(ctx, `{"config":{}}`, &config); err != nil {
		return config, err
	}
	if config.Active {
		return config, fmt.Errorf("pool %s is active already", m.Pool)
	}
	if source := string(config.Source); source != `{"hooks":{"dialect":"juno"}}` {
		return config, fmt.Errorf("pool %s has the source %s and not the hooks of this module", m.Pool, source)
	}
	var ownership struct {
		Owner string `json:"owner"`
	}
	if err := m.ask(ctx, `{"ownership":{}}`, &ownership); err != nil {
		return config, err
	}
	if ownership.Owner != m.Owner.String() {
		return config, fmt.Errorf("pool %s belongs to %q and not to %s", m.Pool, ownership.Owner, m.Owner)
	}
	var known struct {
		Validators []json.RawMessage `json:"validators"`
	}
	if err := m.ask(ctx, `{"validators":{"limit":1}}`, &known); err != nil {
		return config, err
	}
	if len(known.Validators) > 0 {
		return config, fmt.Errorf("pool %s has validators already, and perhaps delegations that are gone", m.Pool)
	}
	return config, nil
}

// maxUnits is how many units a pool takes of one validator.
var maxUnits = new(big.Int).Exp(big.NewInt(10), big.NewInt(34), nil)

// checkShares refuses a validator with more units than a pool takes.
func checkShares(validator stakingtypes.Validator, sharePlaces int) error {
	cut := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(18-sharePlaces)), nil)
	if units := new(big.Int).Quo(validator.DelegatorShares.BigInt(), cut); units.Cmp(maxUnits) > 0 {
		return fmt.Errorf("validator %s has %s shares, more than a pool with %d share_places takes",
			validator.OperatorAddress, validator.DelegatorShares, sharePlaces)
	}
	return nil
}

// isPayable says whether the pool takes an address: that of an account (20 bytes) or of a contract (32).
func isPayable(account sdk.AccAddress) bool { return len(account) == 20 || len(account) == 32 }

// checkCoins requires that the coins of x/distribution cover what it owes, and can be sent.
func (m Move) checkCoins(ctx sdk.Context, coins sdk.Coins, all state) error {
	owed := all.communityPool
	for _, it := range all.rewards {
		owed = owed.Add(it.Rewards...)
	}
	for _, it := range all.commissions {
		owed = owed.Add(it.Commission...)
	}
	if _, negative := sdk.NewDecCoinsFromCoins(coins...).SafeSub(owed); negative {
		return fmt.Errorf("x/distribution owes %s and has %s", owed, coins)
	}
	return m.Bank.IsSendEnabledCoins(ctx, coins...)
}
