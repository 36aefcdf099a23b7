package presence

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

// Changes are cut into pieces that a carrier takes, in order, and an update is
// never in two.
func TestSplitOps(t *testing.T) {
	t.Parallel()
	add := func(ref, prev uint64, size int) op {
		return op{Add: &entryText{Ref: ref, Prev: prev, Topic: "room", Key: "k", Meta: json.RawMessage(strings.Repeat("1", size))}}
	}
	var ops []op
	for ref := uint64(1); ref < 400; ref += 4 {
		ops = append(ops, add(ref, 0, 900), add(ref+1, ref, 10), op{Remove: ref}, op{Remove: ref + 1})
	}
	for _, most := range []int{1, 100, 1000, 5000, 1 << 20} {
		pieces := splitOps(ops, most)
		var again []op
		for i, p := range pieces {
			text, err := json.Marshal(p)
			if err != nil {
				t.Fatal(err)
			}
			if slack := 1100; len(text) > most+slack {
				t.Errorf("piece %d has %d bytes, want about %d", i, len(text), most)
			}
			if first := p[0]; i > 0 && first.Add == nil && first.Remove%4 == 1 {
				t.Errorf("with %d bytes, piece %d begins with the half of an update", most, i)
			}
			again = append(again, p...)
		}
		if fmt.Sprint(again) != fmt.Sprint(ops) {
			t.Errorf("with %d bytes the pieces are not what was cut", most)
		}
	}
	if pieces := splitOps(nil, 100); len(pieces) != 0 {
		t.Errorf("nothing is cut into %d pieces", len(pieces))
	}
}

// Many who come at once reach another node by deltas alone.
func TestManyAtOnce(t *testing.T) {
	t.Parallel()
	times, err := Options{}.times()
	if err != nil {
		t.Fatal(err)
	}
	a, b := newReplica(owner{"a", 1}, times, 0), newReplica(owner{"b", 1}, times, 0)
	const people = 5000
	for n := range people {
		a.track("room", fmt.Sprint("user:", n), []byte(`{"name":"Heron"}`))
	}
	a.began = true
	a.tick(times.Beat)
	out, _ := a.take()
	for _, m := range out {
		text, err := json.Marshal(m)
		if err != nil {
			t.Fatal(err)
		}
		if len(text) > 2*times.MaxPart {
			t.Errorf("a message of %d bytes, want about %d", len(text), times.MaxPart)
		}
		b.receive(times.Beat, m)
	}
	asked, _ := b.take()
	if got := len(b.list("room")); got != people || len(asked) != 0 {
		t.Errorf("the other node lists %d, want %d, and asks %d times", got, people, len(asked))
	}
}
