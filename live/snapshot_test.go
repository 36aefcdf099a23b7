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
