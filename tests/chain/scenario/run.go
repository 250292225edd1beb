package scenario

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"time"

	sdkmath "cosmossdk.io/math"

	banktypes "github.com/cosmos/cosmos-sdk/x/bank/types"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"cw-distribution/tests/chain/ibc"
	"cw-distribution/tests/chain/node"
)

// prefix is that of all addresses in the process.
const prefix = "cosmos"

// contractsOfAChain is more than the contracts that a scenario makes on a chain.
const contractsOfAChain = 1_000_000

// Codes are the contracts' wasm by the name that files call them.
type Codes map[string][]byte

// Run checks and plays a scenario until its end or the step that stops it. The error is about the
// file or the machine; that an expectation is not met is in the report.
func Run(file File, codes Codes) (report Report, err error) {
	if err := Check(file, slices.Collect(maps.Keys(codes))); err != nil {
		return report, err
	}
	player := &player{file: file, codes: codes, names: newNames(), chains: map[string]*running{}, network: &ibc.Network{}}
	defer func() { err = errors.Join(err, player.close()) }()
	if err := player.begin(); err != nil {
		return report, err
	}
	report.Name = file.Name
	for index, it := range file.Steps {
		outcome, err := player.step(index, it)
		if err != nil {
			return report, step(index).errorf("%s", err)
		}
		report.Outcomes = append(report.Outcomes, outcome)
		if outcome.stops {
			break
		}
	}
	report.NotRun = len(file.Steps) - len(report.Outcomes)
	return report, nil
}

type player struct {
	file   File
	codes  Codes
	names  *names
	chains map[string]*running
	// network is what is between the chains.
	network *ibc.Network
}

// running is a chain of the scenario and the codes it has stored.
type running struct {
	*node.Node
	stored map[string]uint64
}

func (p *player) begin() error {
	for index, name := range slices.Sorted(maps.Keys(p.file.Chains)) {
		spec := p.file.Chains[name]
		genesis := node.Genesis{ChainID: name + "-1", Time: spec.Time, Balances: map[string]sdk.Coins{}}
		// A contract of one chain must not have the address of one of another chain, or a scenario could
		// not tell when somebody takes the one for the other.
		genesis.Contracts = uint64(index) * contractsOfAChain
		for account, list := range spec.Balances {
			balance, err := coins(list)
			if err != nil {
				return err
			}
			genesis.Balances[string(node.Account(account))] = balance
		}
		var options []node.Option
		if !spec.Callbacks {
			options = append(options, ibc.WithoutCallbacks)
		}
		chain, err := node.New(genesis, options...)
		if err != nil {
			return fmt.Errorf("chain %s: %w", name, err)
		}
		p.network.Watch(chain)
		p.chains[name] = &running{Node: chain, stored: map[string]uint64{}}
	}
	return nil
}

func (p *player) close() error {
	var err error
	for _, chain := range p.chains {
		err = errors.Join(err, chain.Close())
	}
	return err
}

func (p *player) step(index int, it Step) (Outcome, error) {
	chain, err := p.file.chainOf(step(index), it)
	if err != nil {
		return Outcome{}, err
	}
	outcome := Outcome{Step: index, Chain: chain, Kind: it.Kind}
	action := &action{player: p, chain: chain, on: p.chains[chain]}
	result, err := action.perform(it.Do)
	outcome.Gas = action.gas
	if err != nil {
		outcome.Result = err.Error()
	} else {
		outcome.OK = true
		outcome.Result = result
	}
	return outcome, p.judge(&outcome, it)
}

// judge holds a result against what the step expects, and saves what it saves.
func (p *player) judge(outcome *Outcome, it Step) error {
	if !outcome.OK {
		text, _ := outcome.Result.(string)
		switch {
		case !it.HasError:
			outcome.fail("failed: %s", text)
		case !strings.Contains(text, it.Error):
			// The chain has not changed, as the file wants: the run can go on.
			outcome.Failure = fmt.Sprintf("expected an error with %q, came %q", it.Error, text)
		}
		return nil
	}
	if it.HasError {
		outcome.fail("expected an error with %q, came none", it.Error)
		return nil
	}
	// Before saving: what is expected may be the value that this step replaces.
	if it.HasExpect {
		expected, err := p.names.value(outcome.Chain, it.Expect)
		if err != nil {
			return err
		}
		outcome.Failure = Mismatch(expected, outcome.Result)
	}
	for _, name := range slices.Sorted(maps.Keys(it.Save)) {
		value, there := pointed(outcome.Result, it.Save[name])
		if !there {
			outcome.fail("nothing to save as %q: the result has no %q", name, it.Save[name])
			return nil
		}
		p.names.saved[name] = value
	}
	return nil
}

// fail keeps a failure after which the run cannot go on.
func (o *Outcome) fail(format string, arguments ...any) {
	o.Failure = fmt.Sprintf(format, arguments...)
	o.stops = true
}

// action does what one step says.
type action struct {
	*player
	chain string
	on    *running
	gas   *node.Gas
}

