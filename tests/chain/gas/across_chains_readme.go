package gas

import "cw-distribution/tests/chain/ccv"

// holdingShown are holding-pools' rows in the README.
var holdingShown = []shown{
	{holdingBlock, "1 denom, 10 validators, 0 changed"},
	{holdingBlock, "1 denom, 512 validators, 0 changed"},
	{holdingBlock, "4 denoms, 512 validators, due"},
	{holdingPowers, "4 denoms, 512 validators, 100 changed"},
	{holdingTick, "1 denom, 180 validators" + settling},
	{holdingTick, "1 denom, 180 validators" + weighing},
	{holdingTick, "1 denom, 180 validators" + sending},
	{holdingClock, "4 denoms, 512 validators" + settling},
	{holdingCallback, "1 denom, 512 validators, timed out"},
	{wholeUnit, wholeUnits[0].at},
	{wholeUnit, wholeUnits[1].at},
}

// providerShown are ccv-provider's rows in the README.
var providerShown = []shown{
	{providerReceive, "1 denom, 512 validators, chunk 8 of 8"},
	{providerArrival, "1 denom, 512 validators"},
	{providerProcess, string(ccv.FeePool) + mostWaiting + counting},
	{providerProcess, string(ccv.FeePool) + mostWaiting + paidAgain},
	{providerProcess, string(ccv.Native) + mostWaiting + paidAgain},
	{providerProcess, string(ccv.Group) + mostWaiting + firstPaid},
	{wholeUnit, wholeUnits[0].at},
	{wholeUnit, wholeUnits[1].at},
}
