package oracle

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"regexp"
	"sort"
	"strconv"
	"testing"

	"bennu/livetest"
)

// The test kit's model of the client is held against the client: both are given
// random messages, made from the rules of the wire alone, with everything that
// these allow, whether or not our server makes use of it.

// A made is the tree that messages have made: a node, a list, or a stream.
type made struct {
	statics []string
	single  bool
	slots   []any // string, *made, or int: the number of a component
	list    bool
	stream  bool
	entries [][]any
}

// maker makes messages for one view.
type maker struct {
	*rand.Rand
	root       *made
	components map[int]*made // those that stand on the page
	last       int           // cid
	ids        int           // of stream entries
	busy       map[int]bool  // components that the message has already
	c          map[string]any
	table      map[string][]string // shared statics of the message; nil: none
}

func (m *maker) one(n int) bool { return m.IntN(n) == 0 }

func (m *maker) text() string {
	return [...]string{"", "a", "&lt;b&gt;", "é\"'", "long text\n", "7"}[m.IntN(6)]
}

// statics are those of a template with so many slots.
func (m *maker) statics(slots int, single bool) []string {
	kind := strconv.Itoa(m.IntN(4))
	s := make([]string, slots+1)
	for i := range s {
		s[i] = "," + kind
	}
	if single {
		s[0], s[slots] = "<b"+kind+">"+s[0], "</b"+kind+">"
		if slots == 0 {
			s[0] = "<b" + kind + "></b" + kind + ">"
		}
	}
	return s
}

// node makes a new node and its message.
func (m *maker) node(depth int, single bool) (*made, map[string]any) {
	n := &made{single: single}
	slots := 1 + m.IntN(3)
	n.statics = m.statics(slots, single)
	o := map[string]any{"s": m.share(n.statics)}
	if single {
		o["r"] = 1
	}
	for i := range slots {
		value, said := m.value(depth + 1)
		n.slots = append(n.slots, value)
		o[strconv.Itoa(i)] = said
	}
	return n, o
}

// share puts statics into the message's table now and then.
func (m *maker) share(statics []string) any {
	if m.table == nil || m.one(2) {
		return statics
	}
	key := strconv.Itoa(len(m.table))
	m.table[key] = statics
	return json.Number(key)
}

// value makes what stands in a slot.
func (m *maker) value(depth int) (value, said any) {
	switch k := m.IntN(10); {
	case depth > 4 || k < 3:
		s := m.text()
		return s, s
	case k < 6:
		return m.nodeValue(depth)
	case k < 7:
		return m.component(depth)
	case k < 8 && depth < 3:
		return m.newStream()
	default:
		return m.newList(depth)
	}
}

func (m *maker) nodeValue(depth int) (value, said any) {
	n, o := m.node(depth, m.one(2))
	return n, o
}

// component makes a new component and its entry in c. Tables do not reach into
// components.
func (m *maker) component(depth int) (value, said any) {
	m.last++
	cid := m.last
	outer := m.table
	m.table = nil
	var n *made
	var o map[string]any
	if from, base := m.similar(); base != nil && m.one(2) {
		n, o = m.sharing(from, base, depth)
	} else {
		n, o = m.node(depth, true)
	}
	m.table = outer
	m.components[cid], m.c[strconv.Itoa(cid)], m.busy[cid] = n, o, true
	return cid, cid
}

// similar is a component of the page that the message does not touch.
func (m *maker) similar() (cid int, n *made) {
	for _, cid := range m.cids() {
		if !m.busy[cid] && m.one(3) {
			return cid, m.components[cid]
		}
	}
	return 0, nil
}

// sharing makes a component that takes the statics of another one, as it was.
func (m *maker) sharing(from int, base *made, depth int) (*made, map[string]any) {
	n := &made{statics: base.statics, single: true}
	o := map[string]any{"s": -from}
	for i := range base.slots {
		value, said := m.value(depth + 1)
		n.slots = append(n.slots, value)
		o[strconv.Itoa(i)] = said
	}
	return n, o
}

func (m *maker) cids() []int {
	var all []int
	for cid := range m.components {
		all = append(all, cid)
	}
	sort.Ints(all)
	return all
}

func (m *maker) newList(depth int) (value, said any) {
	l := &made{list: true, statics: m.statics(1+m.IntN(2), false)}
	k := map[string]any{}
	for i := range m.IntN(4) {
		e, o := m.entry(l, depth)
		l.entries = append(l.entries, e)
		k[strconv.Itoa(i)] = o
	}
	k["kc"] = len(l.entries)
	o := map[string]any{"s": l.statics, "k": k}
	return l, o
}

