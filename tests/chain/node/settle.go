package node

import "time"

// settled counts what Settle has added to the application's clock and height. Nobody sees it but
// other chains, in headers, and modules at the beginning and end of a block.
type settled struct {
	blocks int64
	time   time.Duration
}

// passed takes back what Settle has added to the clock, once the clock has gone further than that.
func (s *settled) passed(time time.Duration) {
	if time > s.time {
		s.time = 0
	}
}

// Settle commits what has happened in the open block, so that it can be proven to other chains, and
// opens another block that stands for the same one: what is run in it has the same height and time.
// For the application it is the next block, a nanosecond later, since a light client takes no header
// of the same time. With Genesis.VisibleProofs it is the next block for everybody.
func (n *Node) Settle() error {
	if n.visibleProofs {
		return n.Next()
	}
	if err := n.commit(); err != nil {
		return err
	}
	n.settled.blocks++
	n.settled.time++
	return n.begin()
}

// realHeight is the application's height of the open block.
func (n *Node) realHeight() int64 { return n.height + n.settled.blocks }

// realTime is the application's time of the open block.
func (n *Node) realTime() time.Time { return n.time.Add(n.settled.time) }