// perform returns what expect and save see; the error is the chain's.
func (a *action) perform(do any) (any, error) {
	switch it := do.(type) {
	case Instantiate:
		return a.instantiate(it)
	case Execute:
		return a.execute(it)
	case Sudo:
		msg, err := a.names.message(a.chain, it.Msg)
		if err != nil {
			return nil, err
		}
		return a.transaction(a.on.Sudo(a.address(it.Contract), msg))
	case Query:
		return a.query(it)
	case Migrate:
		return a.migrate(it)
	case Send:
		amount, err := coins(it.Amount)
		if err != nil {
			return nil, err
		}
		message := banktypes.NewMsgSend(a.address(it.From), a.address(it.To), amount)
		return a.transaction(a.on.Deliver(message, &banktypes.MsgSendResponse{}))
	case Balance:
		denom, err := resolveDenom(it.Denom)
		if err != nil {
			return nil, err
		}
		return a.on.App.BankKeeper.GetBalance(a.on.Context(), a.address(it.Of), denom).Amount.String(), nil
	case Advance:
		return a.advance(it)
	case Validator:
		return map[string]any{}, a.validator(it)
	case BlockAccount:
		a.on.SetBlocked(a.address(it.Name), it.Blocked)
		return map[string]any{}, nil
	case Delegation:
		return map[string]any{}, a.on.SetDelegation(
			a.address(it.Delegator), a.names.operator(a.chain, it.Validator), it.Tokens)
	default:
		return a.betweenChains(do)
	}
}

func (a *action) address(name string) sdk.AccAddress { return a.names.address(a.chain, name) }

func (a *action) transaction(outcome node.Outcome, err error) (any, error) {
	a.gas = &outcome.Gas
	if err != nil {
		return nil, err
	}
	return transaction(outcome), nil
}

func (a *action) instantiate(it Instantiate) (any, error) {
	code, err := a.code(it.Code)
	if err != nil {
		return nil, err
	}
	msg, err := a.names.message(a.chain, it.Msg)
	if err != nil {
		return nil, err
	}
	funds, err := coins(it.Funds)
	if err != nil {
		return nil, err
	}
	contract := node.Contract{Code: code, Sender: a.address(it.Sender), Label: it.Name, Msg: msg, Funds: funds}
	if it.Admin != "" {
		contract.Admin = a.address(it.Admin)
	}
	address, outcome, err := a.on.Instantiate(contract)
	a.gas = &outcome.Gas
	if err != nil {
		return nil, err
	}
	a.names.contracts[contractKey{a.chain, it.Name}] = address
	result := transaction(outcome)
	result["address"] = address.String()
	return result, nil
}

// code is the id of a code on this chain, which stores it now if it has not.
func (a *action) code(name string) (uint64, error) {
	if id, stored := a.on.stored[name]; stored {
		return id, nil
	}
	id, err := a.on.StoreCode(node.Account("code creator"), a.codes[name])
	if err == nil {
		a.on.stored[name] = id
	}
	return id, err
}

func (a *action) execute(it Execute) (any, error) {
	msg, err := a.names.message(a.chain, it.Msg)
	if err != nil {
		return nil, err
	}
	funds, err := coins(it.Funds)
	if err != nil {
		return nil, err
	}
	return a.transaction(a.on.Execute(a.address(it.Sender), a.address(it.Contract), msg, funds))
}

func (a *action) migrate(it Migrate) (any, error) {
	code, err := a.code(it.Code)
	if err != nil {
		return nil, err
	}
	msg, err := a.names.message(a.chain, it.Msg)
	if err != nil {
		return nil, err
	}
	return a.transaction(a.on.Migrate(a.address(it.Sender), a.address(it.Contract), code, msg))
}

func (a *action) query(it Query) (any, error) {
	msg, err := a.names.message(a.chain, it.Msg)
	if err != nil {
		return nil, err
	}
	outcome, err := a.on.Query(a.address(it.Contract), msg)
	a.gas = &outcome.Gas
	if err != nil {
		return nil, err
	}
	return decode(outcome.Data)
}

func (a *action) advance(it Advance) (any, error) {
	if it.Seconds > math.MaxInt64/uint64(time.Second) {
		return nil, fmt.Errorf("%d seconds are more than a clock can show", it.Seconds)
	}
	if err := a.on.Advance(it.Blocks, time.Duration(it.Seconds)*time.Second); err != nil {
		return nil, err
	}
	height := fmt.Sprint(a.on.Height())
	return map[string]any{"height": json.Number(height), "time": a.on.Time().Format(time.RFC3339Nano)}, nil
}

func (a *action) validator(it Validator) error {
	operator := a.names.operator(a.chain, it.Name)
	if !it.Exists {
		return a.on.RemoveValidator(operator)
	}
	terms, known, err := a.on.ValidatorTerms(operator)
	if err != nil {
		return err
	}
	if !known {
		terms = node.Terms{Rate: sdkmath.LegacyZeroDec(), MaxRate: sdkmath.LegacyOneDec(), MaxChangeRate: sdkmath.LegacyOneDec()}
	}
	for _, change := range []struct{ to, from *sdkmath.LegacyDec }{
		{&terms.Rate, it.Rate}, {&terms.MaxRate, it.MaxRate}, {&terms.MaxChangeRate, it.MaxChange},
	} {
		if change.from != nil {
			*change.to = *change.from
		}
	}
	return a.on.SetValidator(operator, terms)
}
