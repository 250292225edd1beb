package ccv

import (
	"fmt"
	"strings"

	"cw-distribution/tests/chain/ibc"
	"cw-distribution/tests/chain/node"
	"cw-distribution/tests/chain/pool"
	"cw-distribution/tests/chain/suite"

	sdk "github.com/cosmos/cosmos-sdk/types"
)

const (
	// listedDenoms is how many denoms the provider lists of a consumer at most.
	listedDenoms = 4
	// keptDenoms is how many it keeps at most, with those that were listed earlier.
	keptDenoms = 30
	// MostOverrides is how many validators of a consumer the owner can override.
	MostOverrides = 64
	// ManyID names a consumer with so many.
	ManyID = "many-denoms"
)

// peer is a consumer that is the contract ibc-peer: holding-pools takes fewer denoms than a provider keeps.
type peer struct {
	*Pair
	address sdk.AccAddress
	// channel is the consumer's end of its channel.
	channel string
}

// RegisterManyDenoms registers another consumer, of which the provider keeps as much as it can: weights
// without coins in 30 denoms, of which the last 4, those of the setup, have a carry too, and 64 overrides.
func (p *Pair) RegisterManyDenoms() error {
	denoms := p.Setup.DenomNames()
	for len(denoms) < keptDenoms {
		denoms = append([]string{fmt.Sprintf("denom-%d", len(denoms))}, denoms...)
	}
	many, err := p.registerPeer(denoms[:listedDenoms])
	if err != nil {
		return err
	}
	for first := 0; first < keptDenoms; first++ {
		if err := many.sendWeights(denoms[first]); err != nil {
			return err
		}
		if next := first + listedDenoms; next < keptDenoms {
			change := M{"id": ManyID, "remove": []string{denoms[first]}, "add": []string{denoms[next]}}
			if _, err := p.Provider.Execute(pool.Owner, M{"update_consumer_denoms": change}); err != nil {
				return err
			}
		}
	}
	for index, denom := range denoms[keptDenoms-listedDenoms:] {
		if err := many.probe(index+1, denom); err != nil {
			return err
		}
	}
	p.many = many
	return p.Override(ManyID)
}

// Override gives a consumer as many overrides as it can have. Each validator stands for itself.
func (p *Pair) Override(id string) error {
	for index := range MostOverrides {
		validator := node.Operator(pool.Validator(index)).String()
		change := M{"consumer": id, "validator": validator, "pay_to": validator}
		if _, err := p.Provider.Execute(pool.Owner, M{"override_validator": change}); err != nil {
			return err
		}
	}
	return nil
}

// SendOrphan sends coins of that consumer's second epoch, whose weights never come.
func (p *Pair) SendOrphan() error {
	return p.many.sendCoin(p.Setup.DenomNames()[0], "ccv_distribution", M{
		"epoch": 2, "denom": p.Setup.DenomNames()[0], "attempt": 1,
	})
}

// registerPeer makes the consumer and opens its channel.
func (p *Pair) registerPeer(denoms []string) (*peer, error) {
	codes, err := suite.Codes()
	if err != nil {
		return nil, err
	}
	code, err := p.Consumer.StoreCode(node.Account(pool.Owner), codes["ibc-peer"])
	if err != nil {
		return nil, err
	}
	address, _, err := p.Consumer.Node.Instantiate(node.Contract{
		Code: code, Sender: node.Account(pool.Owner), Label: "ibc-peer", Msg: []byte("{}"),
	})
	if err != nil {
		return nil, err
	}
	onProvider, _ := p.connection.On(p.Provider.Node)
	if _, err := p.Provider.Execute(pool.Owner, M{"register_consumer": M{
		"id": ManyID, "connection_id": onProvider, "port_id": port(address), "contract": address.String(),
		"transfer_channel": p.transfers[1], "denoms": denoms,
	}}); err != nil {
		return nil, err
	}
	channel, _, err := p.network.Open(p.connection, p.Consumer.Node, ibc.Offer{
		Ports: [2]string{port(address), port(p.Provider.Address)}, Version: version,
	})
	return &peer{Pair: p, address: address, channel: channel.Identifiers()[0]}, err
}

// send has the contract send something, and relays it.
func (p *peer) send(msg M) error {
	if _, err := p.Consumer.Node.Execute(node.Account("anyone"), p.address, encode(msg), nil); err != nil {
		return err
	}
	_, err := p.Relay(ibc.Orders{})
	return err
}

// sendWeights sends the weight of one validator.
func (p *peer) sendWeights(denom string) error {
	weight := "1" + strings.Repeat("0", 48)
	return p.send(M{"send_packet": M{"channel": p.channel, "packet": M{"weights": M{
		"epoch": 1, "denom": denom, "amount": "1", "total": weight, "validators": 1, "chunk": 0, "chunks": 1,
		"entries": [][]string{{node.Operator(pool.Validator(0)).String(), weight}},
	}}}})
}

// probe sends a coin that joins the carry of its denom.
func (p *peer) probe(nonce int, denom string) error {
	return p.sendCoin(denom, "ccv_probe", M{"nonce": nonce, "expect": "arrival"})
}

// sendCoin sends a coin that is for something.
func (p *peer) sendCoin(denom, purpose string, what M) error {
	coin := sdk.NewInt64Coin(denom, 1)
	err := p.Consumer.App.BankKeeper.SendCoins(
		p.Consumer.Context(), node.Account(pool.Funder), p.address, sdk.NewCoins(coin))
	if err != nil {
		return err
	}
	to := p.Provider.Address.String()
	return p.send(M{"transfer": M{
		"channel": p.transfers[0], "to": to, "amount": M{"denom": denom, "amount": "1"},
		"unit": M{
			"src_callback": M{"address": p.address.String()}, "dest_callback": M{"address": to}, purpose: what,
		},
	}})
}
