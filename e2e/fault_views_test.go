package e2e

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/coder/websocket"

	"bennu"
	"bennu/e2e/lab"
)

// Faults, row 62: the number of a component is one of the sender's own view,
// whichever other views on the page have it too.
func TestFault62ComponentsOfOtherViews(t *testing.T) {
	t.Parallel()
	_, j, all := joinHouse(t)
	one, two := j.joinChild(all["c1"]), j.joinChild(all["c2"])
	for _, c := range []*joined{one, two} {
		if at(c.rendered, "c", "1") == nil {
			t.Fatalf("%s, want a component 1 in each nested view", c.frame.raw)
		}
	}
	if _, f := one.event("add", `{}`, 1); f.response(t) != `{"diff":{"c":{"1":{"1":"1"}}}}` {
		t.Errorf("%s, want its own component to count", f.raw)
	}
	if _, f := two.event("up", `{}`, 0); strings.Contains(f.response(t), `"c"`) {
		t.Errorf("%s, want nothing of a component", f.raw)
	}
	// The topic of another view with one's own join_ref, and names that mean
	// nothing here.
	ref := one.next()
	one.send(one.joinRef, ref, two.topic, "event", `{"type":"click","event":"add","value":{},"cid":1}`)
	if all := one.rest(); len(all) != 0 {
		t.Errorf("a join_ref of another topic is answered with\n%s", frames(all))
	}
	if _, f := two.event("add", `{"cid":1,"topic":"lv:c1"}`, 1); f.response(t) != `{"diff":{"c":{"1":{"1":"1"}}}}` {
		t.Errorf("%s, want its first count", f.raw)
	}
	// The page has no components: theirs are none of its own.
	_, f := j.event("add", `{}`, 1)
	j.isError(f)
	j.rest()                                              // the end of the nested views
	if st := j.joinChild(all["st"]); st.rendered == nil { // which has no parent
		t.Errorf("%s, want it to join", st.frame.raw)
	}
}

// Faults, rows 83 and 85: what panics in a nested view, or in a component there,
// ends that nested view alone, which joins again.
func TestFault83Fault85PanicInANestedView(t *testing.T) {
	t.Parallel()
	_, j, all := joinHouse(t)
	for _, by := range []struct {
		event string
		cid   int
	}{{"crash", 0}, {"panic", 1}, {"none such", 1}} {
		one, two := j.joinChild(all["c1"]), j.joinChild(all["c2"])
		two.event("up", `{}`, 0)
		before, f := one.event(by.event, `{}`, by.cid)
		one.isError(f)
		if len(before) != 0 {
			t.Errorf("%s: before the error came\n%s", by.event, frames(before))
		}
		if _, f := two.event("up", `{}`, 0); !strings.Contains(f.response(t), `"2"`) {
			t.Errorf("%s: its sibling says %s, want it to count on", by.event, f.raw)
		}
		if _, f := j.event("up", `{}`, 0); f.reply(t).Status != "ok" {
			t.Errorf("%s: the page says %s", by.event, f.raw)
		}
		if again := j.joinChild(all["c1"]); again.rendered == nil {
			t.Errorf("%s: %s, want it to join again", by.event, again.frame.raw)
		} else {
			again.request("phx_leave", `{}`)
		}
		two.request("phx_leave", `{}`)
		j.rest()
	}
	// One in a component of the page ends the page.
	_, _, desk := joinLab(t, "/lab/desk")
	_, f := desk.event("panic", `{}`, 2)
	desk.isError(f)
}

// Faults, row 66: addresses that a client goes to without end are a flood like
// any other: read more slowly, then closed.
func TestFault66NavigationFlood(t *testing.T) {
	t.Parallel()
	a := newApp(t, func(o *bennu.Options) { o.Limits = bennu.Limits{EventRate: 20, EventBurst: 40} })
	lab.Routes(a.App)
	for name, flood := range map[string]func(v *visit, j *joined, i int) string{
		"patches": func(v *visit, j *joined, i int) string {
			return fmt.Sprintf(`[%q,"%d",%q,"live_patch",{"url":"%s/lab?tab=%d"}]`, j.joinRef, 1000+i, j.topic, a.url, i)
		},
		"navigations": func(v *visit, j *joined, i int) string {
			b := v.payload(map[string]any{"url": nil, "redirect": a.url + "/lab/next"})
			return fmt.Sprintf(`["%d","%[1]d",%q,"phx_join",%s]`, 1000+i, j.topic, b)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			v, w := get(t, a.url+"/lab"), get(t, a.url+"/lab")
			j, other := v.dial().join(v, 0), w.dial().join(w, 0)
			ctx, cancel := context.WithTimeout(context.Background(), patience)
			defer cancel()
			go func() {
				for i := range 5000 {
					if j.conn.Write(ctx, websocket.MessageText, []byte(flood(v, j, i))) != nil {
						return
					}
				}
			}()
			for {
				if _, _, err := j.conn.Read(ctx); err != nil {
					if code := websocket.CloseStatus(err); code != websocket.StatusPolicyViolation {
						t.Errorf("the flood ends with %v, want 1008", err)
					}
					break
				}
			}
			if _, f := other.event("ask", `{"text":"here"}`, 0); !strings.Contains(f.raw, "here") {
				t.Errorf("another page says %s", f.raw)
			}
		})
	}
}
