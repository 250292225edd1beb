package twochains

import (
	"encoding/json"

	"github.com/stretchr/testify/require"

	"cw-distribution/tests/chain/node"
)

// pool is what is in a validator's holding pool: points by denom.
func (w *world) pool(validator string) map[string]string {
	w.t.Helper()
	query := M{"holding_pool": M{"validator": node.Operator(validator).String()}}
	outcome, err := w.consumer.Query(w.holdingPools(), encode(w.t, query))
	require.NoError(w.t, err)
	var answer struct {
		Points []struct {
			Denom  string `json:"denom"`
			Points string `json:"points"`
		} `json:"points"`
	}
	require.NoError(w.t, json.Unmarshal(outcome.Data, &answer))
	found := map[string]string{}
	for _, it := range answer.Points {
		found[it.Denom] = it.Points
	}
	return found
}

// unitInfo is what the consumer says of a unit.
type unitInfo struct {
	State       string `json:"state"`
	Settling    bool   `json:"settling"`
	Validators  int    `json:"validators"`
	Attempts    int    `json:"attempts"`
	LastRefusal string `json:"last_refusal"`
}

func (w *world) unit(denom string) unitInfo {
	w.t.Helper()
	outcome, err := w.consumer.Query(w.holdingPools(), encode(w.t, M{"unit": M{"denom": denom}}))
	require.NoError(w.t, err)
	var answer struct {
		Unit unitInfo `json:"unit"`
	}
	require.NoError(w.t, json.Unmarshal(outcome.Data, &answer))
	return answer.Unit
}
