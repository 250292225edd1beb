package gas

import (
	"errors"
	"fmt"

	"cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"
	distrtypes "github.com/cosmos/cosmos-sdk/x/distribution/types"

	"cw-distribution/tests/chain/node"
	"cw-distribution/tests/chain/pool"
)

// distribution measures the Cosmos SDK's x/distribution: its begin block, and its withdrawal.
func distribution(r *recorder) error {
	for _, validators := range []int{10, 100, 1000} {
		genesis := pool.Genesis()
		for index := range validators {
			genesis.Validators = append(genesis.Validators, node.Validator{
				Name: pool.Validator(index), Power: pool.Power(index), Commission: math.LegacyNewDecWithPrec(1, 1),
			})
		}
		chain, err := node.New(genesis)
		if err != nil {
			return err
		}
		err = r.distributionOn(chain, validators)
		if err := errors.Join(err, chain.Close()); err != nil {
			return err
		}
	}
	return nil
}

func (r *recorder) distributionOn(chain *node.Node, validators int) error {
	for range blocksBefore {
		if err := collect(chain, 1); err != nil {
			return err
		}
		if err := chain.Next(); err != nil {
			return err
		}
	}
	for _, count := range denomCounts {
		at := fmt.Sprintf("%s, %d validators", denoms(count), validators)
		err := r.row(chain, 0, "begin block", at, func() (node.Outcome, error) {
			if err := collect(chain, count); err != nil {
				return node.Outcome{}, err
			}
			return chain.Run(func(ctx sdk.Context) error { return chain.App.DistrKeeper.BeginBlocker(ctx) })
		})
		if err != nil {
			return err
		}
	}
	message := &distrtypes.MsgWithdrawDelegatorReward{
		DelegatorAddress: account(pool.Validator(0)), ValidatorAddress: validator(0),
	}
	return r.row(chain, 0, "MsgWithdrawDelegatorReward", fmt.Sprintf("1 denom, %d validators", validators),
		func() (node.Outcome, error) {
			return chain.Deliver(message, &distrtypes.MsgWithdrawDelegatorRewardResponse{})
		})
}

// collect puts the fees of a block where x/distribution takes them from.
func collect(chain *node.Node, count int) error {
	coins := sdk.NewCoins()
	for _, denom := range pool.Denoms(count) {
		coins = coins.Add(sdk.NewInt64Coin(denom, fees))
	}
	return chain.App.BankKeeper.SendCoinsFromAccountToModule(
		chain.Context(), node.Account(pool.Funder), authtypes.FeeCollectorName, coins)
}
