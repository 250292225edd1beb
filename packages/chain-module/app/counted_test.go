package app_test

import (
	storetypes "cosmossdk.io/store/types"

	sdk "github.com/cosmos/cosmos-sdk/types"
)

// operations counts what is done with the stores of a context and of its branches. A cache that is written to
// the store below is not counted again.
type operations struct{ reads, writes int }

// cached are the stores of a context or a branch; the name of the type is also that of a method.
type cached = storetypes.CacheMultiStore

// countedStores are stores whose operations are counted.
type countedStores struct {
	cached
	count *operations
}

// counted has the operations of a context counted.
func counted(ctx sdk.Context, count *operations) sdk.Context {
	return ctx.WithMultiStore(countedStores{ctx.MultiStore().(cached), count})
}

func (s countedStores) CacheMultiStore() cached {
	return countedStores{s.cached.CacheMultiStore(), s.count}
}

func (s countedStores) GetKVStore(key storetypes.StoreKey) storetypes.KVStore {
	return countedStore{s.cached.GetKVStore(key), s.count}
}

type countedStore struct {
	storetypes.KVStore
	count *operations
}

func (s countedStore) Get(key []byte) []byte {
	s.count.reads++
	return s.KVStore.Get(key)
}

func (s countedStore) Has(key []byte) bool {
	s.count.reads++
	return s.KVStore.Has(key)
}

func (s countedStore) Set(key, value []byte) {
	s.count.writes++
	s.KVStore.Set(key, value)
}

func (s countedStore) Delete(key []byte) {
	s.count.writes++
	s.KVStore.Delete(key)
}

func (s countedStore) Iterator(start, end []byte) storetypes.Iterator {
	return countedIterator{s.KVStore.Iterator(start, end), s.count}
}

func (s countedStore) ReverseIterator(start, end []byte) storetypes.Iterator {
	return countedIterator{s.KVStore.ReverseIterator(start, end), s.count}
}

// countedIterator counts each item as a read.
type countedIterator struct {
	storetypes.Iterator
	count *operations
}

func (i countedIterator) Next() {
	i.count.reads++
	i.Iterator.Next()
}
