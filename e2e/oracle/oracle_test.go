package oracle

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"
)

const walks = 4

// number reads a number from the environment.
func number(t *testing.T, name string, otherwise uint64) uint64 {
	t.Helper()
	s := os.Getenv(name)
	if s == "" {
		return otherwise
	}
	n, err := strconv.ParseUint(s, 10, 64)
	if err != nil || n == 0 {
		t.Fatalf("%s is %q, want a number above 0", name, s)
	}
	return n
}

// TestOfficialClientShowsWhatTheServerRenders walks through ORACLE_STEPS random
// states, 20,000 if that is not set, in four walks; through one walk that was
// seen before if its seed is in ORACLE_SEED.
func TestOfficialClientShowsWhatTheServerRenders(t *testing.T) {
	t.Parallel()
	steps := int(number(t, "ORACLE_STEPS", 20_000))
	var seeds []uint64
	if one := number(t, "ORACLE_SEED", 0); one != 0 {
		seeds = append(seeds, one)
	} else {
		for range walks {
			seeds = append(seeds, rand.Uint64())
		}
	}
	for i, seed := range seeds {
		each := steps / len(seeds)
		if i < steps%len(seeds) {
			each++
		}
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			t.Logf("ORACLE_SEED=%d", seed)
			w := newWalk(t, startClient(t), seed)
			w.run(each)
			w.finish(each)
		})
	}
}

// The client has to notice what is wrong, or the walks prove nothing.
func TestOfficialClientNotices(t *testing.T) {
	t.Parallel()
	join := `"0":{"0":"x","s":0,"r":1},"s":1,"p":{"0":["<b>","</b>"],"1":["<p>","","</p>"]},"1":""`
	tests := map[string]message{
		"a slot that stayed":     {Diff: `{}`, HTML: "<p><b>y</b></p>"},
		"a slot without node":    {Diff: `{"1":{"0":"y"}}`, HTML: "<p><b>x</b>y</p>"},
		"a move without km":      {Diff: `{"0":{"s":["<b>","</b>"],"k":{"0":1,"kc":1}}}`, HTML: "<p><b>x</b></p>"},
		"statics out of nowhere": {Diff: `{"0":{"0":"y","s":7}}`, HTML: "<p><b>y</b></p>"},
		"the other view's page":  {View: 1, Join: true, Diff: "{" + join + "}", HTML: "<p><b>y</b></p>"},
	}
	for name, m := range tests {
		client := startClient(t)
		client.send(message{Join: true, Diff: "{" + join + "}", HTML: "<p><b>x</b></p>"})
		client.send(m)
		if r := client.end(); r.Error == "" || r.Steps != 2 {
			t.Errorf("%s: after %d messages the client says %q, want a complaint after 2", name, r.Steps, r.Error)
		}
	}
}
