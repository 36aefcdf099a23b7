package live

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
)

// The client keeps what comes for a component that has just gone from its page,
// but does not draw it, nor the components in it.
func TestComponentThatTheClientMayNotHaveDrawnIsSentWhole(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &desk{Cards: []string{"a", "b"}, inner: map[string]string{}}
		r := startIn(t, d, Spec{}, new(Runtime))
		r.event("1", "cards", `{"to":"b"}`)
		SendUpdate(Ref{r.p}, "a", func(c *card) { c.inner = "x" })
		synctest.Wait()
		const statics = `"s":["<li data-t=\"","\">","","</li>"]`
		r.has(fmt.Sprint(r.out.take()), `push diff {"c":{"3":{"0":"3","1":"0","2":"",`+statics, `"1":{"2":3}}}`)
		r.has(fmt.Sprint(r.event("2", "cards", `{"to":"b x"}`)), `"c":{"3":{"0":"3","1":"0","2":"",`+statics)
		r.has(fmt.Sprint(r.event("3", "cards", `{"to":"b x a"}`)), `"c":{"1":{"0":"1","1":"0","2":"",`+statics)
		r.stopped()
	})
}

// What stands on the page for certain is not sent again when it moves.
func TestComponentThatMovesIsNotSentAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &desk{Cards: []string{"a", "b"}, inner: map[string]string{"a": "x"}}
		r := startIn(t, d, Spec{}, new(Runtime))
		r.cid("1", "add", 1)
		r.cid("2", "add", 1) // its template has the place of x once more, and the view's that of a
		delete(d.inner, "a")
		got := fmt.Sprint(r.event("3", "cards", `{"to":"a x b"}`))
		r.has(got, `"1":{"0":2}`)
		if strings.Contains(got, `<li`) {
			t.Errorf("x has come from inside a to its side, and is sent again: %s", got)
		}
		r.stopped()
	})
}
