package scenario

// betweenChains checks a step about several chains.
func (c *checker) betweenChains(place Place, do any) error {
	switch it := do.(type) {
	case Connect:
		return c.pair(place, it.A, it.B)
	case TransferChannel:
		return c.pair(place, it.A, it.B)
	case OpenChannel:
		return first(c.pair(place, it.A.Chain, it.B.Chain),
			c.channelEnd(place.Key("a"), it.A), c.channelEnd(place.Key("b"), it.B))
	case Transfer:
		return c.transfer(place, it)
	case Relay:
		if it.Only.From == "" {
			return nil
		}
		return c.chainName(place.Key("only").Key("from"), it.Only.From)
	case ExpireClient:
		return c.chainName(place.Key("chain"), it.Chain)
	case CloseChannel:
		return first(c.chainName(place.Key("chain"), it.Chain), c.channelEnd(place, it.ChannelEnd))
	default:
		return nil
	}
}

func (c *checker) chainName(place Place, name string) error {
	if _, known := c.file.Chains[name]; !known {
		return place.errorf("unknown chain %q", name)
	}
	return nil
}

func (c *checker) pair(place Place, a, b string) error {
	if a == b {
		return place.errorf("%q is one chain, not two", a)
	}
	return first(c.chainName(place.Key("a"), a), c.chainName(place.Key("b"), b))
}

func (c *checker) channelEnd(place Place, end ChannelEnd) error {
	if end.Contract == "" {
		return c.chainName(place.Key("chain"), end.Chain)
	}
	return first(c.chainName(place.Key("chain"), end.Chain), c.madeBefore(place.Key("contract"), end.Chain, end.Contract))
}

func (c *checker) transfer(place Place, it Transfer) error {
	to := place.Key("to")
	chain, name, known := c.file.receiver(c.chain, it.To)
	if !known {
		return to.errorf("%q is nobody on another chain: with more than two chains a receiver is \"chain/name\"", it.To)
	}
	if err := checkName(name); err != nil {
		return to.errorf("%s", err)
	}
	return first(c.name(place.Key("from"), it.From), c.accountOrContract(to, chain, name), c.value(place.Key("memo"), it.Memo))
}
