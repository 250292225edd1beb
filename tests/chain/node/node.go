// Package node drives one stock wasmd application over ABCI, block by block: any number of
// validators with real votes, and messages of any account without signatures.
//
// A Node always has one open block: FinalizeBlock has run the begin blockers and waits in the first
// end blocker. What happens on the chain in between is run on the state of that block, so it is
// part of it like a transaction, but without ante handler and signature: accounts are named, their
// addresses are hashes of the names ([Account]), and nobody has keys for them. Advancing lets the
// block end and commits it.
//
// Other chains can only be shown what is committed, so [Node.Settle] commits in the middle of a block:
// what is run afterwards has the same height and time, although the application counts one more.
//
// All keys are fixed, so the gas of a message is the same in every run.
package node

import (
	"context"
	"fmt"
	"os"
	"runtime/debug"
	"slices"
	"time"

	abci "github.com/cometbft/cometbft/abci/types"
	dbm "github.com/cosmos/cosmos-db"

	"cosmossdk.io/core/appmodule"
	"cosmossdk.io/log"
	"cosmossdk.io/math"
	pruningtypes "cosmossdk.io/store/pruning/types"

	"github.com/cosmos/cosmos-sdk/baseapp"
	simtestutil "github.com/cosmos/cosmos-sdk/testutil/sims"
	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/CosmWasm/wasmd/app"
	wasmkeeper "github.com/CosmWasm/wasmd/x/wasm/keeper"
)

// defaultStep is how long a block takes by default.
const defaultStep = 5 * time.Second

// Node is a chain with one open block.
type Node struct {
	// App is the application; its keepers may be read and written with Context.
	App *app.WasmApp
	// OnBlock is called with what each block has left behind, when it is committed.
	OnBlock func(*abci.ResponseFinalizeBlock)
	// OnEvents is called with the events of everything that Run runs and that does not fail.
	OnEvents func(sdk.Events)

	id       string
	home     string
	height   int64
	time     time.Time
	settled  settled
	meter    *meter
	pump     *pump
	open     sdk.Context
	finished chan finished
	votes    voteHistory
	absent   map[string]bool
	// visibleProofs is Genesis.VisibleProofs.
	visibleProofs bool
}

// finished is what FinalizeBlock returns.
type finished struct {
	response *abci.ResponseFinalizeBlock
	err      error
}

// Option changes an application before it loads its state.
type Option func(*app.WasmApp) error

// KeepStates is an option for chains that themselves call contracts in their blocks. Otherwise old states are taken away in
// the background, and in a database in memory that may wait for an iterator of a contract which waits for it.
func KeepStates(a *app.WasmApp) error {
	baseapp.SetPruning(pruningtypes.NewPruningOptions(pruningtypes.PruningNothing))(a.BaseApp)
	return nil
}

// New starts a chain and opens its first block. Close it in the end.
func New(genesis Genesis, options ...Option) (*Node, error) {
	if genesis.Time.IsZero() {
		genesis.Time = GenesisTime
	}
	if len(genesis.Validators) == 0 {
		genesis.Validators = []Validator{{Name: "only validator", Power: 1, Commission: math.LegacyZeroDec()}}
	}
	home, err := os.MkdirTemp("", "wasmd")
	if err != nil {
		return nil, err
	}
	n := &Node{
		id: genesis.ChainID, home: home, height: 1, time: genesis.Time,
		meter: &meter{}, pump: newPump(), absent: map[string]bool{}, votes: newVoteHistory(genesis.Validators),
		visibleProofs: genesis.VisibleProofs,
	}
	if err := n.start(genesis, options); err != nil {
		n.removeHome()
		return nil, err
	}
	return n, nil
}

func (n *Node) start(genesis Genesis, changes []Option) error {
	memory := genesis.ContractMemory
	if memory == 0 {
		memory = contractMemory
	}
	engine, err := engineFor(memory)
	if err != nil {
		return err
	}
	n.App = app.NewWasmApp(log.NewNopLogger(), dbm.NewMemDB(), nil, false, options(n.home),
		[]wasmkeeper.Option{
			wasmkeeper.WithWasmEngine(engine),
			wasmkeeper.WithGasRegister(newRegister(n.meter)),
			wasmkeeper.WithMessageHandlerDecorator(n.meter.messenger),
		},
		baseapp.SetChainID(n.id),
		// Nobody asks for old states, and those of many blocks take much memory.
		baseapp.SetPruning(pruningtypes.NewPruningOptions(pruningtypes.PruningEverything)))
	if err := n.meter.route(n.App); err != nil {
		return err
	}
	for _, change := range changes {
		if err := change(n.App); err != nil {
			return err
		}
	}
	if err := n.App.LoadLatestVersion(); err != nil {
		return err
	}
	modules := n.App.ModuleManager
	modules.Modules[pumpName] = n.pump
	modules.OrderEndBlockers = slices.Insert(modules.OrderEndBlockers, 0, pumpName)

	state, err := genesis.state(n.App)
	if err != nil {
		return err
	}
	params := *simtestutil.DefaultConsensusParams
	_, err = n.App.InitChain(&abci.RequestInitChain{
		ChainId: n.id, Time: n.time, ConsensusParams: &params, InitialHeight: 1, AppStateBytes: state,
	})
	if err != nil {
		return err
	}
	return n.begin()
}

