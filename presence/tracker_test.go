package presence

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

type member struct {
	Name string `json:"name"`
}

// wires join carriers in memory.
type wires struct {
	mu   sync.Mutex
	ends map[string]func([]byte)
	cut  bool
}

type wireEnd struct {
	*wires
	name string
}

func (w *wires) end(name string) *wireEnd { return &wireEnd{w, name} }

func (e *wireEnd) Node() string { return e.name }

func (e *wireEnd) Send(b []byte) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.cut {
		return errors.New("the wire is cut")
	}
	for name, f := range e.ends {
		if name != e.name {
			go f(bytes.Clone(b)) // in any order
		}
	}
	return nil
}

func (e *wireEnd) Receive(f func([]byte)) (func(), error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.ends == nil {
		e.ends = map[string]func([]byte){}
	}
	e.ends[e.name] = f
	return func() {
		e.mu.Lock()
		defer e.mu.Unlock()
		delete(e.ends, e.name)
	}, nil
}

func newTracker(t *testing.T, o Options) *Tracker {
	t.Helper()
	tr, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	return tr
}

func show(people []Person[member]) string {
	var b strings.Builder
	for _, p := range people {
		fmt.Fprintf(&b, "%s[", p.Key)
		for i, m := range p.Metas {
			if i > 0 {
				b.WriteByte(' ')
			}
			b.WriteString(m.Value.Name)
		}
		b.WriteString("]")
	}
	return b.String()
}

func TestTrackerAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tr := newTracker(t, Options{})
		room := NewTopic[member](tr, "room:1")
		var heard []string
		sub, err := room.Subscribe(func(d Diff[member]) { heard = append(heard, "+"+show(d.Joins)+" -"+show(d.Leaves)) })
		if err != nil {
			t.Fatal(err)
		}
		ann, err := room.Track("ann", member{"Ann"})
		if err != nil {
			t.Fatal(err)
		}
		tab, _ := room.Track("ann", member{"Ann on the phone"})
		bob, _ := room.Track("bob", member{"Bob"})
		if err := bob.Update(member{"Bob is typing"}); err != nil {
			t.Error(err)
		}
		if got, want := show(room.List()), "ann[Ann Ann on the phone]bob[Bob is typing]"; got != want || room.Count() != 2 {
			t.Errorf("List = %s, %d, want %s", got, room.Count(), want)
		}
		if p, ok := room.Get("bob"); !ok || p.Metas[0].Replaced == "" || p.Metas[0].Replaced == p.Metas[0].Ref {
			t.Errorf("Get = %+v, %t", p, ok)
		}
		tab.Untrack()
		tab.Untrack()
		ann.Untrack()
		if err := ann.Update(member{"nobody"}); err != nil {
			t.Error(err)
		}
		synctest.Wait()
		want := []string{"+ann[Ann] -", "+ann[Ann on the phone] -", "+bob[Bob] -", "+bob[Bob is typing] -bob[Bob]", "+ -ann[Ann on the phone]", "+ -ann[Ann]"}
		if fmt.Sprint(heard) != fmt.Sprint(want) {
			t.Errorf("heard %q, want %q", heard, want)
		}
		sub.Cancel()
		tr.Close()
		tr.Close()
		if _, err := room.Track("late", member{}); err == nil {
			t.Error("Track on a closed tracker succeeded")
		}
	})
}

func TestTrackersOfThreeNodes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var w wires
		var rooms []Topic[member]
		var trackers []*Tracker
		for _, name := range []string{"a", "b", "c"} {
			tr := newTracker(t, Options{Carrier: w.end(name), Down: 5 * time.Second})
			trackers = append(trackers, tr)
			rooms = append(rooms, NewTopic[member](tr, "room:1"))
			if _, err := rooms[len(rooms)-1].Track(name, member{"of " + name}); err != nil {
				t.Fatal(err)
			}
		}
		lists := func(want ...string) {
			t.Helper()
			synctest.Wait()
			for i, want := range want {
				if got := show(rooms[i].List()); got != want {
					t.Errorf("node %d has %s, want %s", i, got, want)
				}
			}
		}
		time.Sleep(3 * time.Second) // of the bubble
		const all = "a[of a]b[of b]c[of c]"
		lists(all, all, all)
		if s := trackers[0].Stats(); s.Nodes != 2 || s.Own != 1 || s.All != 3 || s.Topics != 1 {
			t.Errorf("Stats = %+v", s)
		}

		// The wire is cut, and mended.
		w.mu.Lock()
		w.cut = true
		w.mu.Unlock()
		time.Sleep(10 * time.Second) // of the bubble
		lists("a[of a]", "b[of b]", "c[of c]")
		w.mu.Lock()
		w.cut = false
		w.mu.Unlock()
		time.Sleep(5 * time.Second) // of the bubble
		lists(all, all, all)
		if s := trackers[0].Stats(); s.Unsent == 0 {
			t.Error("nothing tells that messages went nowhere")
		}

		trackers[2].Close()
		lists("a[of a]b[of b]", "a[of a]b[of b]")
		trackers[1].Close()
		trackers[0].Close()
	})
}

