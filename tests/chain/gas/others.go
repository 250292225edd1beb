package gas

import (
	"fmt"
	"strings"

	"cw-distribution/tests/chain/pool"
)

// job is something that several distributions do, with what each of them uses for it in all,
// set-up included and bank sends of contracts not.
type job struct {
	name string
	// ours is a row of fee-pool, and sdk one of x/distribution, if
	// it has one. A bank send is a part of x/distribution's own work.
	ours, sdk shown
	// daoDao and tgrade are figures of other contracts, measured on the same kind of chain: the DAO
	// DAO rewards distributor and tgrade's tg4-engagement.
	daoDao, tgrade string
}

var jobs = []job{
	{
		name: "fees of a block, 10 validators", ours: shown{signedPower, "1 denom, 10 validators"},
		sdk: shown{"begin block", "1 denom, 10 validators"}, daoDao: "89k", tgrade: "76k",
	},
	{
		name: "100 validators", ours: shown{signedPower, "1 denom, 100 validators"},
		sdk: shown{"begin block", "1 denom, 100 validators"},
	},
	{
		name: "1000 validators", ours: shown{signedPower, "1 denom, 1000 validators"},
		sdk: shown{"begin block", "1 denom, 1000 validators"},
	},
	{
		name: "1000 validators, 8 denoms", ours: shown{signedPower, "8 denoms, 1000 validators"},
		sdk: shown{"begin block", "8 denoms, 1000 validators"},
	},
	{
		name: "1000 validators, whole list of votes", ours: shown{votes, "1 denom, 1000 validators, 0 changed"},
		sdk: shown{"begin block", "1 denom, 1000 validators"},
	},
	{
		name: "stake of one recipient changes", ours: shown{"staking_event delegation_changed", "1 denom"},
		daoDao: "280k (6 calls)", tgrade: "106k",
	},
	{
		name: "claim", ours: shown{withdrawal, "1 denom"},
		sdk: shown{"MsgWithdrawDelegatorReward", "1 denom, 100 validators"}, daoDao: "259k (5 calls)", tgrade: "85k",
	},
}

// showOthers writes what the same jobs take elsewhere.
func (t Table) showOthers(text *strings.Builder) error {
	text.WriteString("| in all, without bank sends | fee-pool | pinned | x/distribution | DAO DAO distributor | tgrade tg4-engagement |\n" +
		"|---|--:|--:|--:|--:|--:|\n")
	for _, job := range jobs {
		ours, err := t.Find(string(pool.F1), job.ours.message, job.ours.at)
		if err != nil {
			return err
		}
		sdk := ""
		if job.sdk != (shown{}) {
			row, err := t.Find("x/distribution", job.sdk.message, job.sdk.at)
			if err != nil {
				return err
			}
			sdk = grouped(row.NotPinned.Total)
		}
		fmt.Fprintf(text, "| %s | %s | %s | %s | %s | %s |\n", job.name,
			grouped(ours.NotPinned.Total-ours.NotPinned.Bank), grouped(ours.Pinned.Total-ours.Pinned.Bank),
			sdk, job.daoDao, job.tgrade)
	}
	text.WriteString("\n")
	return nil
}
