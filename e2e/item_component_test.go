package e2e

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// members are the names of the members of a diff, sorted.
func members(d map[string]any) string {
	var names []string
	for name := range d {
		names = append(names, name)
	}
	slices.Sort(names)
	return strings.Join(names, " ")
}

// whole fails unless the diff of a component is one for a client that knows
// nothing of it.
func whole(t *testing.T, component any) {
	t.Helper()
	m, _ := component.(map[string]any)
	statics, _ := m["s"].([]any)
	if len(statics) < 2 || m["r"] != 1.0 {
		t.Fatalf("a component that is new to the client is sent as %s, want its statics, and that it is one element", text(component))
	}
	for i := range len(statics) - 1 {
		if _, ok := m[fmt.Sprint(i)]; !ok {
			t.Errorf("dynamic %d is missing: %s", i, text(component))
		}
	}
}

// Item 79 with the numbers of a page; that they are not used again is in item 86.
func TestItem79NumbersOfComponents(t *testing.T) {
	t.Parallel()
	_, _, j := joinLab(t, "/lab/desk")
	c, _ := j.rendered["c"].(map[string]any)
	if members(c) != "1 2" {
		t.Fatalf("components %s, want 1 and 2: %s", members(c), j.frame.raw)
	}
	seen := map[string]bool{"1": true, "2": true}
	for i := range 3 { // each time two new ones
		_, f := j.event("ids", fmt.Sprintf(`{"ids":["x%d","y%d"]}`, i, i), 0)
		c, _ = f.diff(t)["c"].(map[string]any)
		if len(c) != 2 {
			t.Fatalf("%s, want two new components", f.raw)
		}
		var gone []string
		for cid, diff := range c {
			whole(t, diff)
			if seen[cid] || cid == "0" {
				t.Errorf("the number %s is given again", cid)
			}
			seen[cid] = true
			gone = append(gone, cid)
		}
		list := `{"cids":[` + strings.Join(gone, ",") + `]}`
		j.event("ids", `{"ids":[]}`, 0)
		j.request("cids_will_destroy", list)
		j.request("cids_destroyed", list)
	}
}

func TestItem80EventOfAComponentChangesItAlone(t *testing.T) {
	t.Parallel()
	_, _, j := joinLab(t, "/lab/desk")
	_, f := j.event("add", `{}`, 2)
	if got := f.response(t); got != `{"diff":{"c":{"2":{"1":"1"}}}}` {
		t.Errorf("%s, want the number of card 2 alone", got)
	}
	if all := j.rest(); len(all) != 0 {
		t.Errorf("more came:\n%s", frames(all))
	}
	// With what is beside the tree the client still draws the component alone.
	for do, member := range map[string]string{"push": "e", "reply": "r", "title": "t"} {
		_, f := j.event("ask", `{"do":"`+do+`","to":"x"}`, 1)
		if got := members(f.diff(t)); got != member {
			t.Errorf("%s: %s, want %s alone", do, f.raw, member)
		}
	}
}

// That the page shows it is in TestItem81InTheBrowser.
func TestItem81ParentThatChangesItsComponents(t *testing.T) {
	t.Parallel()
	_, _, j := joinLab(t, "/lab/desk")
	j.event("open", `{}`, 1)
	_, f := j.event("note", `{"text":"both"}`, 0)
	d := f.diff(t)
	c, _ := d["c"].(map[string]any)
	if members(c) != "1 2 3" || strings.Count(f.raw, "both") != 4 {
		t.Fatalf("%s, want the note on the page and on three cards", f.raw)
	}
	way := text(d)
	for _, cid := range []string{"1", "2"} { // through the if and the loop
		if n := numbersIn(d, "c"); !slices.Contains(n, cid) {
			t.Errorf("the way to component %s is not in %s", cid, way)
		}
	}
	if n := numbersIn(c["1"], ""); !slices.Contains(n, "3") { // through the one around it
		t.Errorf("the way to the inner component is not in %s", way)
	}
}

// numbersIn are the numbers of components that a tree names, without those below
// a key.
func numbersIn(tree any, but string) (cids []string) {
	m, _ := tree.(map[string]any)
	for k, v := range m {
		switch v := v.(type) {
		case float64:
			if k != "kc" && k != "s" && k != "r" {
				cids = append(cids, fmt.Sprint(v))
			}
		case map[string]any:
			if k != but || but == "" {
				cids = append(cids, numbersIn(v, but)...)
			}
		}
	}
	return cids
}

