package scenario

import (
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"cosmossdk.io/math"

	"cw-distribution/tests/chain/node"
)

// secondsPerBlock is how long a block takes when a step does not say.
const secondsPerBlock = 5

// Parse reads a scenario file. Names are looked up by [Check].
func Parse(text []byte) (File, error) {
	root, err := readTree(text)
	if err != nil {
		return File{}, err
	}
	file, err := parseFile(root)
	var unlocated *treeError
	if errors.As(err, &unlocated) {
		return file, locate(text, &unlocated.cause, unlocated.offset)
	}
	return file, err
}

// fields are the keys of an object by name, each with what reads its value.
type fields map[string]func(tree) error

// read reads an object: every key must be one of fields, and the required ones must be there.
func (f fields) read(t tree, required ...string) error {
	members, err := t.object()
	if err != nil {
		return err
	}
	for _, member := range members {
		take, known := f[member.key]
		if !known {
			return member.tree.wrong("unknown field `%s`, expected %s", member.key, f.list())
		}
		if err := take(member.tree); err != nil {
			return err
		}
	}
	for _, key := range required {
		if !slices.ContainsFunc(members, func(it member) bool { return it.key == key }) {
			return t.wrong("missing field `%s`", key)
		}
	}
	return nil
}

func (f fields) list() string {
	names := make([]string, 0, len(f))
	for name := range f {
		names = append(names, "`"+name+"`")
	}
	slices.Sort(names)
	return "one of " + strings.Join(names, ", ")
}

// into reads a value of one type into a variable.
func into[T any](to *T, read func(tree) (T, error)) func(tree) error {
	return func(t tree) (err error) {
		*to, err = read(t)
		return err
	}
}

func text(to *string) func(tree) error { return into(to, tree.text) }

func anything(to *any) func(tree) error {
	return into(to, func(t tree) (any, error) { return t.plain(), nil })
}

func listOf[T any](read func(tree) (T, error)) func(tree) ([]T, error) {
	return func(t tree) ([]T, error) {
		items, err := t.array()
		if err != nil {
			return nil, err
		}
		list := make([]T, 0, len(items))
		for _, item := range items {
			value, err := read(item)
			if err != nil {
				return nil, err
			}
			list = append(list, value)
		}
		return list, nil
	}
}

func mapOf[T any](read func(tree) (T, error)) func(tree) (map[string]T, error) {
	return func(t tree) (map[string]T, error) {
		members, err := t.object()
		if err != nil {
			return nil, err
		}
		values := make(map[string]T, len(members))
		for _, member := range members {
			if values[member.key], err = read(member.tree); err != nil {
				return nil, err
			}
		}
		return values, nil
	}
}

func parseFile(t tree) (File, error) {
	var file File
	err := fields{
		"name":     text(&file.Name),
		"accounts": func(t tree) error { file.Strict = true; return into(&file.Accounts, listOf(tree.text))(t) },
		"chains":   into(&file.Chains, mapOf(parseChain)),
		"steps":    into(&file.Steps, listOf(parseStep)),
	}.read(t, "name", "chains", "steps")
	return file, err
}

func parseChain(t tree) (Chain, error) {
	chain := Chain{Time: node.GenesisTime, Callbacks: true}
	err := fields{
		"prefix":    text(&chain.Prefix),
		"time":      into(&chain.Time, parseTime),
		"balances":  into(&chain.Balances, mapOf(listOf(parseCoin))),
		"callbacks": into(&chain.Callbacks, tree.boolean),
	}.read(t, "prefix")
	return chain, err
}

func parseTime(t tree) (time.Time, error) {
	text, err := t.text()
	if err != nil {
		return time.Time{}, err
	}
	parsed, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		return parsed, t.wrong("%q is no time like \"2026-01-01T00:00:00Z\"", text)
	}
	return parsed.UTC(), nil
}

func parseCoin(t tree) (Coin, error) {
	text, err := t.text()
	if err != nil {
		return Coin{}, err
	}
	denom := strings.TrimLeft(text, "0123456789")
	digits := strings.TrimSuffix(text, denom)
	if denom == "" || digits == "" {
		return Coin{}, t.wrong("%q is no coin like \"1000uatom\"", text)
	}
	amount, ok := math.NewIntFromString(digits)
	if !ok {
		return Coin{}, t.wrong("the amount of %q does not fit into 256 bits", text)
	}
	if _, err := resolveDenom(denom); err != nil {
		return Coin{}, t.wrong("%s", err)
	}
	return Coin{Amount: amount, Denom: denom}, nil
}

// actions reads the body of each kind of step.
var actions = map[string]func(tree) (any, error){
	"instantiate":   parseInstantiate,
	"execute":       parseExecute,
	"sudo":          parseSudo,
	"query":         parseQuery,
	"migrate":       parseMigrate,
	"send":          parseSend,
	"balance":       parseBalance,
	"advance":       parseAdvance,
	"validator":     parseValidator,
	"delegation":    parseDelegation,
	"block_account": parseBlockAccount,
	"hook_denom":    parseHookDenom,

	"connect":          parseConnect,
	"transfer_channel": parseTransferChannel,
	"open_channel":     parseOpenChannel,
	"transfer":         parseTransfer,
	"relay":            parseRelay,
	"expire_client":    parseExpireClient,
	"close_channel":    parseCloseChannel,
}

