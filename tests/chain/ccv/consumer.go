package ccv

import (
	"fmt"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"cw-distribution/tests/chain/node"
	"cw-distribution/tests/chain/pool"
)

// feePool is the account that gets the consumer's own part when the setup names none.
const feePool = "fee pool"

// maxChanges is how many changed powers a message takes.
const maxChanges = 100

// Consumer is the chain with holding-pools.
type Consumer struct {
	*node.Node
	Code    uint64
	Address sdk.AccAddress
	setup   Setup
	// instantiation is the contract's instantiate message.
	instantiation node.Contract
}

func (c *Consumer) instantiate(connection, transfers string, provider sdk.AccAddress) error {
	var err error
	if c.Code, err = code(c.Node, "holding-pools"); err != nil {
		return err
	}
	ownPool := c.setup.ConsumerPool
	if ownPool.Empty() {
		ownPool = node.Account(feePool)
	}
	c.instantiation = node.Contract{
		Code: c.Code, Sender: node.Account(pool.Owner), Label: "holding-pools",
		Msg: encode(M{
			"reward_denoms": c.setup.DenomNames(), "fee_pool": ownPool.String(),
			"provider": M{
				"connection_id": connection, "port_id": port(provider), "transfer_channel": transfers,
				"receiver": provider.String(), "prefix": sdk.GetConfig().GetBech32AccountAddrPrefix(),
			},
			"order": c.setup.order(), "blocks_per_distribution_transmission": Period,
			"reporters": M{"block": []string{node.Account(pool.Reporter).String()}},
		}),
	}
	c.Address, _, err = c.Instantiate()
	return err
}

// Instantiate makes another contract of the same kind.
func (c *Consumer) Instantiate() (sdk.AccAddress, node.Outcome, error) {
	return c.Node.Instantiate(c.instantiation)
}

// tellPowers gives all validators their power.
func (c *Consumer) tellPowers() error {
	for from := 0; from < c.setup.Validators; from += maxChanges {
		changes := Changes(from, min(maxChanges, c.setup.Validators-from), 0)
		if _, err := c.PowersChanged(changes); err != nil {
			return err
		}
	}
	return nil
}

// Changes are other powers for count validators: those at the beginning and so much more.
func Changes(from, count int, more int64) []M {
	changes := make([]M, count)
	for index := range changes {
		name := pool.Validator(from + index)
		changes[index] = M{
			"validator": node.Operator(name).String(), "power": fmt.Sprint(pool.Power(from+index) + more),
		}
	}
	return changes
}

// Execute sends a message of the account called sender.
func (c *Consumer) Execute(sender string, msg M, funds ...sdk.Coin) (node.Outcome, error) {
	return c.Node.Execute(node.Account(sender), c.Address, encode(msg), sdk.NewCoins(funds...))
}

// Sudo calls the contract as the chain. A call that it ignores is an error here.
func (c *Consumer) Sudo(msg M) (node.Outcome, error) {
	return heeded(c.Node.Sudo(c.Address, encode(msg)))
}

// heeded makes an error of an outcome with an event that something was ignored.
func heeded(outcome node.Outcome, err error) (node.Outcome, error) {
	for _, event := range outcome.Events {
		for _, name := range []string{"hook_ignored", "ibc_ignored", "already_done", "old_height", "send_failed"} {
			if event.Type == "wasm-"+name {
				return outcome, fmt.Errorf("%s: %v", name, event.Attributes)
			}
		}
	}
	return outcome, err
}

// PowersChanged tells powers as the reporter does.
func (c *Consumer) PowersChanged(changes []M) (node.Outcome, error) {
	return c.Execute(pool.Reporter, M{"powers_changed": M{"changes": changes}})
}

// Probe begins the probe.
func (c *Consumer) Probe() (node.Outcome, error) {
	return c.Execute(pool.Funder, M{"probe": M{}}, sdk.NewInt64Coin(c.setup.DenomNames()[0], 2))
}

// Tick goes on with closing, weights and transfers.
func (c *Consumer) Tick() (node.Outcome, error) { return c.TickLimit(defaultLimit) }

// defaultLimit stands for the contracts' own.
const defaultLimit = 0

// TickLimit does so with a limit.
func (c *Consumer) TickLimit(limit int) (node.Outcome, error) {
	return heeded(c.Execute("anyone", M{"tick": limited(M{}, limit)}))
}

// limited adds a limit to a message.
func limited(msg M, limit int) M {
	if limit != defaultLimit {
		msg["limit"] = limit
	}
	return msg
}

// Block is a begin_block message: all have signed, the first count powers are so much more than at the
// beginning.
func (c *Consumer) Block(changed int, more int64) M {
	total := int64(0)
	for index := range c.setup.Validators {
		total += pool.Power(index)
	}
	commit := M{"signed_power": fmt.Sprint(total)}
	if changed > 0 {
		commit["changed"] = Changes(0, changed, more)
	}
	return block(commit)
}

// Votes is the same as a whole list.
func (c *Consumer) Votes(changed int, more int64) M {
	votes := append(Changes(0, changed, more), Changes(changed, c.setup.Validators-changed, 0)...)
	for _, vote := range votes {
		vote["signed"] = true
	}
	return block(M{"votes": votes})
}

func block(lastCommit M) M {
	proposer := node.Operator(pool.Validator(1)).String()
	return M{"begin_block": M{"proposer": proposer, "last_commit": lastCommit}}
}

// Fees sends this much of every denom to the contract.
func (c *Consumer) Fees(amount int64) error {
	coins := sdk.NewCoins()
	for _, denom := range c.setup.DenomNames() {
		coins = coins.Add(sdk.NewInt64Coin(denom, amount))
	}
	return c.App.BankKeeper.SendCoins(c.Context(), node.Account(pool.Funder), c.Address, coins)
}
