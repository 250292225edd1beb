package types_test

import (
	"testing"

	"github.com/cosmos/gogoproto/proto"
	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/reflect/protoreflect"

	_ "github.com/cw-distribution/chain-module/types"
)

// The command line and reflection read messages by their descriptors: a type that was not registered
// in time would be shown without its fields.
func TestEveryFieldOfEveryMessageIsKnown(t *testing.T) {
	seen := 0
	for _, path := range []string{"cwdistribution", "genesis", "query", "tx"} {
		file, err := proto.HybridResolver.FindFileByPath("cwdistribution/v1/" + path + ".proto")
		require.NoError(t, err)
		messages := file.Messages()
		for i := range messages.Len() {
			fields := messages.Get(i).Fields()
			for j := range fields.Len() {
				field := fields.Get(j)
				if field.Kind() == protoreflect.MessageKind {
					require.False(t, field.Message().IsPlaceholder(), "%s", field.FullName())
					seen++
				}
			}
		}
	}
	require.Greater(t, seen, 10)
}
