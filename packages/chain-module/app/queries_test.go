package app_test

import (
	"encoding/json"
	"maps"
	"path"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/cw-distribution/chain-module/internal/testchain"
)

// schema is what the files in schema/ say of a type.
type schema struct {
	Ref         string            `json:"$ref"`
	Required    []string          `json:"required"`
	Properties  map[string]schema `json:"properties"`
	OneOf       []schema          `json:"oneOf"`
	Definitions map[string]schema `json:"definitions"`
}

// queries are all queries of a contract by their names, with all values of their arguments. Arguments that need not
// be given are left out as well.
func queries(t testing.TB, crate string, values map[string][]any) map[string][]M {
	t.Helper()
	var file struct {
		Query schema `json:"query"`
	}
	require.NoError(t, json.Unmarshal(testchain.File(t, "schema", crate, crate+".json"), &file))
	found := map[string][]M{}
	for _, variant := range file.Query.OneOf {
		require.Len(t, variant.Required, 1)
		name := variant.Required[0]
		body := variant.Properties[name]
		if body.Ref != "" {
			body = file.Query.Definitions[path.Base(body.Ref)]
		}
		bodies := []M{{}}
		for argument := range body.Properties {
			all := with(bodies, argument, values[argument])
			if slices.Contains(body.Required, argument) {
				require.NotEmpty(t, all, "%s: %s of %s", crate, argument, name)
				bodies = all
			} else {
				bodies = append(bodies, all...)
			}
		}
		for _, it := range bodies {
			found[name] = append(found[name], M{name: it})
		}
	}
	require.NotEmpty(t, found)
	return found
}

// with gives each body each value.
func with(bodies []M, argument string, values []any) []M {
	var all []M
	for _, body := range bodies {
		for _, value := range values {
			one := maps.Clone(body)
			one[argument] = value
			all = append(all, one)
		}
	}
	return all
}
