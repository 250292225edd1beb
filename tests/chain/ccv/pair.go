// Package ccv puts the two contracts for rewards across chains onto a consumer and a provider chain that
// are connected, for measurements.
package ccv

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"

	transfertypes "github.com/cosmos/ibc-go/v10/modules/apps/transfer/types"

	"cw-distribution/tests/chain/ibc"
	"cw-distribution/tests/chain/node"
	"cw-distribution/tests/chain/pool"
	"cw-distribution/tests/chain/suite"
)

// M is a JSON object.
type M = map[string]any

// version is what the contracts speak over their channel.
const version = `{"protocol":"ccv-distribution","version":"1"}`

// Period is how many blocks pass from one due block to the next.
const Period = 50

// ID names the consumer on the provider.
const ID = "consumer-1"

// Setup describes the two chains.
type Setup struct {
	// Denoms is how many reward denoms there are, at most 8. The provider lists the first 4.
	Denoms int
	// Validators have power on the consumer, by their numbers in package pool. The provider has the same.
	Validators int
	// Target is where the provider's validators live.
	Target Target
	// Inactive leaves out the probe.
	Inactive bool
	// ConsumerPool is the account that gets the consumer's own part; one without a contract when nil.
	ConsumerPool sdk.AccAddress
	// ProviderPool is a fee pool that the target FeePool takes; a new one when nil.
	ProviderPool *pool.Pool
	// Unordered is the order of the contracts' channel.
	Unordered bool
	// CommunityPool is the provider's, as the contract names it; the target's when nil.
	CommunityPool any
}

func (s Setup) order() string {
	if s.Unordered {
		return "unordered"
	}
	return "ordered"
}

// DenomNames are the reward denoms, the consumer's own: one from elsewhere would need a third chain.
func (s Setup) DenomNames() []string {
	return []string{"uatom", "uosmo", "ujuno", "untrn", "uscrt", "uakt", "ustars", "uregen"}[:s.Denoms]
}

// Pair is the two chains.
type Pair struct {
	Setup    Setup
	Consumer *Consumer
	Provider *Provider

	network *ibc.Network
	// transfers are the ends of the transfer channel, of the consumer first.
	transfers  [2]string
	connection *ibc.Connection
	// channel is the newest one of the contracts.
	channel *ibc.Channel
	// many is another consumer, if it was registered.
	many *peer
}

// New starts the chains and opens a channel; powers are told, and the probe has passed.
func New(setup Setup) (*Pair, error) {
	p := &Pair{Setup: setup, network: &ibc.Network{}}
	err := p.start()
	if err == nil {
		err = p.connect()
	}
	if err == nil {
		err = p.Consumer.tellPowers()
	}
	if err != nil {
		return nil, errors.Join(err, p.Close())
	}
	return p, nil
}

// Join puts the contracts onto two chains that run already, and opens a channel. Powers are not told, nor
// is anything probed. Who has started the chains closes them.
func Join(setup Setup, consumer, provider *node.Node) (*Pair, error) {
	setup.Inactive = true
	p := &Pair{
		Setup: setup, network: &ibc.Network{},
		Consumer: &Consumer{Node: consumer, setup: setup}, Provider: &Provider{Node: provider, setup: setup},
	}
	p.watch()
	return p, p.connect()
}

// Close ends both chains.
func (p *Pair) Close() error {
	var errs []error
	for _, chain := range p.chains() {
		errs = append(errs, chain.Close())
	}
	return errors.Join(errs...)
}

// chains are those that have been started.
func (p *Pair) chains() []*node.Node {
	var chains []*node.Node
	if p.Consumer != nil {
		chains = append(chains, p.Consumer.Node)
	}
	if p.Provider != nil {
		chains = append(chains, p.Provider.Node)
	}
	return chains
}

func (p *Pair) start() error {
	plenty, _ := math.NewIntFromString("1" + strings.Repeat("0", 30))
	coins := sdk.NewCoins()
	for _, denom := range p.Setup.DenomNames() {
		coins = coins.Add(sdk.NewCoin(denom, plenty))
	}
	balances := map[string]sdk.Coins{string(node.Account(pool.Funder)): coins}
	consumer, err := node.New(node.Genesis{ChainID: "consumer-1", Balances: balances})
	if err != nil {
		return err
	}
	p.Consumer = &Consumer{Node: consumer, setup: p.Setup}
	// Contracts of the two chains have different addresses.
	provider, err := node.New(node.Genesis{ChainID: "provider-1", Balances: balances, Contracts: 100})
	if err != nil {
		return err
	}
	p.Provider = &Provider{Node: provider, setup: p.Setup}
	p.watch()
	return nil
}