// Statics are not shared between components, which a server may always do
// without: each has all of its own, so nothing refers to what a client lacks.
func TestItem82ComponentsAreSentWithTheirStatics(t *testing.T) {
	t.Parallel()
	_, _, j := joinLab(t, "/lab/desk")
	messages := []map[string]any{j.rendered}
	for _, ids := range []string{`["b","a","c"]`, `["c"]`, `["c","d","e","a"]`} {
		_, f := j.event("ids", `{"ids":`+ids+`}`, 0)
		messages = append(messages, f.diff(t))
	}
	news := 0
	for _, m := range messages {
		c, _ := m["c"].(map[string]any)
		for _, diff := range c {
			if at(diff, "s") != nil {
				news++
				whole(t, diff)
			}
		}
	}
	// Five, and the one that had left the page and came back: the client may have
	// forgotten it.
	if news != 6 {
		t.Errorf("%d components were sent whole, want six", news)
	}
}

func TestItem83DestroyedComponentsAreNamed(t *testing.T) {
	t.Parallel()
	_, _, j := joinLab(t, "/lab/desk")
	j.event("ids", `{"ids":["b"]}`, 0)
	// None is deleted that the client has not said of that it will be.
	if _, f := j.request("cids_destroyed", `{"cids":[1,2]}`); f.response(t) != `{"cids":[]}` {
		t.Errorf("%s, want none", f.raw)
	}
	if _, f := j.request("cids_will_destroy", `{"cids":[99,1,-1,0]}`); f.response(t) != `{}` {
		t.Errorf("%s, want {}", f.raw)
	}
	if _, f := j.request("cids_destroyed", `{"cids":[99,2,1,-1,0]}`); f.response(t) != `{"cids":[1]}` {
		t.Errorf("%s, want 1 alone", f.raw)
	}
	if _, f := j.request("cids_destroyed", `{"cids":[1]}`); f.response(t) != `{"cids":[]}` {
		t.Errorf("a second time: %s, want none", f.raw)
	}
	for _, odd := range []string{`{}`, `[]`, `{"cids":"1"}`, `{"cids":[1.5]}`, `{"cids":[99999999999999999999]}`} {
		j.request("cids_will_destroy", odd)
		if _, f := j.request("cids_destroyed", odd); f.response(t) != `{"cids":[]}` {
			t.Errorf("%s: %s, want none", odd, f.raw)
		}
	}
}

func TestItem84ComponentThatComesBack(t *testing.T) {
	t.Parallel()
	_, _, j := joinLab(t, "/lab/desk")
	j.event("open", `{}`, 1) // with the component 3 inside
	j.event("add", `{}`, 1)
	j.event("add", `{}`, 3)
	j.event("show", `{}`, 0)
	j.request("cids_will_destroy", `{"cids":[1,2,3]}`)
	_, f := j.event("show", `{}`, 0)
	c, _ := f.diff(t)["c"].(map[string]any)
	if members(c) != "1 2 3" {
		t.Fatalf("%s, want all three", f.raw)
	}
	for _, diff := range c {
		whole(t, diff)
	}
	if at(c, "1", "1") != "1" || at(c, "3", "1") != "1" {
		t.Errorf("%s, want the numbers that the cards had", f.raw)
	}
	if _, f := j.request("cids_destroyed", `{"cids":[1,2,3]}`); f.response(t) != `{"cids":[]}` {
		t.Errorf("%s, want none: they are back", f.raw)
	}
	if _, f := j.event("add", `{}`, 3); f.response(t) != `{"diff":{"c":{"3":{"1":"2"}}}}` {
		t.Errorf("%s, want the inner card to count on", f.raw)
	}
}

func TestItem85EventOfADestroyedComponent(t *testing.T) {
	t.Parallel()
	_, _, j := joinLab(t, "/lab/desk")
	j.event("ids", `{"ids":["b"]}`, 0)
	j.request("cids_will_destroy", `{"cids":[1]}`)
	j.request("cids_destroyed", `{"cids":[1]}`)
	for _, event := range []string{"add", "unknown", ""} {
		if before, f := j.event(event, `{}`, 1); len(before) != 0 || f.response(t) != `{}` {
			t.Errorf("%q: %s%s, want {}", event, frames(before), f.raw)
		}
	}
	if _, f := j.event("add", `{}`, 2); f.response(t) != `{"diff":{"c":{"2":{"1":"1"}}}}` {
		t.Errorf("its neighbour: %s", f.raw)
	}
}

