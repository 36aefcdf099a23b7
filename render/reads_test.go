package render

import (
	"strings"
	"testing"
	"time"
)

func read[T any](v T) uint64 { return Read(NoReads, v) }

type mistake int

func (mistake) Error() string { return "an error that is a value" }

func TestReadTellsValuesApart(t *testing.T) {
	t.Parallel()
	type name string
	type point struct {
		X, Y int
		Tags [2]string
	}
	now := time.Now()
	for what, words := range map[string][2]uint64{
		"text":    {read("a"), read("b")},
		"number":  {read(1), read(2)},
		"truth":   {read(true), read(false)},
		"named":   {read(name("a")), read(name("b"))},
		"float":   {read(1.5), read(2.5)},
		"small":   {read(int8(1)), read(int8(2))},
		"struct":  {read(point{X: 1}), read(point{Y: 1})},
		"array":   {read(point{Tags: [2]string{"a"}}), read(point{Tags: [2]string{"b"}})},
		"time":    {read(now), read(now.Add(1))},
		"order":   {Read(read(1), 2), Read(read(2), 1)},
		"any":     {read[any](int8(1)), read[any](uint8(1))},
		"error":   {read[error](nil), read[error](mistake(1))},
		"nothing": {read(0), NoReads},
	} {
		if words[0] == words[1] || words[0] == UnknownReads || words[1] == UnknownReads {
			t.Errorf("%s: %x and %x, want two words that are known", what, words[0], words[1])
		}
	}
	one, other := point{X: 1}, point{X: 1}
	if read(one) != read(other) || read(now) != read(now.Add(0)) || read("ab") != read(strings.Join([]string{"a", "b"}, "")) {
		t.Error("equal values have different words")
	}
}

func TestReadKnowsWhatItCannotTell(t *testing.T) {
	t.Parallel()
	n := 0
	type holder struct{ List []int }
	for what, word := range map[string]uint64{
		"slice": read([]int{1}), "map": read(map[string]int{}), "pointer": read(&n), "func": read(func() {}),
		"interface": read[any](&n), "error": read(error(&struct{ error }{})), "channel": read(make(chan int)), "in a struct": read(holder{}),
		"in an array": read([1]*int{}), "before": Read(UnknownReads, 1), "after": Read(read(&n), "x"),
	} {
		if word != UnknownReads {
			t.Errorf("%s: %x, want UnknownReads", what, word)
		}
	}
}

func TestReadsUnderACondition(t *testing.T) {
	t.Parallel()
	type user struct{ Name string }
	of := func(u *user, n int) uint64 {
		return Reads(
			func(r uint64) uint64 { return Read(r, u.Name) },
			func(r uint64) uint64 { return Read(r, n) },
		)
	}
	ann, bob := &user{"ann"}, &user{"bob"}
	words := map[uint64]string{
		UnknownReads: "unknown", of(nil, 1): "nil 1", of(nil, 2): "nil 2", of(ann, 1): "ann 1", of(bob, 1): "bob 1", of(&user{}, 1): "empty 1",
	}
	if len(words) != 6 {
		t.Errorf("some words are equal: %v", words)
	}
	if of(ann, 1) != of(&user{"ann"}, 1) {
		t.Error("the same things read have different words")
	}
	both := func(u, v *user) uint64 {
		return Reads(func(r uint64) uint64 { return Read(r, u.Name) }, func(r uint64) uint64 { return Read(r, v.Name) })
	}
	if both(ann, nil) == both(nil, ann) {
		t.Error("it is not told which of two things is nil")
	}
	if got := Reads(); got != NoReads {
		t.Errorf("Reads() = %d", got)
	}
}