// Close ends the chain. The open block is not committed.
func (n *Node) Close() error {
	var err error
	if n.finished != nil {
		_, err = n.finish()
	}
	n.removeHome()
	return err
}

func (n *Node) removeHome() {
	// A folder for temporary files that stays is no reason to fail.
	_ = os.RemoveAll(n.home)
}

// Height is that of the open block.
func (n *Node) Height() int64 { return n.height }

// Time is that of the open block.
func (n *Node) Time() time.Time { return n.time }

// ID is the chain's, of the form name-N.
func (n *Node) ID() string { return n.id }

// Context is the state of the open block. Changes are part of the block.
func (n *Node) Context() sdk.Context { return n.open }

// SetAbsent says whether a validator does not sign blocks from the open one on.
func (n *Node) SetAbsent(name string, absent bool) { n.absent[name] = absent }

// Next commits the open block and opens one a few seconds later.
func (n *Node) Next() error { return n.Advance(1, defaultStep) }

// Advance commits the open block and the next ones until the open one is blocks later. All the time
// passes before the last of them.
func (n *Node) Advance(blocks uint64, passed time.Duration) error {
	for block := uint64(1); block <= blocks; block++ {
		if err := n.commit(); err != nil {
			return err
		}
		n.height++
		if block == blocks {
			n.time = n.time.Add(passed)
			n.settled.passed(passed)
		}
		if err := n.begin(); err != nil {
			return err
		}
	}
	return nil
}

// begin opens the next block.
func (n *Node) begin() error {
	height := n.realHeight()
	request := &abci.RequestFinalizeBlock{
		Height: height, Time: n.realTime(), ProposerAddress: n.votes.proposer(height),
	}
	if height > 1 {
		request.DecidedLastCommit = abci.CommitInfo{Votes: n.votes.last(n.absent)}
	}
	n.finished = make(chan finished, 1)
	go n.finalize(request, n.finished)
	select {
	case n.open = <-n.pump.reached:
		return nil
	case end := <-n.finished:
		n.finished = nil
		if end.err == nil {
			end.err = fmt.Errorf("block %d ended without its end blockers", height)
		}
		return end.err
	}
}

func (n *Node) finalize(request *abci.RequestFinalizeBlock, to chan<- finished) {
	defer func() {
		if panicked := recover(); panicked != nil {
			to <- finished{err: fmt.Errorf("block %d: %v\n%s", request.Height, panicked, debug.Stack())}
		}
	}()
	response, err := n.App.FinalizeBlock(request)
	to <- finished{response: response, err: err}
}

// finish lets the open block end.
func (n *Node) finish() (*abci.ResponseFinalizeBlock, error) {
	n.pump.resume <- struct{}{}
	end := <-n.finished
	n.finished = nil
	return end.response, end.err
}

func (n *Node) commit() error {
	response, err := n.finish()
	if err != nil {
		return err
	}
	if _, err := n.App.Commit(); err != nil {
		return err
	}
	n.votes.ended(response.ValidatorUpdates)
	if n.OnBlock != nil {
		n.OnBlock(response)
	}
	return nil
}

// pumpName is the name of the module in whose end blocker an open block waits.
const pumpName = "open block"

// pump hands the state of a block out of FinalizeBlock and waits until it is given back. Only one
// side works on the state at a time.
type pump struct {
	reached chan sdk.Context
	resume  chan struct{}
}

var _ appmodule.HasEndBlocker = (*pump)(nil)

func newPump() *pump {
	return &pump{reached: make(chan sdk.Context), resume: make(chan struct{})}
}

func (*pump) IsAppModule()        {}
func (*pump) IsOnePerModuleType() {}

// EndBlock waits for what happens in the block.
func (p *pump) EndBlock(ctx context.Context) error {
	p.reached <- sdk.UnwrapSDKContext(ctx)
	<-p.resume
	return nil
}

// Try runs what on a copy of the open block's state and forgets all it has changed: nobody hears of its
// events.
func (n *Node) Try(what func() error) error {
	before, heard := n.open, n.OnEvents
	n.open, _ = before.CacheContext()
	n.OnEvents = nil
	defer func() { n.open, n.OnEvents = before, heard }()
	return what()
}
