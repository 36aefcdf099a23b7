package livetest_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/a-h/templ"

	"bennu"
	"bennu/live"
	"bennu/livetest"
	"bennu/telemetry"
)

// seen is what an observer was told, in short.
type seen struct {
	mu  sync.Mutex
	all []string
}

func (s *seen) add(format string, args ...any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.all = append(s.all, fmt.Sprintf(format, args...))
}

// take is what was seen since the last call.
func (s *seen) take() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := s.all
	s.all = nil
	return all
}

func (s *seen) observer() telemetry.Observer {
	return telemetry.Observer{
		Request: func(r telemetry.Request) { s.add("request %s %s %d", r.Method, r.Route, r.Status) },
		Connect: func(c telemetry.Connect) { s.add("connect %s", c.Transport) },
		Mount:   func(m telemetry.Mount) { s.add("mount %s %s %t %v", m.View.Name, m.View.Transport, m.Connected, m.Err) },
		Join:    func(j telemetry.Join) { s.add("join %s %t %v", j.View.Route, j.Bytes > 0, j.Err) },
		Params:  func(p telemetry.Params) { s.add("params %v", p.Err) },
		Event: func(e telemetry.Event) {
			s.add("event %s %q %t %t %v", e.Name, e.Component, e.Known, e.Form, e.Err)
		},
		Message:   func(m telemetry.Message) { s.add("%s %v", m.Type, m.Err) },
		Render:    func(r telemetry.Render) { s.add("render %s %t", r.Cause, r.Bytes > 0) },
		Component: func(c telemetry.Component) { s.add("component %s %s %s %v", c.Type, c.ID, c.What, c.Err) },
		Task:      func(t telemetry.Task) { s.add("task %s %v", t.Name, t.Err) },
		Crash:     func(c telemetry.Crash) { s.add("crash on %q: %v", c.Event, c.Err) },
		Leave:     func(l telemetry.Leave) { s.add("leave %s", l.Reason) },
		Drain:     func(d telemetry.Drain) { s.add("drain %d %v", d.Sockets, d.Err) },
	}
}

// Watched is a page of which observers hear.
type Watched struct {
	N    int
	Part bool
	Hub  live.Async[int]
}

var watchedPage = newPage(`<button id="a" phx-click="add">+</button><button id="j" phx-click="job">j</button><button id="b" phx-click="bad">b</button>`+
	`<form id="f" phx-change="type"><input name="q"></form><button id="p" phx-click="part">p</button><i>`, `</i>`, ``)

func (w *Watched) HandleParams(*live.Socket, live.Params) error { return nil }

func (w *Watched) Events() live.Events {
	return live.Events{
		"add":  live.Do(func(*live.Socket) error { w.N++; return nil }),
		"part": live.Do(func(*live.Socket) error { w.Part = !w.Part; return nil }),
		"type": live.Do(func(*live.Socket) error { return nil }),
		"bad":  live.Do(func(*live.Socket) error { return errors.New("broken") }),
		"job": live.Do(func(s *live.Socket) error {
			live.Go(s, "count", func(context.Context) (int, error) { return 7, nil }, func(_ *live.Socket, n int, _ error) error { w.N = n; return nil })
			return nil
		}),
	}
}

func (w *Watched) Render() templ.Component {
	if !w.Part {
		return watchedPage.with(w.N, templ.NopComponent)
	}
	return watchedPage.with(w.N, live.Component("x", func(c *Card) { c.Name = "Ann" }))
}

