package gas

import (
	"time"

	"cw-distribution/tests/chain/ccv"
	"cw-distribution/tests/chain/node"
	"cw-distribution/tests/chain/pool"
)

// What the consumer is told of packets and transfers.
const (
	holdingAck      = "ibc_packet_ack"
	holdingTimeout  = "ibc_packet_timeout"
	holdingCallback = "ibc_source_callback"
)

// Times after which something is late: a transfer, the answer about one, weights.
const (
	transferLate = 2 * time.Hour
	askLate      = 8 * 24 * time.Hour
	weightsLate  = 29 * 24 * time.Hour
)

// answers are what relayers bring back to the consumer.
func (h *holding) answers() error {
	for _, count := range ccvDenomCounts {
		const validators = 512
		setup := ccv.Setup{Denoms: count, Validators: validators, Target: ccv.Native}
		at := size(count, validators)
		err := h.on(setup, func() error {
			return inOrder(
				func() error { return h.pair.Blocks(blocksBefore) }, h.unit,
				func() error { return h.ofWeights(at) },
				func() error { return h.ofCoins(at) },
				func() error { return h.lost(at) },
				func() error { return h.late(at) },
			)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// refused has the provider refuse the first of a kind that arrives.
func (h *holding) refused(kind ccv.Wanted) error {
	return inOrder(
		func() error { return h.pair.Provider.Pause(true) },
		func() error { return h.relay(kind, 1) },
		func() error { return h.pair.Provider.Pause(false) },
	)
}

// again lets what was refused or came back go once more.
func (h *holding) again() error { return h.closes() }

// ofWeights are answers to chunks of 64 weights. In the end the coins of the first denom are under way, and
// those of the others have arrived.
func (h *holding) ofWeights(at string) error {
	return inOrder(
		h.closes,
		func() error { return h.refused(chunkArrives) },
		func() error { return h.told(chunkAnswered, holdingAck, at+", weights refused", "wasm-weights_refused") },
		func() error { return h.relay(chunkArrives, 1) },
		func() error {
			return h.told(chunkAnswered, holdingAck, at+", weights taken", "wasm-weights_acknowledged")
		},
		h.relayAll, h.again, h.relayAll, h.ticks,
	)
}

// ofCoins are the outcomes of the transfer that is under way, and of the next ones. The last outcome is
// not told.
func (h *holding) ofCoins(at string) error {
	return inOrder(
		func() error { return h.pair.Pass(transferLate) },
		func() error { return h.told(coinsLate, holdingCallback, at+", timed out", "wasm-tokens_returned") },
		h.again,
		func() error { return h.refused(coinsArrive) },
		func() error { return h.told(coinsAnswered, holdingCallback, at+", refused", "wasm-tokens_returned") },
		h.again,
		func() error { return h.relay(coinsArrive, 1) },
		func() error {
			send, err := h.relayed(coinsAnswered)
			if err != nil {
				return err
			}
			return h.consumer(holdingCallback, at+", delivered", "wasm-tokens_delivered", send)
		},
	)
}

// lost is about a transfer of which the callback is lost.
func (h *holding) lost(at string) error {
	reconcile := func() (node.Outcome, error) {
		return h.pair.Consumer.Execute("anyone", pool.M{"reconcile": pool.M{"denom": "uatom"}})
	}
	return inOrder(
		func() error { return h.pair.Lose(coinsAnswered) }, h.relayAll,
		func() error { return h.pair.Pass(askLate) },
		func() error { return h.consumer("reconcile", at, "wasm-reconcile", reconcile) },
		func() error {
			_, err := reconcile()
			return err
		},
		func() error { return h.relay(chunkArrives, 1) },
		func() error { return h.told(chunkAnswered, holdingAck, at+", status", "wasm-status") },
	)
}

// late is a chunk that never arrives, which ends the channel.
func (h *holding) late(at string) error {
	return inOrder(
		h.closes,
		func() error { return h.pair.Pass(weightsLate) },
		func() error { return h.told(chunkLate, holdingTimeout, at+", weights", "wasm-weights_refused") },
	)
}