// Who is here before the tracker has joined the others is known to them then.
func TestTrackerJoinsLater(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var w wires
		first := newTracker(t, Options{Carrier: w.end("a")})
		there := NewTopic[member](first, "room:1")
		ann, err := there.Track("ann", member{"Ann"})
		if err != nil {
			t.Fatal(err)
		}
		second := newTracker(t, Options{})
		here := NewTopic[member](second, "room:1")
		bob, err := here.Track("bob", member{"Bob"})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := here.Track("cid", member{"Cid"}); err != nil {
			t.Fatal(err)
		}
		if err := second.Join(w.end("")); err == nil || !strings.Contains(err.Error(), "no node name") {
			t.Errorf("Join without a name: %v", err)
		}
		if err := second.Join(deafEnd{w.end("b")}); err == nil || !strings.Contains(err.Error(), "deaf") {
			t.Errorf("Join by a carrier that does not receive: %v", err)
		}
		var heard []string
		sub, err := here.Subscribe(func(d Diff[member]) { heard = append(heard, "+"+show(d.Joins)+" -"+show(d.Leaves)) })
		if err != nil {
			t.Fatal(err)
		}
		// Late words of an earlier run of the node are nobody's.
		go second.receive([]byte(`{"k":"delta","n":"b","e":1,"s":1,"o":[{"+":{"r":1,"t":"room:1","y":"old","m":{}}}]}`))
		synctest.Wait()
		if err := second.Join(w.end("b")); err != nil {
			t.Fatal(err)
		}
		if err := second.Join(w.end("b")); err == nil || !strings.Contains(err.Error(), "already") {
			t.Errorf("a second Join: %v", err)
		}
		want := func(what, list string) {
			t.Helper()
			time.Sleep(3 * time.Second) // of the bubble
			synctest.Wait()
			for i, room := range []Topic[member]{there, here} {
				if got := show(room.List()); got != list {
					t.Errorf("%s: node %d has %s, want %s", what, i, got, list)
				}
			}
		}
		want("joined", "ann[Ann]bob[Bob]cid[Cid]")
		if want := "[+old[] - +bob[Bob]cid[Cid] -bob[Bob]cid[Cid]old[] +ann[Ann] -]"; fmt.Sprint(heard) != want {
			t.Errorf("heard %s, want %s", heard, want)
		}
		if err := bob.Update(member{"Bobby"}); err != nil {
			t.Error(err)
		}
		ann.Untrack()
		want("changed", "bob[Bobby]cid[Cid]")
		sub.Cancel()
		second.Close()
		if err := second.Join(w.end("b")); err == nil || !strings.Contains(err.Error(), "closed") {
			t.Errorf("Join when closed: %v", err)
		}
		time.Sleep(time.Second) // of the bubble
		synctest.Wait()
		if got := show(there.List()); got != "" {
			t.Errorf("after the goodbye node a has %s", got)
		}
		first.Close()
	})
}

type deafEnd struct{ *wireEnd }

func (deafEnd) Receive(func([]byte)) (func(), error) { return nil, errors.New("deaf") }

