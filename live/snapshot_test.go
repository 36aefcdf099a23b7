package live

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
)

// What a snapshot has is what the join of a view in that state has, and the
// view goes on as if nobody had asked.
func TestSnapshotIsTheWholePage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &desk{Cards: []string{"a", "b"}, inner: map[string]string{"a": "in"}}
		r := start(t, d, Spec{})
		joined := fmt.Sprint(r.out.take())
		snap := func() string {
			t.Helper()
			text, err := Snapshot(t.Context(), Ref{r.p})
			if err != nil {
				t.Fatal(err)
			}
			return string(text)
		}
		if got := snap(); !strings.Contains(joined, `{"rendered":`+got+`,`) {
			t.Errorf("snapshot %s\nwant what the join said, %s", got, joined)
		}
		r.cid("4", "add", 1)
		calls := len(d.calls)
		if got := snap(); !strings.Contains(got, `"1":"1"`) {
			t.Errorf("snapshot %s, want the component's number in it", got)
		}
		if len(d.calls) != calls {
			t.Errorf("a snapshot called %q", d.calls[calls:])
		}
		r.want(r.out.take()) // nothing
		r.want(r.event("5", "cards", `{"to":"a b"}`), `5 true {}`)
		r.stopped()
		if _, err := Snapshot(t.Context(), Ref{r.p}); !errors.Is(err, ErrEnded) {
			t.Errorf("of a view that has ended: %v", err)
		}
		if _, err := Snapshot(t.Context(), Ref{}); !errors.Is(err, ErrEnded) {
			t.Errorf("of no view: %v", err)
		}
	})
}

// A snapshot that comes before the client has been told of a change takes
// nothing away from what the client is told.
func TestSnapshotLeavesToTheClientWhatIsSentOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := startIn(t, new(feed), Spec{}, new(Runtime))
		r.out.take()
		held, let := make(chan struct{}), make(chan struct{})
		waits := func(f func()) { // in the mailbox, behind what waits there
			go f()
			synctest.Wait()
		}
		call := func(f func(*feed)) func() {
			return func() {
				if _, err := Call(r.Context(), Ref{r.p}, func(v *feed) int { f(v); return 0 }); err != nil {
					t.Error(err)
				}
			}
		}
		waits(call(func(*feed) { close(held); <-let }))
		<-held
		waits(call(func(f *feed) { f.N++; f.Posts.Append(post{"a", "one"}) }))
		waits(func() {
			text, err := Snapshot(t.Context(), Ref{r.p})
			if err != nil || strings.Contains(string(text), "posts-a") || !strings.Contains(string(text), `"0":"1"`) {
				t.Errorf("snapshot %s (%v), want the number and nothing of the stream", text, err)
			}
		})
		close(let)
		synctest.Wait()
		if got := fmt.Sprint(r.out.take()); !strings.Contains(got, `"posts-a"`) || strings.Count(got, "push diff") != 1 {
			t.Errorf("the client is told %s, want the item, once", got)
		}
	})
}
