package oracle

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"testing"
	"unicode/utf8"

	"github.com/a-h/templ"

	"bennu/e2e/oracle/page"
	"bennu/e2e/oracle/plain"
	"bennu/e2e/oracle/world"
	"bennu/render"
)

// walk is a random walk of one world that several views show, the later ones
// less often.
type walk struct {
	t      *testing.T
	client *client
	chance *world.Chance
	world  *world.World
	views  [2]view
	templ  bytes.Buffer

	sent, failed, panicked int
}

// view is what one browser is told of the world.
type view struct {
	state render.State
	join  bool            // the next diff is the first of its page
	ctx   context.Context // one for the life of the view
}

func newWalk(t *testing.T, client *client, seed uint64) *walk {
	w := &walk{t: t, client: client, chance: world.NewChance(seed)}
	w.world = w.chance.World()
	for i := range w.views {
		w.views[i] = view{join: true, ctx: nonce()}
	}
	return w
}

// run sends so many states to the client.
func (w *walk) run(steps int) {
	for w.sent < steps {
		w.chance.Change(w.world)
		i := 0
		if w.chance.One(4) {
			i = 1
		}
		v := &w.views[i]
		if w.chance.One(60) { // somebody else mounts the page
			v.state.Reset()
			v.join = true
		}
		if w.chance.One(30) {
			w.world.Light(1+w.chance.IntN(30), w.chance.One(2))
		}
		diff, err := w.appendDiff(v)
		w.world.PutOut()
		switch {
		case errors.Is(err, errPanic):
			w.panicked++
			continue // nothing was sent; the view goes on from there
		case errors.Is(err, world.ErrFuse):
			w.failed++
			continue
		case err != nil:
			w.t.Fatalf("state %d: %v", w.sent, err)
		}
		if !w.send(i, diff) {
			return
		}
		if w.chance.One(8) {
			if again, err := w.appendDiff(v); err != nil || len(again) > 0 {
				w.t.Fatalf("state %d: a second render of the same state sends %s, %v", w.sent, again, err)
			}
		}
	}
}

var errPanic = errors.New("the render panicked")

// appendDiff turns the panic of a fuse into an error, and no other.
func (w *walk) appendDiff(v *view) (diff []byte, err error) {
	defer func() {
		switch r := recover(); r {
		case nil:
		case world.ErrFuse:
			err = errPanic
		default:
			err = fmt.Errorf("the render panicked: %v", r)
		}
	}()
	return v.state.AppendDiff(v.ctx, nil, page.Page(w.world))
}

// send gives the client a diff and what it has to show then, which is also
// what templ makes of the state.
func (w *walk) send(i int, diff []byte) bool {
	if !utf8.Valid(diff) {
		w.t.Fatalf("state %d: the diff is no UTF-8: %q", w.sent, diff)
	}
	html, err := render.AppendHTML(nonce(), nil, page.Page(w.world))
	if err != nil {
		w.t.Fatalf("state %d: %v", w.sent, err)
	}
	w.templ.Reset()
	if err := plain.Page(w.world).Render(nonce(), &w.templ); err != nil {
		w.t.Fatalf("state %d: templ: %v", w.sent, err)
	}
	if !bytes.Equal(html, w.templ.Bytes()) {
		w.t.Fatalf("state %d: %s", w.sent, difference(html, w.templ.Bytes()))
	}
	v := &w.views[i]
	// In diffs a byte that is no UTF-8 is U+FFFD.
	if !w.client.send(message{i, v.join, "{" + string(diff) + "}", string([]rune(string(html)))}) {
		return false
	}
	w.sent++
	v.join = false
	return true
}

// difference says where the HTML is not templ's.
func difference(ours, theirs []byte) string {
	i := 0
	for i < len(ours) && i < len(theirs) && ours[i] == theirs[i] {
		i++
	}
	part := func(b []byte) []byte { return b[max(0, i-150):min(len(b), i+250)] }
	return fmt.Sprintf("at byte %d the HTML is\n%q\ntempl's is\n%q", i, part(ours), part(theirs))
}

// nonce returns a context in which templ keeps something already.
func nonce() context.Context { return templ.WithNonce(context.Background(), "n0nce") }

// finish fails the test unless the client was content with all states.
func (w *walk) finish(steps int) {
	w.t.Helper()
	r := w.client.end()
	if r.Error != "" {
		w.t.Fatalf("state %d: %s", r.Steps, r.Error)
	}
	if r.Steps != steps || r.Skips == 0 {
		w.t.Errorf("the client took %d states of %d and passed over %d roots", r.Steps, steps, r.Skips)
	}
	if steps >= 1000 && (w.failed == 0 || w.panicked == 0) {
		w.t.Errorf("%d renders failed and %d panicked, want some of both", w.failed, w.panicked)
	}
	w.t.Logf("%d states, %d roots passed over, %d renders failed and %d panicked", r.Steps, r.Skips, w.failed, w.panicked)
}
