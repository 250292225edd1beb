// Package shadow runs fee pools and x/distribution on one chain: in every block all of them receive the
// same fees, with the same votes, and every staking operation reaches all of them, the pools through the
// suite's chain module. In the end every claim and every commission is compared.
//
// Two models stand between them. The exact one splits fees as the pools' specification says, in rational
// numbers, among every delegator of every validator in every block. The native one does what x/distribution
// does, with its roundings, and must foresee each of its payments to the unit. What x/distribution pays
// less than the exact share is the sum of what the native model names; what a pool owes less than the exact
// share must be within the bound of the pools' specification, and never below zero.
//
// The package is made of tests only. SHADOW=full plays the long histories and writes results.md.
package shadow
