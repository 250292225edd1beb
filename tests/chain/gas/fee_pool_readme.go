package gas

// feePoolShown are the fee pools' rows in the README.
var feePoolShown = []shown{
	{signedPower, "1 denom, 10 validators"},
	{signedPower, "1 denom, 1000 validators"},
	{signedPower, "8 denoms, 1000 validators"},
	{changedPowers, "1 denom, 1000 validators, 1 changed"},
	{changedPowers, "1 denom, 1000 validators, 100 changed"},
	{votes, "1 denom, 100 validators, 0 changed"},
	{votes, "1 denom, 1000 validators, 10 changed"},
	{withdrawal, "1 denom"},
	{withdrawal, "8 denoms"},
	{withdrawal, "1 denom, after 100000 blocks"},
	{withdrawal, "1 denom, after 1000 others' changes"},
	{"withdraw_delegation", "1 denom, 10 delegations"},
	{"withdraw_validator_commission", "1 denom"},
	{"juno after_delegation_modified", "8 denoms"},
	{"neutron after_delegation_modified", "8 denoms"},
}
