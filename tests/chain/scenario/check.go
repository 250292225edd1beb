package scenario

import (
	"errors"
	"maps"
	"slices"
	"sort"
	"strings"
)

// ErrEmbeddedOnly is what is wrong with a step that only embedded chains play.
var ErrEmbeddedOnly = errors.New("only an embedded chain can do this: stock wasmd calls no contract when coins move (play it with `cargo scenario`)")

// Check looks up every name, code and reference of a file before anything runs, and returns the
// first that is wrong with its place. codes are the names of the codes there are.
func Check(file File, codes []string) error {
	if len(file.Chains) == 0 {
		return Place{}.Key("chains").errorf("a scenario needs a chain")
	}
	c := checker{file: file, codes: codes, contracts: map[contractKey]int{}, saved: map[string]bool{}}
	if err := c.contractsOf(); err != nil {
		return err
	}
	for index, name := range file.Accounts {
		if err := checkName(name); err != nil {
			return Place{}.Key("accounts").Index(index).errorf("%s", err)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(file.Chains)) {
		if err := c.chainSpec(Place{}.Key("chains").Key(name), name, file.Chains[name]); err != nil {
			return err
		}
	}
	for index, it := range file.Steps {
		if err := c.step(index, it); err != nil {
			return err
		}
	}
	return nil
}

type checker struct {
	file  File
	codes []string
	// contracts holds which step makes which contract. A step that must fail makes none.
	contracts map[contractKey]int
	saved     map[string]bool
	index     int
	chain     string
}

// chainOf is the chain of a step, or what its outcome shows when it is about several.
func (f File) chainOf(place Place, it Step) (string, error) {
	if named, several := it.Do.(ofSeveralChains); several {
		if it.Chain != "" {
			return "", place.Key("chain").errorf("this step names its chains itself")
		}
		return named.shown(), nil
	}
	if it.Chain != "" {
		if _, known := f.Chains[it.Chain]; !known {
			return "", place.Key("chain").errorf("unknown chain %q; there are %s", it.Chain, listed(slices.Collect(maps.Keys(f.Chains))))
		}
		return it.Chain, nil
	}
	if len(f.Chains) == 1 {
		for name := range f.Chains {
			return name, nil
		}
	}
	return "", place.errorf("there are several chains: a step needs `chain`")
}

func listed(names []string) string {
	sort.Strings(names)
	return strings.Join(names, ", ")
}

func (c *checker) contractsOf() error {
	for index, it := range c.file.Steps {
		made, isInstantiate := it.Do.(Instantiate)
		if !isInstantiate || it.HasError {
			continue
		}
		chain, err := c.file.chainOf(step(index), it)
		if err != nil {
			return err
		}
		place := step(index).Key("instantiate").Key("name")
		key := contractKey{chain, made.Name}
		if first, known := c.contracts[key]; known {
			return place.errorf("%s has instantiated a contract %q before", step(first), made.Name)
		}
		if c.declared(made.Name) {
			return place.errorf("%q is an account already", made.Name)
		}
		c.contracts[key] = index
	}
	return nil
}

// declared says whether a name is in accounts or has a balance.
func (c *checker) declared(name string) bool {
	if slices.Contains(c.file.Accounts, name) {
		return true
	}
	for _, chain := range c.file.Chains {
		if _, has := chain.Balances[name]; has {
			return true
		}
	}
	return false
}

func (c *checker) chainSpec(place Place, name string, chain Chain) error {
	if err := checkName(name); err != nil {
		return place.errorf("%s", err)
	}
	if chain.Prefix != prefix {
		return place.Key("prefix").errorf("%q: addresses of a real chain begin with %q here", chain.Prefix, prefix)
	}
	for account, balance := range chain.Balances {
		place := place.Key("balances").Key(account)
		if err := checkName(account); err != nil {
			return place.errorf("%s", err)
		}
		seen := map[string]bool{}
		for index, coin := range balance {
			if seen[coin.Denom] {
				return place.Index(index).errorf("%q has %q twice", account, coin.Denom)
			}
			seen[coin.Denom] = true
		}
	}
	return nil
}

func (c *checker) step(index int, it Step) error {
	place := step(index)
	chain, err := c.file.chainOf(place, it)
	if err != nil {
		return err
	}
	if _, several := it.Do.(ofSeveralChains); several {
		chain = ""
	}
	c.index, c.chain = index, chain
	if err := c.action(place.Key(it.Kind), it.Do); err != nil {
		return err
	}
	if it.HasError && it.HasExpect {
		return place.Key("expect").errorf("a step that must fail has no result to compare")
	}
	if err := c.value(place.Key("expect"), it.Expect); err != nil {
		return err
	}
	place = place.Key("save")
	if it.HasError && len(it.Save) > 0 {
		return place.errorf("a step that must fail has no result to save")
	}
	for name, pointer := range it.Save {
		if err := checkName(name); err != nil {
			return place.Key(name).errorf("%s", err)
		}
		if pointer != "" && !strings.HasPrefix(pointer, "/") {
			return place.Key(name).errorf("%q is no JSON pointer: it begins with `/` or is empty", pointer)
		}
		c.saved[name] = true
	}
	return nil
}

func (c *checker) action(place Place, do any) error {
	named := func(key, name string) error { return c.name(place.Key(key), name) }
	contract := func(name string) error { return c.madeBefore(place.Key("contract"), c.chain, name) }
	msg := func(value any) error { return c.value(place.Key("msg"), value) }
	switch it := do.(type) {
	case Instantiate:
		if err := checkName(it.Name); err != nil {
			return place.Key("name").errorf("%s", err)
		}
		admin := error(nil)
		if it.Admin != "" {
			admin = named("admin", it.Admin)
		}
		return first(c.code(place, it.Code), named("sender", it.Sender), msg(it.Msg), admin)
	case Execute:
		return first(contract(it.Contract), named("sender", it.Sender), msg(it.Msg))
	case Sudo:
		return first(contract(it.Contract), msg(it.Msg))
	case Query:
		return first(contract(it.Contract), msg(it.Msg))
	case Migrate:
		return first(contract(it.Contract), c.code(place, it.Code), named("sender", it.Sender), msg(it.Msg))
	case Send:
		return first(named("from", it.From), named("to", it.To))
	case Balance:
		return named("of", it.Of)
	case Validator:
		return named("name", it.Name)
	case BlockAccount:
		return named("name", it.Name)
	case HookDenom:
		return &Error{Place: place, Message: ErrEmbeddedOnly.Error(), cause: ErrEmbeddedOnly}
	case Delegation:
		return first(named("delegator", it.Delegator), named("validator", it.Validator))
	default:
		return c.betweenChains(place, do)
	}
}

func first(errors ...error) error {
	for _, err := range errors {
		if err != nil {
			return err
		}
	}
	return nil
}

func (c *checker) code(place Place, code string) error {
	if slices.Contains(c.codes, code) {
		return nil
	}
	return place.Key("code").errorf("unknown code %q; there are %s", code, listed(slices.Clone(c.codes)))
}

// name checks a plain name of an account or contract on the step's chain.
func (c *checker) name(place Place, name string) error {
	if err := checkName(name); err != nil {
		return place.errorf("%s", err)
	}
	return c.accountOrContract(place, c.chain, name)
}

func (c *checker) accountOrContract(place Place, chain, name string) error {
	if _, isContract := c.contracts[contractKey{chain, name}]; isContract {
		return c.madeBefore(place, chain, name)
	}
	if !c.file.Strict || c.declared(name) {
		return nil
	}
	return place.errorf("unknown name %q: it is not in `accounts`, has no balance and is no contract", name)
}

func (c *checker) madeBefore(place Place, chain, name string) error {
	made, known := c.contracts[contractKey{chain, name}]
	if !known {
		return place.errorf("no contract is called %q", name)
	}
	if made >= c.index {
		return place.errorf("the contract %q is only made by %s", name, step(made))
	}
	return nil
}

// value checks every string in a message or expectation.
func (c *checker) value(place Place, value any) error {
	switch value := value.(type) {
	case string:
		return c.text(place, value)
	case []any:
		for index, item := range value {
			if err := c.value(place.Index(index), item); err != nil {
				return err
			}
		}
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(value)) {
			if err := c.value(place.Key(key), value[key]); err != nil {
				return err
			}
		}
	}
	return nil
}

func (c *checker) text(place Place, text string) error {
	it, err := parseReference(text)
	if err != nil {
		return place.errorf("%s", err)
	}
	chain := c.chain
	if it.chain != "" {
		chain = it.chain
		if err := c.chainName(place, chain); err != nil {
			return err
		}
	}
	if chain == "" && (it.kind == address || it.kind == operator || it.kind == port) {
		return place.errorf("%q needs its chain, like \"@chain/name\": the step is about several", text)
	}
	switch it.kind {
	case address, operator:
		return c.accountOrContract(place, chain, it.text)
	case port:
		return c.madeBefore(place, chain, it.text)
	case saved:
		if !c.saved[it.text] {
			return place.errorf("no earlier step saves %q", it.text)
		}
	}
	return nil
}
