// Package twochains has a consumer and a provider as whole chains: validators that vote, x/staking, delegators.
// The consumer's fees come to the contracts through the chain module, go over a CCV channel and ICS-20, and end
// with the provider's delegators, who are paid by x/distribution or by a fee pool.
//
// All of it is in tests.
package twochains
