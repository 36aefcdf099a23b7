package render

import (
	"hash/maphash"
	"math/bits"
)

// Hashes are keyed anew in every process, so nobody outside can find two texts
// of one hash and keep a page from being updated.
var (
	seed  = maphash.MakeSeed()
	seedA = maphash.String(seed, "a")
	seedB = maphash.String(seed, "b") | 1
)

func hashText[T string | []byte](s T) uint64 {
	switch s := any(s).(type) {
	case string:
		return maphash.String(seed, s)
	case []byte:
		return maphash.Bytes(seed, s)
	}
	return 0
}

// hashWord spreads a number that must not be mistaken for an integer slot's.
func hashWord(x uint64) uint64 {
	hi, lo := bits.Mul64(x^seedA, seedB)
	return hi ^ lo
}

// Key returns the word by which a list follows an entry.
func Key[K comparable](k K) uint64 {
	switch k := any(k).(type) {
	case string:
		return maphash.String(seed, k)
	case int:
		return uint64(k)
	case int64:
		return uint64(k)
	case uint64:
		return k
	}
	return maphash.Comparable(seed, k)
}
