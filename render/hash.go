package render

import (
	"hash/maphash"
	"math/bits"
)

// Hashes are keyed anew in every process, so nobody outside can find two texts
// of one hash and keep a page from being updated.
var (
	seed    = maphash.MakeSeed()
	secretA = maphash.String(seed, "a")
	secretB = maphash.String(seed, "b")
	secretC = maphash.String(seed, "c")
	secretD = maphash.String(seed, "d")
)

// hashText returns the word of a text. Most slots hold a few bytes, for which
// two multiplications in place are three times as fast as a call of maphash: a
// and b are all their bytes, and both sides of a product are secret.
func hashText[T string | []byte](s T) uint64 {
	n := len(s)
	if n > 16 {
		return hashLong(s)
	}
	var a, b uint64
	switch {
	case n >= 8:
		a, b = load64(s), load64(s[n-8:])
	case n >= 4:
		a, b = load32(s), load32(s[n-4:])
	case n > 0:
		a = uint64(s[0]) | uint64(s[n/2])<<8 | uint64(s[n-1])<<16
	}
	hi, lo := bits.Mul64(a^secretA, b^secretB)
	return mix(hi^secretC, lo^secretD^uint64(n))
}

func hashLong[T string | []byte](s T) uint64 {
	switch s := any(s).(type) {
	case string:
		return maphash.String(seed, s)
	case []byte:
		return maphash.Bytes(seed, s)
	}
	return 0
}

func load64[T string | []byte](s T) uint64 {
	_ = s[7]
	return uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 |
		uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
}

func load32[T string | []byte](s T) uint64 {
	_ = s[3]
	return uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24
}

func mix(a, b uint64) uint64 {
	hi, lo := bits.Mul64(a, b)
	return hi ^ lo
}

// hashWord returns the word of a number that must not be mistaken for that of
// an integer slot, which is the integer itself.
func hashWord(x uint64) uint64 { return mix(x^secretA, secretB|1) }

// Key returns the word by which a list follows an entry.
func Key[K comparable](k K) uint64 {
	switch k := any(k).(type) {
	case string:
		return hashText(k)
	case int:
		return uint64(k)
	case int64:
		return uint64(k)
	case uint64:
		return k
	}
	return maphash.Comparable(seed, k)
}
