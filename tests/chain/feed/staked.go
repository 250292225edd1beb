package feed

import (
	"fmt"

	"cw-distribution/tests/chain/node"
	"cw-distribution/tests/chain/pool"
)

// Staked is what x/staking knows, as the body of a pool's import.
func Staked(chain *node.Node) (pool.M, error) {
	staking := chain.App.StakingKeeper
	known, err := staking.GetAllValidators(chain.Context())
	if err != nil {
		return nil, err
	}
	reduction := staking.PowerReduction(chain.Context())
	validators := []pool.M{}
	for _, it := range known {
		validators = append(validators, pool.M{
			"validator": it.OperatorAddress, "power": fmt.Sprint(it.GetConsensusPower(reduction)),
			"commission": pool.Terms(it.Commission.Rate.String()),
		})
	}
	all, err := staking.GetAllDelegations(chain.Context())
	if err != nil {
		return nil, err
	}
	delegations := []pool.M{}
	for _, it := range all {
		delegations = append(delegations, pool.M{
			"validator": it.ValidatorAddress, "delegator": it.DelegatorAddress, "shares": it.Shares.String(),
		})
	}
	return pool.M{"validators": validators, "delegations": delegations}, nil
}