func parseStep(t tree) (Step, error) {
	var it Step
	keys := fields{
		"chain":  text(&it.Chain),
		"expect": func(t tree) error { it.HasExpect = true; return anything(&it.Expect)(t) },
		"error":  func(t tree) error { it.HasError = true; return text(&it.Error)(t) },
		"save":   into(&it.Save, mapOf(tree.text)),
	}
	for kind, parse := range actions {
		keys[kind] = func(body tree) (err error) {
			if it.Kind != "" {
				return t.wrong("a step does one thing, not `%s` and `%s`", it.Kind, kind)
			}
			it.Kind = kind
			it.Do, err = parse(body)
			return err
		}
	}
	if err := keys.read(t); err != nil {
		return it, err
	}
	if it.Kind == "" {
		return it, t.wrong("a step needs a key that says what it does")
	}
	return it, nil
}

func parseInstantiate(t tree) (any, error) {
	var it Instantiate
	err := fields{
		"name": text(&it.Name), "code": text(&it.Code), "sender": text(&it.Sender),
		"msg": anything(&it.Msg), "funds": into(&it.Funds, listOf(parseCoin)),
		"admin": func(t tree) error {
			if t.value == nil {
				return nil
			}
			err := text(&it.Admin)(t)
			it.Admin = strings.TrimPrefix(it.Admin, "@")
			return err
		},
	}.read(t, "name", "code", "sender", "msg")
	return it, err
}

func parseExecute(t tree) (any, error) {
	var it Execute
	err := fields{
		"contract": text(&it.Contract), "sender": text(&it.Sender),
		"msg": anything(&it.Msg), "funds": into(&it.Funds, listOf(parseCoin)),
	}.read(t, "contract", "sender", "msg")
	return it, err
}

func parseSudo(t tree) (any, error) {
	var it Sudo
	err := fields{"contract": text(&it.Contract), "msg": anything(&it.Msg)}.read(t, "contract", "msg")
	return it, err
}

func parseQuery(t tree) (any, error) {
	var it Query
	err := fields{"contract": text(&it.Contract), "msg": anything(&it.Msg)}.read(t, "contract", "msg")
	return it, err
}

func parseMigrate(t tree) (any, error) {
	var it Migrate
	err := fields{
		"contract": text(&it.Contract), "code": text(&it.Code), "sender": text(&it.Sender), "msg": anything(&it.Msg),
	}.read(t, "contract", "code", "sender", "msg")
	return it, err
}

func parseSend(t tree) (any, error) {
	var it Send
	err := fields{
		"from": text(&it.From), "to": text(&it.To), "amount": into(&it.Amount, listOf(parseCoin)),
	}.read(t, "from", "to", "amount")
	return it, err
}

func parseBalance(t tree) (any, error) {
	var it Balance
	err := fields{
		"of": text(&it.Of),
		"denom": func(t tree) error {
			if err := text(&it.Denom)(t); err != nil {
				return err
			}
			if _, err := resolveDenom(it.Denom); err != nil {
				return t.wrong("%s", err)
			}
			return nil
		},
	}.read(t, "of", "denom")
	return it, err
}

func parseAdvance(t tree) (any, error) {
	it := Advance{Blocks: 1}
	var seconds *uint64
	err := fields{
		"blocks": into(&it.Blocks, parseCount),
		"seconds": func(t tree) error {
			count, err := parseCount(t)
			seconds = &count
			return err
		},
	}.read(t)
	if err == nil && it.Blocks == 0 {
		err = t.wrong("time passes with blocks: at least 1")
	}
	if seconds == nil {
		it.Seconds = it.Blocks * secondsPerBlock
	} else {
		it.Seconds = *seconds
	}
	return it, err
}

func parseCount(t tree) (uint64, error) {
	number, ok := t.value.(json.Number)
	if !ok {
		return 0, t.wrong("expected a number, came %s", t.kind())
	}
	count, err := strconv.ParseUint(number.String(), 10, 64)
	if err != nil {
		return 0, t.wrong("%s is no whole number from 0", number)
	}
	return count, nil
}

func parseValidator(t tree) (any, error) {
	var it Validator
	err := fields{
		"name": text(&it.Name), "exists": into(&it.Exists, tree.boolean),
		"commission": into(&it.Rate, parseRate), "max_commission": into(&it.MaxRate, parseRate),
		"max_change_rate": into(&it.MaxChange, parseRate),
	}.read(t, "name", "exists")
	if err == nil && !it.Exists && (it.Rate != nil || it.MaxRate != nil || it.MaxChange != nil) {
		err = t.wrong("a validator that does not exist has no rates")
	}
	return it, err
}

func parseRate(t tree) (*math.LegacyDec, error) {
	text, err := t.text()
	if err != nil {
		return nil, err
	}
	rate, err := math.LegacyNewDecFromStr(text)
	if err != nil || rate.IsNegative() {
		return nil, t.wrong("%q is no decimal", text)
	}
	if rate.GT(math.LegacyOneDec()) {
		return nil, t.wrong("a rate is at most 1")
	}
	return &rate, nil
}

func parseDelegation(t tree) (any, error) {
	var it Delegation
	err := fields{
		"delegator": text(&it.Delegator), "validator": text(&it.Validator), "amount": into(&it.Tokens, parseInt),
	}.read(t, "delegator", "validator", "amount")
	return it, err
}

func parseInt(t tree) (math.Int, error) {
	text, err := t.text()
	if err != nil {
		return math.Int{}, err
	}
	amount, ok := math.NewIntFromString(text)
	if !ok || amount.IsNegative() {
		return amount, t.wrong("%q is no whole number of at most 256 bits", text)
	}
	return amount, nil
}

func parseBlockAccount(t tree) (any, error) {
	var it BlockAccount
	err := fields{"name": text(&it.Name), "blocked": into(&it.Blocked, tree.boolean)}.read(t, "name", "blocked")
	return it, err
}

func parseHookDenom(t tree) (any, error) {
	var denom, contract string
	var msg any
	err := fields{
		"denom": text(&denom), "contract": text(&contract), "msg": anything(&msg),
	}.read(t, "denom", "contract", "msg")
	return HookDenom{}, err
}
