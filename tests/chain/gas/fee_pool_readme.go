package gas

// feePoolShown are the fee pool's rows in the README.
var feePoolShown = []shown{
	{signedPower, "1 denom, 10 validators"},
	{signedPower, "1 denom, 100 validators"},
	{signedPower, "1 denom, 1000 validators"},
	{signedPower, "1 denom, 1000 validators, no proposer rewards"},
	{signedPower, "8 denoms, 1000 validators"},
	{votes, "1 denom, 100 validators, 0 changed"},
	{votes, "1 denom, 100 validators, 1 changed"},
	{votes, "1 denom, 100 validators, 10 changed"},
	{votes, "1 denom, 1000 validators, 0 changed"},
	{votes, "1 denom, 1000 validators, 1 changed"},
	{votes, "1 denom, 1000 validators, 10 changed"},
	{withdrawal, "1 denom"},
	{withdrawal, "8 denoms"},
	{withdrawal, "1 denom, 10 other delegators"},
	{withdrawal, "1 denom, 100 other delegators"},
	{withdrawal, "1 denom, 1000 other delegators"},
	{withdrawal, "1 denom, after 100 slashes"},
	{withdrawal, "1 denom, after 10 blocks"},
	{withdrawal, "1 denom, after 100 blocks"},
	{withdrawal, "1 denom, after 1000 blocks"},
	{withdrawal, "1 denom, after 100000 blocks"},
	{withdrawal, "1 denom, after 1000 own changes"},
	{withdrawal, "1 denom, after 1000 others' changes"},
	{"withdraw_delegation", "1 denom, 10 delegations"},
	{"withdraw_validator_commission", "1 denom"},
	{"staking_event delegation_changed", "1 denom"},
	{"staking_event delegation_changed", "8 denoms"},
	{"staking_event power_changed", "8 denoms"},
	{"neutron after_delegation_modified", "8 denoms, new, commission announced"},
}

// lazyExcuses are why figures of the other accounting stay above their bars.
var lazyExcuses = map[string]string{
	"neutron after_delegation_modified": "Its hooks carry no shares, so the pool asks staking twice (23 000), and writes the operator's " +
		"adjustments beside the delegation's; it was 302 000, what was done is in the contract's README.",
}
