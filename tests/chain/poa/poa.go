// Package poa puts a PoA fee pool onto a chain, for tests and measurements.
package poa

import (
	"encoding/json"
	"fmt"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"cw-distribution/tests/chain/node"
	"cw-distribution/tests/chain/pool"
	"cw-distribution/tests/chain/suite"
)

// M is a JSON object.
type M = map[string]any

// Admin administers the pool.
const Admin = pool.Owner

// Power is that of the first validator, however many there are.
const Power = 100_000_000

// others is the power of all the others together: divisible by 3 and by 399.
const others = 399_000_000

// Setup describes a pool.
type Setup struct {
	// Denoms are those that it takes.
	Denoms []string
	// Validators is how many validators it begins with: 1, or a number one above a divisor of the
	// others' power.
	Validators int
}

// Pool is a PoA fee pool on a chain.
type Pool struct {
	*node.Node
	Code    uint64
	Address sdk.AccAddress
	Setup   Setup
}

// New puts a pool onto a chain.
func New(chain *node.Node, setup Setup) (*Pool, error) {
	wasm, err := suite.Wasm("poa-fee-pool")
	if err != nil {
		return nil, err
	}
	p := &Pool{Node: chain, Setup: setup}
	if p.Code, err = chain.StoreCode(node.Account(Admin), wasm); err != nil {
		return nil, err
	}
	p.Address, _, err = chain.Instantiate(p.Instantiation())
	return p, err
}

// Instantiation is the pool's instantiate message.
func (p *Pool) Instantiation() node.Contract {
	validators := make([]M, p.Setup.Validators)
	for index := range validators {
		power := Power
		if index > 0 {
			power = others / (p.Setup.Validators - 1)
		}
		validators[index] = Validator(index, power)
	}
	msg := M{"denoms": p.Setup.Denoms, "validators": validators}
	return node.Contract{Code: p.Code, Sender: node.Account(Admin), Label: "poa-fee-pool", Msg: encode(msg)}
}

// Validator is a validator with a power, as messages name it.
func Validator(index, power int) M {
	return M{"operator": Operator(index), "power": fmt.Sprint(power)}
}

// Operator is the address of a validator's operator.
func Operator(index int) string { return node.Account(pool.Validator(index)).String() }

// Execute sends a message of the account called sender.
func (p *Pool) Execute(sender string, msg any) (node.Outcome, error) {
	return p.Node.Execute(node.Account(sender), p.Address, encode(msg), nil)
}

// Query asks the pool and reads its answer.
func (p *Pool) Query(msg, answer any) error {
	outcome, err := p.Node.Query(p.Address, encode(msg))
	if err != nil {
		return err
	}
	return json.Unmarshal(outcome.Data, answer)
}

// Fees sends this much of every denom to the pool.
func (p *Pool) Fees(amount int64) error {
	coins := sdk.NewCoins()
	for _, denom := range p.Setup.Denoms {
		coins = coins.Add(sdk.NewInt64Coin(denom, amount))
	}
	return p.App.BankKeeper.SendCoins(p.Context(), node.Account(pool.Funder), p.Address, coins)
}

// Powers is a message that adds one to the powers of the first changed validators.
func (p *Pool) Powers(changed int) M {
	validators := make([]M, changed)
	for index := range validators {
		power := Power
		if index > 0 {
			power = others / (p.Setup.Validators - 1)
		}
		validators[index] = Validator(index, power+1)
	}
	return M{"update_validators": M{"validators": validators}}
}

// encode writes JSON of what is made of strings, numbers, lists and objects only.
func encode(msg any) []byte {
	text, err := json.Marshal(msg)
	if err != nil {
		panic(fmt.Errorf("a message that is no JSON: %w", err))
	}
	return text
}

// Deposit sends coins of every denom along with a message that says so.
func (p *Pool) Deposit(amount int64) (node.Outcome, error) {
	coins := sdk.NewCoins()
	for _, denom := range p.Setup.Denoms {
		coins = coins.Add(sdk.NewInt64Coin(denom, amount))
	}
	return p.Node.Execute(node.Account(pool.Funder), p.Address, encode(M{"deposit": M{}}), coins)
}
