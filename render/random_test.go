package render

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
)

var steps = flag.Int("steps", defaultSteps, "random renders of each world")

// TestClientShowsWhatTheServerRenders changes a page at random and holds what
// the client makes of the diffs against the whole HTML, after every change.
func TestClientShowsWhatTheServerRenders(t *testing.T) {
	t.Parallel()
	for i := range 8 {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			t.Parallel()
			walk(t, rand.Uint64())
		})
	}
}

func walk(t *testing.T, seed uint64) {
	t.Logf("seed %d", seed)
	r := &chance{Rand: rand.New(rand.NewPCG(seed, 0))}
	p, c := r.world(), newClient()
	var state State
	failed, panicked := 0, 0
	for step := range *steps {
		r.change(p)
		if r.one(40) { // another mount of the same page
			c = newClient()
			state.Reset()
		}
		if r.one(25) {
			p.fuse, p.panics = 1+r.IntN(40), r.one(2)
			switch err := failing(t, &state, p); {
			case err == errPanicFuse:
				panicked++
			case err == errFuse:
				failed++
			case err != nil:
				t.Fatalf("step %d: %v", step, err)
			}
			p.fuse = 0
			// What a render showed before it was found to fail must not count.
			if err := follow(c, &state, p); err != nil {
				t.Fatalf("step %d, after a failed render: %v", step, err)
			}
			continue
		}
		if err := follow(c, &state, p); err != nil {
			t.Fatalf("step %d: %v", step, err)
		}
	}
	if *steps >= 1000 && (failed == 0 || panicked == 0) {
		t.Errorf("%d failed and %d panicked of %d renders, want some of both", failed, panicked, *steps)
	}
}

// failing renders p with its fuse lit and checks that a failure leaves no trace.
func failing(t *testing.T, state *State, p *world) (err error) {
	t.Helper()
	before := slices.Clone(state.words)
	defer func() {
		if r := recover(); r != nil {
			err = r.(error)
		}
		if err == nil { // the fuse was too long and the client is to get this diff
			copyBack(state, before)
		}
		if !slices.Equal(state.words, before) {
			t.Errorf("after %v the tape is not what it was", err)
		}
	}()
	dst := []byte("before")
	out, err := state.AppendDiff(context.Background(), dst, p.view())
	if err != nil && string(out) != "before" {
		t.Errorf("after an error the output is %q, want what it was", out)
	}
	return err
}

func copyBack(state *State, words []uint64) { state.words = words }

// follow brings the client to the state of p.
func follow(c *client, state *State, p *world) error {
	ctx := context.Background()
	diff, err := state.AppendDiff(ctx, nil, p.view())
	if err != nil {
		return err
	}
	want, err := AppendHTML(ctx, nil, p.view())
	if err != nil {
		return err
	}
	got, err := c.apply(diff)
	if err != nil {
		return fmt.Errorf("%w\ndiff %s", err, diff)
	}
	if want := string([]rune(string(want))); got != want { // invalid bytes travel as U+FFFD
		return fmt.Errorf("the client shows\n%s\nwant\n%s\ndiff %s", got, want, diff)
	}
	again, err := state.AppendDiff(ctx, nil, p.view())
	if err != nil || len(again) > 0 {
		return errors.Join(err, fmt.Errorf("a second render of the same state sends %s", again))
	}
	return nil
}
