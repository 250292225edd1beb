// Package pool puts a fee pool onto a chain, for tests and measurements.
package pool

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"cw-distribution/tests/chain/node"
	"cw-distribution/tests/chain/suite"
)

// Names of the accounts around a pool.
const (
	Owner    = "owner"
	Reporter = "reporter"
	// Funder has all the coins.
	Funder = "funder"
)

// shares is what every delegation has, as a staking module prints it.
const shares = "1000000.000000000000000000"

// importPage is how many records an import message has here.
const importPage = 50

// M is a JSON object.
type M = map[string]any

// Accounting is how a pool keeps what it owes: the name of the contract that keeps it so.
type Accounting string

// The accountings, each a contract of its own.
const (
	F1   Accounting = "fee-pool"
	Lazy Accounting = "lazy-fee-pool"
)

// Accountings are all of them.
var Accountings = []Accounting{F1, Lazy}

// Setup describes a pool.
type Setup struct {
	// Denoms are its reward denoms.
	Denoms []string
	// Validators is how many active validators it begins with; see Validator for their names.
	Validators int
	// Delegations are imported after each operator's own.
	Delegations []Delegation
	// Undelegated leaves out the operators' own delegations.
	Undelegated bool
	// Accounting chooses the contract; F1 when empty.
	Accounting Accounting
	// Source is who is believed for delegations; the reporter when nil.
	Source any
	// Group is the account that sends powers as a cw4 group does; none when empty.
	Group string
	// Params are those that are not the default.
	Params M
	// Import is what the pool imports instead of Validators and Delegations.
	Import []M
	// Migratable has the owner be the contract's admin.
	Migratable bool
}

// Delegation is a delegator and a validator, by name.
type Delegation struct{ Delegator, Validator string }

// Validator is the name of a pool's validator, counted from 0.
func Validator(index int) string { return fmt.Sprintf("validator-%d", index) }

// Power is the voting power of that validator at the beginning.
func Power(index int) int64 { return 1_000_000 + 37*int64(index) }

// Denoms are count denoms of a pool: one of the chain itself, the others from elsewhere.
func Denoms(count int) []string {
	denoms := []string{"uatom"}
	for index := 1; index < count; index++ {
		denoms = append(denoms, fmt.Sprintf("ibc/%064X", index))
	}
	return denoms
}

// Genesis is a chain on which Funder has plenty of every denom.
func Genesis() node.Genesis {
	plenty, _ := math.NewIntFromString("1" + strings.Repeat("0", 30))
	coins := sdk.NewCoins(sdk.NewCoin(node.BondDenom, plenty))
	for _, denom := range Denoms(8) {
		coins = coins.Add(sdk.NewCoin(denom, plenty))
	}
	return node.Genesis{ChainID: "pool-1", Balances: map[string]sdk.Coins{string(node.Account(Funder)): coins}}
}

// Pool is a fee pool on a chain.
type Pool struct {
	*node.Node
	Code    uint64
	Address sdk.AccAddress
	Setup   Setup
	// height is that of the last begin block.
	height int64
}

// New puts an active pool onto a chain.
func New(chain *node.Node, setup Setup) (*Pool, error) {
	if setup.Accounting == "" {
		setup.Accounting = F1
	}
	wasm, err := suite.Wasm(string(setup.Accounting))
	if err != nil {
		return nil, err
	}
	p := &Pool{Node: chain, Setup: setup, height: chain.Height()}
	if p.Code, err = chain.StoreCode(node.Account(Owner), wasm); err != nil {
		return nil, err
	}
	if p.Address, _, err = chain.Instantiate(p.Instantiation()); err != nil {
		return nil, err
	}
	for _, page := range p.ImportPages() {
		if _, err := p.Execute(Owner, M{"import": page}); err != nil {
			return nil, err
		}
	}
	_, err = p.Execute(Owner, M{"activate": M{}})
	return p, err
}

// Instantiation is the pool's instantiate message.
func (p *Pool) Instantiation() node.Contract {
	reporters := []string{node.Account(Reporter).String()}
	msg := M{"reward_denoms": p.Setup.Denoms, "reporters": M{"block": reporters, "staking": reporters}}
	if p.Setup.Params != nil {
		msg["params"] = p.Setup.Params
	}
	if p.Setup.Group != "" {
		msg["group"] = node.Account(p.Setup.Group).String()
	}
	if p.Setup.Source != nil {
		msg["source"] = p.Setup.Source
	}
	contract := node.Contract{Code: p.Code, Sender: node.Account(Owner), Label: string(p.Setup.Accounting), Msg: encode(msg)}
	if p.Setup.Migratable {
		contract.Admin = node.Account(Owner)
	}
	return contract
}

// ImportPages are the bodies of the pool's import messages.
func (p *Pool) ImportPages() []M {
	if p.Setup.Import != nil {
		return p.Setup.Import
	}
	var validators, delegations []M
	for index := range p.Setup.Validators {
		name := Validator(index)
		validators = append(validators, M{
			"validator": node.Operator(name).String(), "power": fmt.Sprint(Power(index)), "commission": Terms("0.1"),
		})
		if !p.Setup.Undelegated {
			delegations = append(delegations, imported(Delegation{name, name}))
		}
	}
	for _, delegation := range p.Setup.Delegations {
		delegations = append(delegations, imported(delegation))
	}
	return append(pages("validators", validators), pages("delegations", delegations)...)
}