// An app tells its observers what happens, each thing once, in its order
// (TEL-02, TEL-03, TEL-04).
func TestTEL04Observers(t *testing.T) {
	t.Parallel()
	var s seen
	left := make(chan struct{}, 10)
	app := newApp(io.Discard, bennu.Options{Observers: []telemetry.Observer{s.observer(), {
		Event: func(telemetry.Event) { panic("an observer's own") },
		Leave: func(telemetry.Leave) { left <- struct{}{} },
	}}})
	app.Live("/watched/{id}", func() live.View { return new(Watched) })
	want := func(what string, lines ...string) {
		t.Helper()
		if got := s.take(); !slices.Equal(got, lines) {
			t.Errorf("%s:\n  got %s\n want %s", what, strings.Join(got, "\n      "), strings.Join(lines, "\n      "))
		}
	}
	v := livetest.Mount(t, app, "/watched/1")
	want("opening", "params <nil>", "mount livetest_test.Watched http false <nil>", "render page true", "request GET /watched/{id} 200",
		"connect websocket", "params <nil>", "mount livetest_test.Watched websocket true <nil>", "render join true", "join /watched/{id} true <nil>")
	v.Element("#a").Click()
	want("a click", `event add "" true false <nil>`, "render event true")
	v.Element("#f").Change(url.Values{"q": {"x"}})
	want("a form", `event type "" true true <nil>`, "render event false")
	v.Element("#j").Click()
	v.Settle()
	got := s.take()
	slices.Sort(got)
	if !slices.Equal(got, []string{`event job "" true false <nil>`, "render event false", "render message true", "task count <nil>"}) &&
		!slices.Equal(got, []string{`event job "" true false <nil>`, "render event false", "render message true", "task count <nil>", "task count <nil>"}) {
		t.Errorf("a task: %q", got)
	}
	v.Element("#p").Click()
	want("a component", `event part "" true false <nil>`, "render event true")
	v.Element("button", "add to Ann").Click()
	want("its event", `event add "livetest_test.Card" true false <nil>`, "render event true", "render message false")
	v.Element("#p").Click()
	want("its end", `event part "" true false <nil>`, "render event true", "component livetest_test.Card x destroyed <nil>")
	v.ExpectCrash(func() { v.Element("#b").Click() })
	<-left
	got = s.take()
	if len(got) < 3 || got[0] != `event bad "" true false broken` || !strings.HasPrefix(got[1], `crash on "bad": `) || got[2] != "leave crashed" {
		t.Errorf("a crash: %q", got)
	}
}

// Traces and request ids of the request that opened a page are those of its view.
func TestTEL05TraceOfTheRequest(t *testing.T) {
	t.Parallel()
	const trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
	var mu sync.Mutex
	traces := map[string]int{}
	observe := telemetry.Observer{
		Mount:   func(m telemetry.Mount) { mu.Lock(); traces[m.View.Transport+" "+m.View.Trace]++; mu.Unlock() },
		Request: func(r telemetry.Request) { mu.Lock(); traces["request "+r.Trace]++; mu.Unlock() },
	}
	app := newApp(io.Discard, bennu.Options{Observers: []telemetry.Observer{observe}})
	app.Live("/watched", func() live.View { return new(Watched) })
	for _, header := range []string{trace, "00-" + strings.Repeat("0", 32) + "-b7ad6b7169203331-01", "nonsense"} {
		livetest.Mount(t, app, "/watched", livetest.Options{Header: map[string][]string{"Traceparent": {header}}})
	}
	mu.Lock()
	defer mu.Unlock()
	if traces["http "+trace] != 1 || traces["websocket "+trace] != 1 || traces["request "+trace] != 1 || traces["http "] != 2 || traces["websocket "] != 2 {
		t.Errorf("traces %v", traces)
	}
}

// An observer that panics is logged, once for each kind, and keeps nobody else
// from hearing.
func TestObserverThatPanics(t *testing.T) {
	t.Parallel()
	var log strings.Builder
	n := 0
	all := telemetry.All(slog.New(slog.NewTextHandler(&log, nil)),
		telemetry.Observer{Event: func(telemetry.Event) { n++ }}, telemetry.Observer{Event: func(telemetry.Event) { panic("first") }},
		telemetry.Observer{Event: func(telemetry.Event) { n++ }})
	for range 3 {
		all.Event(telemetry.Event{Name: "x"})
	}
	if n != 6 || strings.Count(log.String(), "an observer panicked") != 1 || !strings.Contains(log.String(), "first") {
		t.Errorf("heard %d times, want 6; log:\n%s", n, &log)
	}
	if all.Mount != nil {
		t.Error("a function that no observer has")
	}
}
