package e2e

import (
	"encoding/json"
	"html"
	"regexp"
	"strings"
	"testing"
)

// child is a nested view's element in what a page has rendered.
type child struct{ id, session, attrs string }

var childElement = regexp.MustCompile(`<div id="([^"]*)" data-phx-session="([^"]*)"([^>]*)></div>`)

// nested are the nested views in a join of the house, by id.
func (j *joined) nested() map[string]child {
	j.t.Helper()
	out := make(map[string]child)
	var walk func(any)
	walk = func(n any) {
		switch n := n.(type) {
		case string:
			for _, m := range childElement.FindAllStringSubmatch(n, -1) {
				out[m[1]] = child{m[1], html.UnescapeString(m[2]), m[3]}
			}
		case []any:
			for _, v := range n {
				walk(v)
			}
		case map[string]any:
			for _, v := range n {
				walk(v)
			}
		}
	}
	walk(j.rendered)
	return out
}

// joinChild joins a nested view as the client does: without an address.
func (s *socket) joinChild(c child) *joined {
	s.t.Helper()
	ref := s.next()
	j := &joined{socket: s, joinRef: ref, topic: "lv:" + c.id}
	sticky := strings.Contains(c.attrs, "data-phx-sticky")
	b, _ := json.Marshal(map[string]any{"session": c.session, "static": nil, "sticky": sticky, "params": map[string]any{"_mounts": 0}})
	s.send(ref, ref, j.topic, "phx_join", string(b))
	j.frame = s.read()
	if j.frame.ref != ref {
		s.t.Fatalf("the join %s is answered with %s", ref, j.frame.raw)
	}
	if j.frame.reply(s.t).Status == "ok" {
		j.rendered = j.frame.diff(s.t)
	}
	return j
}

// joinHouse joins a page with two nested views and a sticky one.
func joinHouse(t *testing.T) (*visit, *joined, map[string]child) {
	t.Helper()
	_, v, j := joinLab(t, "/lab/house")
	all := j.nested()
	if len(all) != 3 {
		t.Fatalf("nested views %v, want three, in %s", all, j.frame.raw)
	}
	return v, j, all
}

func TestItem38And39NestedOverHTTP(t *testing.T) {
	t.Parallel()
	v := get(t, labApp(t).url+"/lab/house")
	for id, want := range map[string]string{
		"c1": `<div id="c1" data-phx-session="" data-phx-static="[^"]+" data-phx-parent-id="` + v.id + `"><p class="number">`,
		"st": `<div id="st" data-phx-session="[^"]+" data-phx-static="[^"]+" data-phx-sticky><p class="number">`,
	} {
		if !regexp.MustCompile(want).MatchString(v.body) {
			t.Errorf("%s: the page has no %s:\n%s", id, want, v.body)
		}
	}
	if strings.Count(v.body, "data-phx-main") != 1 {
		t.Errorf("want one main element in\n%s", v.body)
	}
}

func TestItem60ChildOfAParentThatIsGone(t *testing.T) {
	t.Parallel()
	v, j, all := joinHouse(t)
	j.request("phx_leave", `{}`)
	j.rest()
	wantError(t, j.joinChild(all["c1"]).frame.reply(t), stale)
	if st := j.joinChild(all["st"]); st.rendered == nil { // a sticky one has no parent
		t.Errorf("the sticky view: %s, want it to join", st.frame.raw)
	}
	// The next run of the page has children of its own; the old token is of the
	// parent that is gone.
	again := j.socket.join(v, 1)
	wantError(t, again.joinChild(all["c1"]).frame.reply(t), stale)
	if c := again.joinChild(again.nested()["c1"]); c.rendered == nil {
		t.Errorf("a child of the next run: %s, want it to join", c.frame.raw)
	}
}