// entry makes an entry of a list.
func (m *maker) entry(l *made, depth int) ([]any, map[string]any) {
	var e []any
	o := map[string]any{}
	for i := range len(l.statics) - 1 {
		value, said := m.value(depth + 2)
		e = append(e, value)
		o[strconv.Itoa(i)] = said
	}
	return e, o
}

func (m *maker) newStream() (value, said any) {
	s := &made{list: true, stream: true, statics: []string{`<s- id="s`, `">`, `</s->`}}
	o := m.streamed()
	o["s"] = m.share(s.statics)
	return s, o
}

// streamed is what a message brings for a stream. Nobody remembers it.
func (m *maker) streamed() map[string]any {
	k := map[string]any{}
	inserts, deletes := []any{}, []any{}
	n := m.IntN(3)
	for i := range n {
		m.ids++
		id := strconv.Itoa(m.ids)
		entry := map[string]any{"0": id, "1": m.text()}
		if m.one(2) {
			entry["1"] = map[string]any{"s": []string{"<i>", "</i>"}, "0": m.text(), "r": 1}
		}
		k[strconv.Itoa(i)] = entry
		inserts = append(inserts, []any{"s" + id, m.IntN(3) - 1, nil, nil})
	}
	if m.one(3) {
		deletes = append(deletes, "s"+strconv.Itoa(1+m.IntN(m.ids+1)))
	}
	k["kc"] = n
	stream := []any{"feed", inserts, deletes}
	if m.one(5) {
		stream = append(stream, true)
	}
	return map[string]any{"k": k, "stream": stream}
}

// update changes some of a node; said is nil when nothing has changed.
func (m *maker) update(n *made, depth int) (said map[string]any) {
	if n.stream {
		return m.streamed()
	}
	if n.list {
		return m.updateList(n, depth)
	}
	return m.updateSlots(n.slots, depth)
}

func (m *maker) updateSlots(slots []any, depth int) map[string]any {
	o := map[string]any{}
	for i := range slots {
		if value, said := m.updateSlot(slots[i], depth+1); said != nil {
			slots[i] = value
			o[strconv.Itoa(i)] = said
		}
	}
	if len(o) == 0 {
		return nil
	}
	return o
}

func (m *maker) updateSlot(value any, depth int) (now, said any) {
	if m.one(3) {
		return value, nil
	}
	if m.one(6) {
		m.remove(value)
		return m.value(depth)
	}
	switch v := value.(type) {
	case string:
		s := m.text()
		return s, s
	case *made:
		if o := m.update(v, depth); o != nil {
			return v, o
		}
	case int:
		if m.busy[v] {
			return v, nil
		}
		if m.updateComponent(v, depth) || m.one(3) {
			return v, v // the way to a component is named along with it
		}
	}
	return value, nil
}

func (m *maker) updateComponent(cid, depth int) bool {
	m.busy[cid] = true
	outer := m.table
	m.table = nil
	o := m.update(m.components[cid], depth)
	m.table = outer
	if o == nil {
		return false
	}
	m.c[strconv.Itoa(cid)] = o
	return true
}

// remove forgets the components in what is taken from the page.
func (m *maker) remove(value any) {
	switch v := value.(type) {
	case int:
		if n := m.components[v]; n != nil {
			delete(m.components, v)
			m.remove(n)
		}
	case *made:
		for _, s := range v.slots {
			m.remove(s)
		}
		for _, e := range v.entries {
			for _, s := range e {
				m.remove(s)
			}
		}
	}
}

// updateList moves, changes, adds and takes entries.
func (m *maker) updateList(l *made, depth int) map[string]any {
	old := l.entries
	var now [][]any
	k := map[string]any{}
	moved := false
	order := m.Perm(len(old))
	if m.one(2) {
		sort.Ints(order)
	}
	kept := map[int]bool{}
	for _, j := range order {
		if m.one(5) {
			continue // it goes
		}
		i := len(now)
		// A new entry is merged into the one that has been at its place, so that
		// nothing of that may be needed below.
		if m.one(6) {
			e, o := m.entry(l, depth)
			now = append(now, e)
			k[strconv.Itoa(i)] = o
			i++
		}
		kept[j] = true
		e := append([]any(nil), old[j]...)
		o := m.updateSlots(e, depth+1)
		now = append(now, e)
		switch {
		case i == j && o != nil:
			k[strconv.Itoa(i)] = o
		case i == j:
		case o != nil:
			k[strconv.Itoa(i)], moved = []any{j, o}, true
		default:
			k[strconv.Itoa(i)], moved = j, true
		}
	}
	for range m.IntN(3) / 2 {
		e, o := m.entry(l, depth)
		k[strconv.Itoa(len(now))] = o
		now = append(now, e)
	}
	for j, e := range old {
		if !kept[j] {
			for _, s := range e {
				m.remove(s)
			}
		}
	}
	l.entries = now
	if len(k) == 0 && len(now) == len(old) {
		return nil
	}
	k["kc"] = len(now)
	if moved {
		k["km"] = true
	}
	return map[string]any{"k": k}
}

