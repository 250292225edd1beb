package types

import (
	"slices"

	"cosmossdk.io/core/address"

	sdk "github.com/cosmos/cosmos-sdk/types"
)

const (
	// MaxDenoms is how many denoms a route has at most: a contract takes no more.
	MaxDenoms = 8
	// MaxContracts is how many routes, hooks and clocks there are at most, of each.
	MaxContracts = 16
	// MinGasLimit is the least that a call may use: less than it costs to load a contract could
	// never do anything.
	MinGasLimit = 100_000
	// MaxGasLimit is the most that a call may use.
	MaxGasLimit = 100_000_000
)

// DefaultParams call nobody.
func DefaultParams() Params { return Params{} }

// Validate checks everything that can be checked without the chain's state.
func (p Params) Validate(accounts address.Codec) error {
	if len(p.Routes) > MaxContracts {
		return ErrInvalidParams.Wrapf("%d routes, at most %d are allowed", len(p.Routes), MaxContracts)
	}
	contracts := map[string]bool{}
	type balance struct{ source, denom string }
	routed := map[balance]bool{}
	for _, route := range p.Routes {
		contract, err := accounts.StringToBytes(route.Contract)
		if err != nil {
			return ErrInvalidParams.Wrapf("contract %q of a route: %s", route.Contract, err)
		}
		if contracts[string(contract)] {
			return ErrInvalidParams.Wrapf("contract %s has two routes", route.Contract)
		}
		contracts[string(contract)] = true
		if err := route.validate(); err != nil {
			return err
		}
		for _, denom := range route.Denoms {
			if routed[balance{route.Source, denom}] {
				return ErrInvalidParams.Wrapf("denom %s of %s is sent twice", denom, route.Source)
			}
			routed[balance{route.Source, denom}] = true
		}
	}
	if err := p.Hooks.validate(accounts, "hooks"); err != nil {
		return err
	}
	return p.Clock.validate(accounts, "clock")
}

// AllContracts lists every contract that is called or sent to, once each.
func (p Params) AllContracts() []string {
	var all []string
	for _, route := range p.Routes {
		all = append(all, route.Contract)
	}
	all = append(append(all, p.Hooks.Contracts...), p.Clock.Contracts...)
	slices.Sort(all)
	return slices.Compact(all)
}

func (r Route) validate() error {
	if _, known := Mode_name[int32(r.Mode)]; !known || r.Mode == MODE_UNSPECIFIED {
		return ErrInvalidParams.Wrapf("route of %s has mode %s", r.Contract, r.Mode)
	}
	if r.Source == "" {
		return ErrInvalidParams.Wrapf("route of %s has no source", r.Contract)
	}
	if len(r.Denoms) == 0 || len(r.Denoms) > MaxDenoms {
		return ErrInvalidParams.Wrapf("route of %s has %d denoms, 1 to %d are allowed", r.Contract, len(r.Denoms), MaxDenoms)
	}
	for _, denom := range r.Denoms {
		if err := sdk.ValidateDenom(denom); err != nil {
			return ErrInvalidParams.Wrapf("route of %s: %s", r.Contract, err)
		}
	}
	return validateGasLimit(r.GasLimit, "route of "+r.Contract)
}

func (s Subscription) validate(accounts address.Codec, name string) error {
	if len(s.Contracts) == 0 {
		return nil
	}
	if len(s.Contracts) > MaxContracts {
		return ErrInvalidParams.Wrapf("%s: %d contracts, at most %d are allowed", name, len(s.Contracts), MaxContracts)
	}
	seen := map[string]bool{}
	for _, contract := range s.Contracts {
		key, err := accounts.StringToBytes(contract)
		if err != nil {
			return ErrInvalidParams.Wrapf("%s: contract %q: %s", name, contract, err)
		}
		if seen[string(key)] {
			return ErrInvalidParams.Wrapf("%s: contract %s is named twice", name, contract)
		}
		seen[string(key)] = true
	}
	return validateGasLimit(s.GasLimit, name)
}

func validateGasLimit(limit uint64, name string) error {
	if limit < MinGasLimit || limit > MaxGasLimit {
		return ErrInvalidParams.Wrapf("%s: gas limit %d, %d to %d are allowed", name, limit, uint64(MinGasLimit), uint64(MaxGasLimit))
	}
	return nil
}
