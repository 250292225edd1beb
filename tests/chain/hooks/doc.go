// Package hooks has x/staking's hooks, in Juno's and in Neutron's JSON, reach fee pools on a chain with a hundred
// validators, and each stay within the gas that chains give it.
//
// All of it is in tests.
package hooks
