package ccv

import (
	"encoding/json"
	"errors"
	"fmt"

	sdk "github.com/cosmos/cosmos-sdk/types"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"
	distributiontypes "github.com/cosmos/cosmos-sdk/x/distribution/types"

	"cosmossdk.io/math"

	transfertypes "github.com/cosmos/ibc-go/v10/modules/apps/transfer/types"

	"cw-distribution/tests/chain/node"
	"cw-distribution/tests/chain/poa"
	"cw-distribution/tests/chain/pool"
)

// Target is where the provider's validators live and are paid.
type Target string

const (
	// Native is x/staking and x/distribution.
	Native Target = "native"
	// FeePool is a fee pool that has imported them.
	FeePool Target = "fee pool"
	// Group is a PoA fee pool as a cw4 group.
	Group Target = "group"
)

// Provider is the chain with ccv-provider.
type Provider struct {
	*node.Node
	Code    uint64
	Address sdk.AccAddress
	setup   Setup
	// vouchers are the consumer's denoms as they are called here.
	vouchers []string
	// pool is the target, if it is one.
	pool *pool.Pool
	// targetCode is that of the target, if it is a contract; 0 otherwise.
	targetCode uint64
	// refuses says whether the target refuses payments.
	refuses bool
	// instantiation is the contract's instantiate message.
	instantiation node.Contract
}

// Pin keeps the contract's code, and that of its target, in the VM's memory.
func (p *Provider) Pin(code uint64) error { return p.both(p.Node.Pin, code) }

// Unpin takes them out.
func (p *Provider) Unpin(code uint64) error { return p.both(p.Node.Unpin, code) }

func (p *Provider) both(what func(uint64) error, code uint64) error {
	if err := what(code); err != nil || p.targetCode == 0 {
		return err
	}
	return what(p.targetCode)
}

func (p *Provider) instantiate(transfers string) error {
	for _, denom := range p.setup.DenomNames() {
		voucher := transfertypes.NewDenom(denom, transfertypes.NewHop(transfertypes.PortID, transfers))
		p.vouchers = append(p.vouchers, voucher.IBCDenom())
	}
	target, err := p.target()
	if err != nil {
		return err
	}
	if p.Code, err = code(p.Node, "ccv-provider"); err != nil {
		return err
	}
	msg := M{"target": target}
	if p.setup.CommunityPool != nil {
		msg["community_pool"] = p.setup.CommunityPool
	}
	p.instantiation = node.Contract{
		Code: p.Code, Sender: node.Account(pool.Owner), Label: "ccv-provider", Msg: encode(msg),
	}
	p.Address, _, err = p.Instantiate()
	return err
}

// Instantiate makes another contract of the same kind.
func (p *Provider) Instantiate() (sdk.AccAddress, node.Outcome, error) {
	return p.Node.Instantiate(p.instantiation)
}

// target makes the validators, and returns the target as the contract names it.
func (p *Provider) target() (any, error) {
	switch p.setup.Target {
	case FeePool:
		p.pool = p.setup.ProviderPool
		if p.pool == nil {
			var err error
			p.pool, err = pool.New(p.Node, pool.Setup{Denoms: p.vouchers, Validators: p.setup.Validators})
			if err != nil {
				return nil, err
			}
		}
		p.targetCode = p.pool.Code
		return M{"fee_pool": M{"contract": p.pool.Address.String()}}, nil
	case Group:
		// What the powers are makes no difference here.
		group, err := poa.New(p.Node, poa.Setup{Denoms: p.vouchers, Validators: p.setup.Validators})
		if err != nil {
			return nil, err
		}
		p.targetCode = group.Code
		return M{"group": M{"contract": group.Address.String()}}, nil
	case Native:
		tenth, all := math.LegacyNewDecWithPrec(1, 1), math.LegacyOneDec()
		terms := node.Terms{Rate: tenth, MaxRate: all, MaxChangeRate: all}
		for index := range p.setup.Validators {
			if err := p.SetValidator(node.Operator(pool.Validator(index)), terms); err != nil {
				return nil, err
			}
		}
		distribution := authtypes.NewModuleAddress(distributiontypes.ModuleName)
		p.RefuseSends(distribution, func() bool { return p.refuses })
		return "native", nil
	default:
		return nil, fmt.Errorf("no target is called %q", p.setup.Target)
	}
}

func (p *Provider) register(connection, transfers string, consumer sdk.AccAddress) error {
	denoms := p.setup.DenomNames()
	_, err := p.Execute(pool.Owner, M{"register_consumer": M{
		"id": ID, "connection_id": connection, "port_id": port(consumer), "contract": consumer.String(),
		"transfer_channel": transfers, "denoms": denoms[:min(len(denoms), listedDenoms)],
		"order": p.setup.order(),
	}})
	return err
}

// Execute sends a message of the account called sender.
func (p *Provider) Execute(sender string, msg M) (node.Outcome, error) {
	return p.Node.Execute(node.Account(sender), p.Address, encode(msg), nil)
}

// Donate sends the contract a coin of this chain.
func (p *Provider) Donate(denom string) error {
	coins := sdk.NewCoins(sdk.NewInt64Coin(denom, 1))
	return p.App.BankKeeper.SendCoins(p.Context(), node.Account(pool.Funder), p.Address, coins)
}

// Pause says whether the consumer's weights and coins are refused.
func (p *Provider) Pause(paused bool) error {
	_, err := p.Execute(pool.Owner, M{"pause_consumer": M{"id": ID, "paused": paused}})
	return err
}

// Refuse says whether the target refuses payments of a denom, by its number: a fee pool that does not list
// it, x/distribution to which the bank sends nothing, or members whose accounts are blocked.
func (p *Provider) Refuse(denom int, refused bool) error {
	p.refuses = refused
	if p.pool != nil {
		change := "add"
		if refused {
			change = "remove"
		}
		_, err := p.pool.Execute(pool.Owner, M{"update_reward_denoms": M{change: []string{p.vouchers[denom]}}})
		return err
	}
	if p.setup.Target == Group {
		for index := range p.setup.Validators {
			p.SetBlocked(node.Account(pool.Validator(index)), refused)
		}
	}
	return nil
}

// RetryPayment pays a validator again in a denom, by its number.
func (p *Provider) RetryPayment(validator string, denom int) (node.Outcome, error) {
	return p.Execute("anyone", M{"retry_payment": M{"validator": validator, "denom": p.vouchers[denom]}})
}

// Owed is somebody whose payment has failed.
func (p *Provider) Owed() (string, error) {
	outcome, err := p.Query(p.Address, encode(M{"owed_payments": M{"limit": 1}}))
	if err != nil {
		return "", err
	}
	var answer struct {
		Payments []struct {
			Validator string `json:"validator"`
		} `json:"payments"`
	}
	if err := json.Unmarshal(outcome.Data, &answer); err != nil || len(answer.Payments) != 1 {
		return "", errors.Join(err, fmt.Errorf("no payment is owed: %s", outcome.Data))
	}
	return answer.Payments[0].Validator, nil
}

// Process works on a unit of a denom, by its number. A payment that fails is an error, unless the target is
// told to refuse.
func (p *Provider) Process(denom, epoch, limit int) (node.Outcome, error) {
	outcome, err := p.Execute("anyone", M{"process": limited(M{
		"consumer": ID, "epoch": epoch, "denom": p.setup.DenomNames()[denom],
	}, limit)})
	if reason := attribute(outcome, "payment_failed", "reason"); err == nil && reason != "" && !p.refuses {
		err = fmt.Errorf("payment_failed: %s", reason)
	}
	return outcome, err
}
