package app_test

import (
	"encoding/json"
	"path"
	"testing"

	"github.com/stretchr/testify/require"

	sdk "github.com/cosmos/cosmos-sdk/types"

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

// queries are all queries of a contract by their names, with each of the values that arguments have here. An argument
// that need not be given and has no value is left out; one that must be has some.
func queries(t testing.TB, crate string, values map[string][]any) map[string][]M {
	t.Helper()
	var file struct {
		Query schema `json:"query"`
	}
	require.NoError(t, json.Unmarshal(testchain.Repository(t, "schema", crate, crate+".json"), &file))
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
			bodies = with(bodies, argument, values[argument])
		}
		for _, it := range bodies {
			for _, argument := range body.Required {
				require.Contains(t, it, argument, "%s: %s", crate, name)
			}
			found[name] = append(found[name], M{name: it})
		}
	}
	require.NotEmpty(t, found)
	return found
}

// with gives each body each value; without values they stay as they are.
func with(bodies []M, argument string, values []any) []M {
	if len(values) == 0 {
		return bodies
	}
	var all []M
	for _, body := range bodies {
		for _, value := range values {
			one := M{argument: value}
			for key := range body {
				one[key] = body[key]
			}
			all = append(all, one)
		}
	}
	return all
}

// member is a contract with its queries.
type member struct {
	crate   string
	address sdk.AccAddress
	queries map[string][]M
	// silent are queries that it answers with an error here.
	silent []string
}

// answers are what a contract says to all of its queries in a state, errors included.
func (w *world) answers(ctx sdk.Context, of member) map[string]string {
	w.t.Helper()
	all := map[string]string{}
	for name, queries := range of.queries {
		answered := false
		for _, query := range queries {
			text, err := json.Marshal(query)
			require.NoError(w.t, err)
			answer, err := w.app.WasmKeeper.QuerySmart(ctx, of.address, text)
			if err != nil {
				answer = []byte(err.Error())
			}
			answered = answered || err == nil
			all[string(text)] = string(answer)
		}
		if answered {
			require.NotContains(w.t, of.silent, name, of.crate)
		} else {
			require.Contains(w.t, of.silent, name, "%s: %v", of.crate, all)
		}
	}
	return all
}
