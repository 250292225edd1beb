package app_test

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/cw-distribution/chain-module/types"
)

func TestTheProposalOfTheReadmeIsSound(t *testing.T) {
	text, err := os.ReadFile("../README.md")
	require.NoError(t, err)
	_, block, found := strings.Cut(string(text), "```json title=proposal.json\n")
	require.True(t, found)
	block, _, _ = strings.Cut(block, "```")
	var proposal struct {
		Messages []json.RawMessage `json:"messages"`
	}
	require.NoError(t, json.Unmarshal([]byte(block), &proposal))
	made := newApp(t, &hostileVM{})
	var message sdk.Msg
	require.NoError(t, made.AppCodec().UnmarshalInterfaceJSON(proposal.Messages[0], &message))
	update, is := message.(*types.MsgUpdateParams)
	require.True(t, is)
	require.Equal(t, governance(), update.Authority)
	require.NoError(t, update.Params.Validate(made.AccountKeeper.AddressCodec()))
}