// A client may show what the server does not any more, as long as a transition
// runs; only the client ends a component.
func TestItem86ComponentIsKeptUntilTheClientSaysSo(t *testing.T) {
	t.Parallel()
	_, v, j := joinLab(t, "/lab/desk")
	j.event("add", `{}`, 1)
	j.event("ids", `{"ids":["b"]}`, 0)
	for range 10 { // other renders, without it
		j.event("note", `{"text":"x"}`, 0)
		j.event("note", `{"text":""}`, 0)
	}
	if _, f := j.event("add", `{}`, 1); f.response(t) != `{"diff":{"c":{"1":{"1":"2"}}}}` {
		t.Errorf("an event of a component that is shown no more: %s, want it to count", f.raw)
	}
	_, f := j.event("ids", `{"ids":["b","a"]}`, 0)
	if n := numbersIn(f.diff(t), "c"); !slices.Contains(n, "1") {
		t.Errorf("%s, want it to be component 1 still", f.raw)
	}
	if again := v.dial().join(v, 1); at(again.rendered, "c", "1", "1") != "0" {
		t.Errorf("another run of the view: %s, want a card without a number", again.frame.raw)
	}
}

func TestItem66RejoinBeginsTheNumbersAnew(t *testing.T) {
	t.Parallel()
	_, v, j := joinLab(t, "/lab/desk")
	j.event("ids", `{"ids":["x","y","z"]}`, 0)
	again := j.rejoin(v)
	c, _ := again.rendered["c"].(map[string]any)
	if members(c) != "1 2" {
		t.Fatalf("%s, want the components 1 and 2", again.frame.raw)
	}
	for _, diff := range c {
		whole(t, diff)
	}
	if text(again.rendered) != text(j.rendered) {
		t.Errorf("the rejoin says\n%s\nwant what the first one said\n%s", text(again.rendered), text(j.rendered))
	}
}

// messages are what pages of the lab are sent, all that has a tree.
func messages(t *testing.T) (all []frame) {
	t.Helper()
	for path, events := range map[string][]string{
		"/lab/desk":     {`note {"text":"x"}`, `show {}`, `show {}`, `ids {"ids":["b","c","a"]}`, `note {"text":"y"}`, `ids {"ids":[]}`},
		"/lab/list?n=3": {`insert {"id":"7","text":"x"}`, `reset {}`, `count {}`},
		"/lab/house":    {`up {}`},
		"/lab":          {`ask {"text":"a"}`, `ask {"do":"error","to":"b"}`},
	} {
		_, _, j := joinLab(t, path)
		all = append(all, j.frame)
		if path == "/lab/desk" {
			for _, e := range []string{"open", "add"} {
				_, f := j.event(e, `{}`, 1)
				all = append(all, f)
			}
		}
		for _, e := range events {
			name, value, _ := strings.Cut(e, " ")
			before, f := j.event(name, value, 0)
			all = append(append(all, before...), f)
		}
	}
	return all
}

func TestItem75MarkedRoots(t *testing.T) {
	t.Parallel()
	news := 0
	for _, f := range messages(t) {
		d := f.diff(t)
		if d["r"] != nil {
			t.Errorf("the message is marked, which is read as a reply: %s", f.raw)
		}
		c, _ := d["c"].(map[string]any)
		for _, component := range c {
			if at(component, "s") != nil {
				news++
				if at(component, "r") != 1.0 {
					t.Errorf("a component is sent first without its mark: %s", text(component))
				}
			}
		}
	}
	if news == 0 {
		t.Error("no message had a new component")
	}
}

func TestItem78SharedStaticsResolve(t *testing.T) {
	t.Parallel()
	used := 0
	for _, f := range messages(t) {
		used += resolve(t, f.diff(t), nil, false, f)
	}
	if used == 0 {
		t.Error("no message shared statics")
	}
}

// resolve fails unless each number of statics below a node is in the table of
// its scope, as the client finds it, and counts them.
func resolve(t *testing.T, node map[string]any, inherited map[string]any, component bool, f frame) (n int) {
	t.Helper()
	own, _ := node["p"].(map[string]any)
	k, isList := node["k"].(map[string]any)
	table := inherited // of what is below
	if own != nil && (!isList || inherited == nil) {
		table = own
	}
	if s, ok := node["s"].(float64); ok {
		n++
		scope := table
		if isList { // its own table is for its entries
			scope = inherited
		}
		if scope[fmt.Sprint(s)] == nil || component {
			t.Errorf("statics %v are not in scope: %s", s, f.raw)
		}
	}
	for key, v := range node {
		child, ok := v.(map[string]any)
		if !ok || key == "p" || key == "k" || key == "e" || key == "r" {
			continue
		}
		if key != "c" || component {
			n += resolve(t, child, table, false, f)
			continue
		}
		for _, c := range child {
			n += resolve(t, c.(map[string]any), nil, true, f)
		}
	}
	for key, v := range k {
		if pair, ok := v.([]any); ok {
			v = pair[1]
		}
		if entry, ok := v.(map[string]any); ok && key != "kc" {
			n += resolve(t, entry, table, false, f)
		}
	}
	return n
}
