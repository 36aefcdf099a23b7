package render

import (
	"fmt"
	"strings"
	"testing"
)

func TestHashesTellTextsApart(t *testing.T) {
	t.Parallel()
	seen := map[uint64]string{}
	add := func(s string) {
		h := hashText(s)
		if was, ok := seen[h]; ok && was != s {
			t.Fatalf("%q and %q have one hash", was, s)
		}
		if b := hashText([]byte(s)); b != h {
			t.Errorf("%q hashes to %x as a string and %x as bytes", s, h, b)
		}
		seen[h] = s
	}
	for n := range 40 {
		zeros := strings.Repeat("\x00", n)
		add(zeros)
		for i := range n { // each byte counts, at every length
			for _, c := range []byte{1, 'a', 0x80, 0xff} {
				add(zeros[:i] + string([]byte{c}) + zeros[i+1:])
			}
		}
	}
	for i := range 50000 {
		add(fmt.Sprint(i))
		add(fmt.Sprintf("row %d", i))
	}
}

func TestKeys(t *testing.T) {
	t.Parallel()
	type id struct {
		shop string
		n    int
	}
	of := func() []uint64 {
		return []uint64{
			Key("a"), Key("b"), Key("a key that is longer"), Key(id{"a", 1}), Key(id{"a", 2}),
			Key(7), Key(-7), Key(int64(8)), Key(uint64(9)), Key(uint8(7)), Key(true), Key(false), Key(1.5),
		}
	}
	keys := of()
	for i, again := range of() {
		if again != keys[i] {
			t.Errorf("key %d is %x, then %x", i, keys[i], again)
		}
		for j := range i {
			if keys[j] == again {
				t.Errorf("keys %d and %d have one word", j, i)
			}
		}
	}
}

func BenchmarkHash(b *testing.B) {
	for _, n := range []int{0, 3, 8, 16, 17, 64, 256} {
		s := strings.Repeat("x", n)
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			for b.Loop() {
				hashText(s)
			}
		})
	}
}
