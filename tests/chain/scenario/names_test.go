package scenario

import (
	"testing"

	"github.com/stretchr/testify/require"

	"cw-distribution/tests/chain/node"
)

func TestNamesStandForAddressesOfAnyChain(t *testing.T) {
	names := newNames()
	names.contracts[contractKey{"zone", "pool"}] = node.Account("far")
	names.saved["x"] = []any{"1"}
	far, alice := node.Account("far"), node.Account("alice")
	for text, stands := range map[string]any{
		"@alice":       alice.String(),
		"@zone/alice":  alice.String(),
		"@@alice":      node.Operator("alice").String(),
		"@@zone/alice": node.Operator("alice").String(),
		// The contract is on the other chain; here the name is an account's.
		"@zone/pool":                   far.String(),
		"@pool":                        node.Account("pool").String(),
		"port:zone/pool":               "wasm." + far.String(),
		"ibc:transfer/channel-0/uatom": "ibc/27394FB092D2ECCD56123C74F36E4C1F926001CEADA9CA97EA622B25F41E5EB2",
		"$x":                           []any{"1"},
		"alice":                        "alice",
	} {
		resolved, err := names.value("hub", text)
		require.NoError(t, err, text)
		require.Equal(t, stands, resolved, text)
	}
}

func TestAMemoThatIsAnObjectBecomesText(t *testing.T) {
	alice := node.Account("alice").String()
	resolved, err := newNames().value("hub", map[string]any{"memo": map[string]any{"to": "@alice"}, "other": map[string]any{"memo": "@alice"}})
	require.NoError(t, err)
	require.Equal(t, map[string]any{"memo": `{"to":"` + alice + `"}`, "other": map[string]any{"memo": alice}}, resolved)
}