// watch has the relayer see what the chains send.
func (p *Pair) watch() {
	for _, chain := range p.chains() {
		p.network.Watch(chain)
	}
}

// connect puts the contracts onto the chains and connects them.
func (p *Pair) connect() error {
	connection, err := p.network.Connect(p.Consumer.Node, p.Provider.Node)
	if err != nil {
		return err
	}
	p.connection = connection
	transfers, _, err := p.network.Open(connection, p.Consumer.Node, ibc.Offer{
		Ports: [2]string{transfertypes.PortID, transfertypes.PortID}, Version: transfertypes.V1,
	})
	if err != nil {
		return err
	}
	p.transfers = transfers.Identifiers()
	onConsumer, _ := connection.On(p.Consumer.Node)
	onProvider, _ := connection.On(p.Provider.Node)
	if err := p.Provider.instantiate(p.transfers[1]); err != nil {
		return fmt.Errorf("provider: %w", err)
	}
	if err := p.Consumer.instantiate(onConsumer, p.transfers[0], p.Provider.Address); err != nil {
		return fmt.Errorf("consumer: %w", err)
	}
	if err := p.Provider.register(onProvider, p.transfers[1], p.Consumer.Address); err != nil {
		return err
	}
	err = p.Open()
	if err != nil || p.Setup.Inactive {
		return err
	}
	return p.Probe()
}

// Open opens a channel of the contracts.
func (p *Pair) Open() error {
	var err error
	p.channel, _, err = p.network.Open(p.connection, p.Consumer.Node, p.offer())
	return err
}

func (p *Pair) offer() ibc.Offer {
	return ibc.Offer{
		Ports:   [2]string{port(p.Consumer.Address), port(p.Provider.Address)},
		Ordered: !p.Setup.Unordered, Version: version,
	}
}

// PrepareOpen makes the message ready that opens the consumer's end of another channel.
func (p *Pair) PrepareOpen() (ibc.Prepared, error) {
	channel := p.network.Offer(p.connection, p.Consumer.Node, p.offer())
	_, onConsumer := channel.Init()
	_, onProvider := channel.Try()
	if err := errors.Join(onConsumer, onProvider); err != nil {
		return ibc.Prepared{}, err
	}
	return channel.PrepareAck()
}

// Reopen opens another channel of the contracts, after a timeout has closed the consumer's end of the last one.
func (p *Pair) Reopen() error {
	if _, err := p.network.Close(p.Provider.Node, port(p.Provider.Address), p.channel.Identifiers()[1]); err != nil {
		return err
	}
	return p.Open()
}

// Abandon has the owners abandon the contracts' channel.
func (p *Pair) Abandon() error {
	ends := p.channel.Identifiers()
	_, onConsumer := p.Consumer.Execute(pool.Owner, M{"abandon_channel": M{"channel_id": ends[0]}})
	_, onProvider := p.Provider.Execute(pool.Owner, M{"abandon_channel": M{"channel_id": ends[1]}})
	return errors.Join(onConsumer, onProvider)
}

// Probe activates the consumer.
func (p *Pair) Probe() error {
	if _, err := p.Consumer.Probe(); err != nil {
		return err
	}
	for range 2 {
		if _, err := p.Relay(ibc.Orders{}); err != nil {
			return err
		}
		if _, err := p.Consumer.Tick(); err != nil {
			return err
		}
	}
	return nil
}

// port is that of a contract.
func port(contract sdk.AccAddress) string { return "wasm." + contract.String() }

// code stores a contract of the suite.
func code(chain *node.Node, crate string) (uint64, error) {
	wasm, err := suite.Wasm(crate)
	if err != nil {
		return 0, err
	}
	return chain.StoreCode(node.Account(pool.Owner), wasm)
}

// encode writes JSON of what is made of strings, numbers, lists and objects only.
func encode(msg any) []byte {
	text, err := json.Marshal(msg)
	if err != nil {
		panic(fmt.Errorf("a message that is no JSON: %w", err))
	}
	return text
}
