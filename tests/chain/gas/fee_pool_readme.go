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
	{withdrawal, "1 denom, 1000 other delegators"},
	{withdrawal, "1 denom, after 100 slashes"},
	{withdrawal, "1 denom, after 10 blocks"},
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

// moreThanAnIndex is why a change costs more with the other accounting.
const moreThanAnIndex = "A change writes the validator's running sums and the recipient's correction for each denom, " +
	"where f1 writes one reward index."

// lazyExcuses are why figures of the other accounting stay above their bars.
var lazyExcuses = map[string]string{
	votes:                               moreThanAnIndex,
	"staking_event power_changed":       moreThanAnIndex,
	"staking_event delegation_changed":  moreThanAnIndex,
	"staking_event validator_removed":   moreThanAnIndex,
	"juno after_validator_removed":      moreThanAnIndex,
	"juno after_delegation_modified":    moreThanAnIndex,
	"juno before_delegation_removed":    moreThanAnIndex,
	"neutron after_validator_removed":   moreThanAnIndex,
	"neutron after_delegation_modified": moreThanAnIndex,
	"neutron before_delegation_removed": moreThanAnIndex,
}