func TestMessagesOfStrangers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var w wires
		var log bytes.Buffer
		tr := newTracker(t, Options{Carrier: w.end("a"), Log: slog.New(slog.NewTextHandler(&log, nil))})
		room := NewTopic[member](tr, "room:1")
		for _, text := range []string{"", "null", "{}", `{"k":"delta","n":"b","e":1,"s":1}`, "\x00\x01", `{"k":"state","n":"b","p":5,"ps":2}`} {
			tr.receive([]byte(text))
		}
		// One whose idea of a member is another.
		tr.receive([]byte(`{"k":"delta","n":"b","e":1,"s":1,"o":[{"+":{"r":1,"t":"room:1","y":"eve","m":7}},{"+":{"r":2,"t":"room:1","y":"bob","m":{"name":"Bob"}}}]}`))
		if got := show(room.List()); got != "bob[Bob]" {
			t.Errorf("List = %s, want bob alone", got)
		}
		if n := tr.Stats().Undecoded; n != 7 {
			t.Errorf("%d were not decoded, want 7", n)
		}
		if n := strings.Count(log.String(), "\n"); n != 1 {
			t.Errorf("%d lines in the log, want one: %s", n, log.String())
		}
		tr.Close()
	})
}

func TestMistakes(t *testing.T) {
	t.Parallel()
	tr := newTracker(t, Options{})
	defer tr.Close()
	for _, tt := range []struct {
		topic, key string
		value      any
		want       string
	}{
		{"", "ann", 1, "topic"},
		{"room", "", 1, "key"},
		{"room", "\xff", 1, "UTF-8"},
		{"room", strings.Repeat("x", 300), 1, "256 bytes"},
		{"room", "__proto__", 1, "JavaScript"},
		{"room", "ann", func() {}, "func()"},
		{"room", "ann", strings.Repeat("x", 9000), "8192 at most"},
	} {
		if _, err := NewTopic[any](tr, tt.topic).Track(tt.key, tt.value); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("Track(%.20q, %.20q) = %v, want an error with %q", tt.topic, tt.key, err, tt.want)
		}
	}
	var none Topic[member]
	if _, err := none.Track("ann", member{}); err == nil || none.List() != nil || none.Count() != 0 {
		t.Errorf("a zero Topic tracks: %v", err)
	}
	newTracker(t, Options{Down: time.Second}).Close() // its beat is shorter, too
	for _, o := range []Options{{Beat: -1}, {Beat: time.Second, Down: time.Second}, {Down: 1}} {
		if _, err := New(o); err == nil {
			t.Errorf("New(%+v) succeeded", o)
		}
	}
}

func TestJSONOfTheClient(t *testing.T) {
	t.Parallel()
	people := []Person[member]{{"u1", []Meta[member]{{"F2", "F1", member{"Ann"}}, {"F3", "", member{"Ann"}}}}}
	got, err := StateJSON(people)
	if want := `{"u1":{"metas":[{"phx_ref":"F2","phx_ref_prev":"F1","name":"Ann"},{"phx_ref":"F3","name":"Ann"}]}}`; err != nil || string(got) != want {
		t.Errorf("StateJSON = %s, %v, want %s", got, err, want)
	}
	// Both are there, though one is empty (protocol items 143 and 144).
	got, err = Diff[member]{Joins: people[:1]}.JSON()
	if want := `{"joins":{"u1":{"metas":[{"phx_ref":"F2","phx_ref_prev":"F1","name":"Ann"},{"phx_ref":"F3","name":"Ann"}]}},"leaves":{}}`; err != nil || string(got) != want {
		t.Errorf("JSON = %s, %v, want %s", got, err, want)
	}
	if got, err := StateJSON([]Person[struct{}]{{"u", []Meta[struct{}]{{"F", "", struct{}{}}}}}); err != nil || string(got) != `{"u":{"metas":[{"phx_ref":"F"}]}}` {
		t.Errorf("StateJSON = %s, %v", got, err)
	}
	if _, err := StateJSON([]Person[int]{{"u", []Meta[int]{{"F", "", 1}}}}); err == nil || !strings.Contains(err.Error(), "JSON object") {
		t.Errorf("StateJSON of a number: %v", err)
	}
}

func TestNobodyTrackedDoesNothing(t *testing.T) {
	t.Parallel()
	var here *Tracked[string] // as live.Track returns it in a dead render
	here.Untrack()
	if err := here.Update("away"); err != nil || here.Key() != "" {
		t.Errorf("Update of nil says %v, its key is %q", err, here.Key())
	}
}