// message is the next message, nil when it would say nothing.
func (m *maker) message() map[string]any {
	m.c, m.busy = map[string]any{}, map[int]bool{}
	var o map[string]any
	switch {
	case m.root == nil || m.one(40):
		m.components = map[int]*made{}
		m.shared()
		m.root, o = m.node(0, false)
	case m.one(3):
		m.alone()
		o = map[string]any{}
	default:
		m.shared()
		o = m.update(m.root, 0)
	}
	if o == nil {
		o = map[string]any{}
	}
	if len(m.table) > 0 && len(o) > 0 {
		o["p"] = m.table
	}
	m.table = nil
	if len(m.c) > 0 {
		o["c"] = m.c
	}
	if len(o) == 0 {
		return nil
	}
	return o
}

func (m *maker) shared() {
	m.table = nil
	if m.one(2) {
		m.table = map[string][]string{}
	}
}

// alone changes some components that do not stand in each other.
func (m *maker) alone() {
	for _, cid := range m.cids() {
		if m.components[cid] == nil || m.busy[cid] || !m.one(3) {
			continue
		}
		if m.updateComponent(cid, 1) {
			return // one is enough: those in it may have been named along
		}
	}
}

// TestTreeFollowsTheClient gives random messages to the test kit's model of the
// client and to the client.
func TestTreeFollowsTheClient(t *testing.T) {
	t.Parallel()
	for range walks {
		seed := rand.Uint64()
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			m := &maker{Rand: rand.New(rand.NewPCG(seed, 1)), components: map[int]*made{}}
			var lines bytes.Buffer
			enc := json.NewEncoder(&lines)
			enc.SetEscapeHTML(false)
			var tree livetest.Tree
			steps := int(number(t, "ORACLE_STEPS", 20_000)) / walks / 2
			for n := 0; n < steps; {
				o := m.message()
				if o == nil {
					continue
				}
				var diff bytes.Buffer
				d := json.NewEncoder(&diff)
				d.SetEscapeHTML(false)
				if err := d.Encode(o); err != nil {
					t.Fatal(err)
				}
				on := cidsOn(tree.HTML())
				if err := tree.Apply(diff.Bytes()); err != nil {
					t.Fatalf("message %d: %v\n%s", n, err, diff.Bytes())
				}
				if err := enc.Encode(map[string]any{"diff": diff.String(), "html": tree.Markup(), "on": on}); err != nil {
					t.Fatal(err)
				}
				n++
			}
			r := runTree(t, &lines)
			if r.Error != "" || r.Steps != steps || r.Skips == 0 {
				t.Errorf("seed %d: the client took %d messages of %d, passed over %d elements, and says\n%s", seed, r.Steps, steps, r.Skips, r.Error)
			}
		})
	}
}

// The client notices a page that is not its own.
func TestTreeNotices(t *testing.T) {
	t.Parallel()
	lines := bytes.NewBufferString(`{"diff":"{\"s\":[\"<p>\",\"</p>\"],\"0\":\"a\"}","html":"<p>a</p>"}` + "\n" + `{"diff":"{\"0\":\"b\"}","html":"<p>a</p>"}` + "\n")
	if r := runTree(t, lines); r.Steps != 2 || r.Error == "" {
		t.Errorf("after %d messages the client says %q, want a complaint after 2", r.Steps, r.Error)
	}
}

var cidMark = regexp.MustCompile(` data-phx-component="(\d+)"`)

// cidsOn are the components that a page has.
func cidsOn(page string) []int {
	cids := []int{}
	for _, m := range cidMark.FindAllStringSubmatch(page, -1) {
		cid, _ := strconv.Atoi(m[1])
		cids = append(cids, cid)
	}
	return cids
}

// runTree gives messages to the client and is what it says.
func runTree(t *testing.T, lines *bytes.Buffer) report {
	t.Helper()
	if _, err := os.Stat("node_modules/phoenix_live_view"); err != nil {
		t.Fatalf("the client is not installed (%v); `make setup` installs it", err)
	}
	cmd := exec.CommandContext(t.Context(), "node", "tree.mjs")
	cmd.Stdin = lines
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	var r report
	if e := json.Unmarshal(out, &r); e != nil {
		t.Fatalf("node: %v, %v\n%s%s", err, e, out, stderr.Bytes())
	}
	return r
}
