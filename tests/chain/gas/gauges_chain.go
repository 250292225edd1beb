package gas

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"cw-distribution/tests/chain/node"
	"cw-distribution/tests/chain/pool"
	"cw-distribution/tests/chain/suite"
)

// day is an epoch of the measured gauges.
const day = 24 * time.Hour

// Accounts around the gauges; locker has the locks that are measured, crowd all others.
const locker, crowd, maker = "locker", "crowd", "maker"

// lockDenom is what is locked.
const lockDenom = node.BondDenom

// gaugesSetup is what a chain with gauges begins with.
type gaugesSetup struct {
	// denoms is how many reward denoms there are.
	denoms int
	// durations of pools, in days.
	durations []int
	// locks of the crowd, for 14 days.
	locks int
	// gauges of each pool, over 1000 epochs.
	gauges int
	// perpetual has them be perpetual instead: all is given in the first epoch.
	perpetual bool
}

// gaugesChain is a chain with the contract.
type gaugesChain struct {
	*node.Node
	code    uint64
	address sdk.AccAddress
	setup   gaugesSetup
}

func encodeJSON(msg any) ([]byte, error) { return json.Marshal(msg) }

// newGauges puts the contract onto a chain.
func newGauges(setup gaugesSetup) (*gaugesChain, error) {
	genesis := pool.Genesis()
	everything := genesis.Balances[string(node.Account(pool.Funder))]
	genesis.ChainID = "gauges-1"
	genesis.Balances = map[string]sdk.Coins{}
	for _, name := range []string{locker, crowd, maker} {
		genesis.Balances[string(node.Account(name))] = everything
	}
	chain, err := node.New(genesis)
	if err != nil {
		return nil, err
	}
	g := &gaugesChain{Node: chain, setup: setup}
	if err := g.fill(); err != nil {
		return nil, errors.Join(err, chain.Close())
	}
	return g, nil
}

func (g *gaugesChain) fill() error {
	wasm, err := suite.Wasm("reward-gauges")
	if err != nil {
		return err
	}
	if g.code, err = g.StoreCode(node.Account(pool.Owner), wasm); err != nil {
		return err
	}
	if g.address, _, err = g.instantiate(); err != nil {
		return err
	}
	for range g.setup.gauges {
		for _, days := range g.setup.durations {
			if _, err := g.createGauge(days); err != nil {
				return err
			}
		}
	}
	for number := range g.setup.locks {
		if _, err := g.lock(crowd, 14); err != nil {
			return err
		}
		// A block of the chain has several hundred messages.
		if number%500 == 499 {
			if err := g.Advance(1, time.Second); err != nil {
				return err
			}
		}
	}
	return nil
}

func (g *gaugesChain) instantiate() (sdk.AccAddress, node.Outcome, error) {
	var durations []int64
	for _, days := range g.setup.durations {
		durations = append(durations, seconds(days))
	}
	var rewards []pool.M
	for _, denom := range pool.Denoms(g.setup.denoms) {
		rewards = append(rewards, pool.M{"native": denom})
	}
	msg, err := encodeJSON(pool.M{
		"epoch_length": seconds(1), "durations": durations, "reward_assets": rewards,
		"force_unlockers": []string{node.Account(pool.Owner).String()},
		"gauge_creators":  []string{node.Account(maker).String()},
	})
	if err != nil {
		return nil, node.Outcome{}, err
	}
	return g.Instantiate(node.Contract{
		Code: g.code, Sender: node.Account(pool.Owner), Label: "reward-gauges", Msg: msg,
	})
}

func seconds(days int) int64 { return int64(days) * int64(day/time.Second) }

// execute sends a message of an account, with coins.
func (g *gaugesChain) execute(sender string, msg pool.M, coins ...sdk.Coin) (node.Outcome, error) {
	text, err := encodeJSON(msg)
	if err != nil {
		return node.Outcome{}, err
	}
	return g.Node.Execute(node.Account(sender), g.address, text, sdk.NewCoins(coins...))
}

func (g *gaugesChain) lock(sender string, days int) (node.Outcome, error) {
	return g.execute(sender, pool.M{"lock": pool.M{"duration": seconds(days)}}, sdk.NewInt64Coin(lockDenom, 1_234_567))
}

// coins are an amount of every reward denom.
func (g *gaugesChain) coins(amount int64) []sdk.Coin {
	var coins []sdk.Coin
	for _, denom := range pool.Denoms(g.setup.denoms) {
		coins = append(coins, sdk.NewInt64Coin(denom, amount))
	}
	return coins
}

func (g *gaugesChain) createGauge(days int) (node.Outcome, error) {
	gauge := pool.M{
		"lock_asset": pool.M{"native": lockDenom}, "duration": seconds(days), "epochs": 1000, "closable": true,
	}
	if g.setup.perpetual {
		delete(gauge, "epochs")
	}
	return g.execute(maker, pool.M{"create_gauge": gauge}, g.coins(1_234_567_890)...)
}

// settle settles everything.
func (g *gaugesChain) settle() error {
	for {
		outcome, err := g.execute("anyone", pool.M{"settle": pool.M{"limit": 100}})
		if err != nil || string(outcome.Data) == `{"done":true}` {
			return err
		}
	}
}

// days lets epochs pass.
func (g *gaugesChain) days(count int) error { return g.Advance(1, time.Duration(count)*day) }

// tick is the chain's clock.
func (g *gaugesChain) tick() (node.Outcome, error) {
	outcome, err := g.Sudo(g.address, []byte(`{"clock_end_block":{}}`))
	for _, event := range outcome.Events {
		if event.Type == "wasm-hook_ignored" {
			return outcome, fmt.Errorf("hook_ignored: %v", event.Attributes)
		}
	}
	return outcome, err
}