func TestItem62NestedViewsHandleNoParams(t *testing.T) {
	t.Parallel()
	_, j, all := joinHouse(t)
	for _, id := range []string{"c1", "st"} {
		if c := j.joinChild(all[id]); c.rendered == nil || strings.Contains(c.frame.raw, "handled params") {
			t.Errorf("%s: %s, want a join without HandleParams", id, c.frame.raw)
		}
	}
	if dead := get(t, labApp(t).url+"/lab/house"); strings.Contains(dead.body, "handled params") {
		t.Errorf("the dead render ran HandleParams of a nested view:\n%s", dead.body)
	}
}

func TestItem67RejoinEndsTheOldChildren(t *testing.T) {
	t.Parallel()
	v, j, all := joinHouse(t)
	one, two := j.joinChild(all["c1"]), j.joinChild(all["c2"])
	ref := j.next()
	j.send(ref, ref, j.topic, "phx_join", v.joinPayload(1))
	closed, again := map[string]bool{}, &joined{socket: j.socket, joinRef: ref, topic: j.topic}
	for len(closed) < 3 || again.rendered == nil {
		switch f := j.read(); {
		case f.event == "phx_close" && f.joinRef == f.ref:
			closed[f.topic+" "+f.joinRef] = true
		case f.topic == j.topic && f.ref == ref:
			again.rendered = f.diff(t)
		default:
			t.Fatalf("%s, want the end of three instances and the answer to the join", f.raw)
		}
	}
	for _, old := range []*joined{j, one, two} {
		if !closed[old.topic+" "+old.joinRef] {
			t.Errorf("the client is not told that %s, join %s, is over: %v", old.topic, old.joinRef, closed)
		}
	}
	// What still comes for an old child reaches nobody.
	late := one.next()
	one.send(one.joinRef, late, one.topic, "event", `{"type":"click","event":"up","value":{}}`)
	for _, f := range one.rest() {
		if f.event != "phx_reply" || !strings.Contains(f.raw, "unmatched topic") {
			t.Errorf("an event of a child that was: %s", f.raw)
		}
	}
	c := again.joinChild(again.nested()["c1"])
	if c.rendered == nil || text(c.rendered["1"]) == text(one.rendered["1"]) && text(c.rendered["0"]) == text(one.rendered["0"]) {
		t.Errorf("the new child: %s, want another run than %s", c.frame.raw, one.frame.raw)
	}
}

func TestItem125NavigateOfAStickyView(t *testing.T) {
	t.Parallel()
	_, j, all := joinHouse(t)
	st := j.joinChild(all["st"])
	st.event("up", `{}`, 0)
	before, f := st.event("ask", `{"do":"navigate","to":"/lab/next"}`, 0)
	if len(before) != 1 || f.response(t) != `{"live_redirect":{"to":"/lab/next","kind":"push"}}` {
		t.Errorf("%s%s, want live_redirect", frames(before), f.raw)
	}
	if all := st.rest(); len(all) != 0 {
		t.Errorf("then came\n%s\nwant the channel to stay open", frames(all))
	}
	if _, f := st.event("up", `{}`, 0); !strings.Contains(f.response(t), `"2"`) {
		t.Errorf("%s, want it to count on", f.raw)
	}
	// A nested view that is not sticky ends.
	c := j.joinChild(all["c1"])
	c.event("ask", `{"do":"navigate","to":"/lab/next"}`, 0)
	c.isClose(c.read())
}

func TestItem126PatchOfAChild(t *testing.T) {
	t.Parallel()
	_, j, all := joinHouse(t)
	c := j.joinChild(all["c1"])
	_, f := c.event("ask", `{"do":"patch","to":"/lab/house?from=child"}`, 0)
	if f.response(t) != `{}` {
		t.Errorf("the child is answered %s, want {}", f.raw)
	}
	j.isPush(j.read(), "live_patch", `{"to":"/lab/house?from=child","kind":"push"}`)
	if all := j.rest(); len(all) != 0 {
		t.Errorf("more came:\n%s", frames(all))
	}
}