// OwedPages are the bodies of import messages with what an earlier pool owes each validator's operator, and
// where that goes: withdraw addresses, unclaimed rewards of self-delegations, commissions.
func (p *Pool) OwedPages() []M {
	// Amounts of x/distribution have 18 places.
	var owed []M
	for _, denom := range slices.Sorted(slices.Values(p.Setup.Denoms)) {
		owed = append(owed, M{"denom": denom, "amount": "1234567.890123456789012345"})
	}
	var addresses, rewards, commissions []M
	for index := range p.Setup.Validators {
		account, operator := node.Account(Validator(index)).String(), node.Operator(Validator(index)).String()
		elsewhere := node.Account(Validator(index) + "-elsewhere").String()
		addresses = append(addresses, M{"delegator": account, "withdraw_address": elsewhere})
		rewards = append(rewards, M{"delegator": account, "validator": operator, "rewards": owed})
		commissions = append(commissions, M{"validator": operator, "commission": owed})
	}
	return slices.Concat(
		pages("withdraw_addresses", addresses), pages("delegator_rewards", rewards), pages("commissions", commissions),
	)
}

func imported(it Delegation) M {
	return M{
		"delegator": node.Account(it.Delegator).String(), "validator": node.Operator(it.Validator).String(),
		"shares": shares,
	}
}

func pages(key string, lines []M) []M {
	var pages []M
	for from := 0; from < len(lines); from += importPage {
		pages = append(pages, M{key: lines[from:min(from+importPage, len(lines))]})
	}
	return pages
}

// Terms are commission terms with this rate, which may become anything at once.
func Terms(rate string) M {
	return M{"rate": rate, "max_rate": "1", "max_change_rate": "1"}
}

// Execute sends a message of the account called sender.
func (p *Pool) Execute(sender string, msg any) (node.Outcome, error) {
	return p.Node.Execute(node.Account(sender), p.Address, encode(msg), nil)
}

// Sudo calls the pool as the chain. A call that the pool ignores is an error here.
func (p *Pool) Sudo(msg any) (node.Outcome, error) {
	return heeded(p.Node.Sudo(p.Address, encode(msg)))
}

// heeded makes an error of an outcome with an event of a call that was ignored.
func heeded(outcome node.Outcome, err error) (node.Outcome, error) {
	for _, event := range outcome.Events {
		for _, name := range []string{"hook_ignored", "already_done", "old_height", "units_bound"} {
			if event.Type == "wasm-"+name {
				return outcome, fmt.Errorf("%s: %v", name, event.Attributes)
			}
		}
	}
	return outcome, err
}

// Try runs what on a copy of the chain's state and forgets all it has changed.
func (p *Pool) Try(what func() error) error {
	height := p.height
	defer func() { p.height = height }()
	return p.Node.Try(what)
}

// Query asks the pool and reads its answer.
func (p *Pool) Query(msg, answer any) error {
	outcome, err := p.Node.Query(p.Address, encode(msg))
	if err != nil {
		return err
	}
	return json.Unmarshal(outcome.Data, answer)
}

// Fees sends this much of every reward denom to the pool.
func (p *Pool) Fees(amount int64) error { return p.LargeFees(math.NewInt(amount)) }

// LargeFees sends this much of every reward denom to the pool.
func (p *Pool) LargeFees(amount math.Int) error {
	coins := sdk.NewCoins()
	for _, denom := range p.Setup.Denoms {
		coins = coins.Add(sdk.NewCoin(denom, amount))
	}
	return p.App.BankKeeper.SendCoins(p.Context(), node.Account(Funder), p.Address, coins)
}

// BeginBlock calls begin_block as the chain, at the next height that the pool has not seen.
func (p *Pool) BeginBlock(proposer string, lastCommit M) (node.Outcome, error) {
	p.height++
	block := M{"last_commit": lastCommit}
	if proposer != "" {
		block["proposer"] = node.Operator(proposer).String()
	}
	return heeded(p.SudoAt(p.height, p.Address, encode(M{"begin_block": block})))
}

// SignedPower is a last commit of the stored set, all of which has signed.
func (p *Pool) SignedPower() M {
	total := int64(0)
	for index := range p.Setup.Validators {
		total += Power(index)
	}
	return M{"signed_power": fmt.Sprint(total)}
}

// Changes are other powers for the first count validators: those at the beginning and so much more.
func (p *Pool) Changes(count int, more int64) []M {
	changes := make([]M, count)
	for index := range changes {
		changes[index] = M{
			"validator": node.Operator(Validator(index)).String(), "power": fmt.Sprint(Power(index) + more),
		}
	}
	return changes
}

// Changed is a last commit with changed powers, which all have signed.
func (p *Pool) Changed(changes []M) M {
	commit := p.SignedPower()
	commit["changed"] = changes
	return commit
}

// Votes is a last commit as a whole list: the pool's first set, all of which has signed, with other
// powers for the first changed validators.
func (p *Pool) Votes(changed int, more int64) M {
	votes := p.Changes(p.Setup.Validators, 0)
	copy(votes, p.Changes(changed, more))
	for _, vote := range votes {
		vote["signed"] = true
	}
	return M{"votes": votes}
}

// encode writes JSON of what is made of strings, numbers, lists and objects only.
func encode(msg any) []byte {
	text, err := json.Marshal(msg)
	if err != nil {
		panic(errors.Join(errors.New("a message that is no JSON"), err))
	}
	return text
}
