package livetest_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/a-h/templ"

	"bennu"
	"bennu/live"
	"bennu/livetest"
	"bennu/render"
)

// Phases is a page that notes what it learns, and loads something, in each of
// its two phases.
type Phases struct {
	infos *[]live.ConnectInfo
	loads *atomic.Int64
	Value live.Async[string]
}

var phasesPage = newPage(`<p>`, `</p>`)

func (v *Phases) Mount(s *live.Socket, _ live.Params) error {
	*v.infos = append(*v.infos, s.Info())
	live.Load(s, &v.Value, func(context.Context) (string, error) { return fmt.Sprint("load ", v.loads.Add(1)), nil })
	return nil
}

func (v *Phases) Render() templ.Component {
	if v.Value.OK {
		return phasesPage.with(v.Value.Value)
	}
	return phasesPage.with("loading")
}

func openPhases(t *testing.T) (v *livetest.View, infos *[]live.ConnectInfo, loads *atomic.Int64) {
	t.Helper()
	infos, loads = new([]live.ConnectInfo), new(atomic.Int64)
	app := newApp(io.Discard, bennu.Options{})
	app.Live("/phases", func() live.View { return &Phases{infos: infos, loads: loads} })
	v = livetest.Mount(t, app, "/phases?x=1", livetest.Options{Header: http.Header{"User-Agent": {"Heron/1.0"}}})
	v.Settle()
	return v, infos, loads
}

// Background work begins when the page lives, and so runs once.
func TestASYNC03LoadedOnce(t *testing.T) {
	t.Parallel()
	v, _, loads := openPhases(t)
	v.RequireText("load 1")
	if n := loads.Load(); n != 1 {
		t.Errorf("loaded %d times, want once", n)
	}
	if dead := v.Dead(); !strings.Contains(dead, "loading") || strings.Contains(dead, "load 1") {
		t.Errorf("the dead render is\n%s", dead)
	}
}

// A view knows who asks, in the page's request and in the socket's.
func TestCORE21ConnectInfoInBothPhases(t *testing.T) {
	t.Parallel()
	_, infos, _ := openPhases(t)
	if len(*infos) != 2 {
		t.Fatalf("%d mounts, want two", len(*infos))
	}
	for i, transport := range []string{"http", "websocket"} {
		got := (*infos)[i]
		if got.Transport != transport || got.UserAgent != "Heron/1.0" || got.URL != "/phases?x=1" || got.Host != "localhost" || got.PeerAddr == "" || got.RequestID == "" {
			t.Errorf("mount %d knows %+v, want it by %s from Heron/1.0 for /phases?x=1 of localhost", i, got, transport)
		}
	}
	if (*infos)[0].RequestID == (*infos)[1].RequestID {
		t.Error("page and socket are one request")
	}
}

// Ask is a component with a hook in it.
type Ask struct{ Name string }

var (
	askPage  = newElement(`<p id="`, `" phx-target="`, `" phx-hook="Ask"></p>`)
	asksPage = newPage(`<div>`, `</div><i id="plain" phx-hook="Ask"></i>`)
)

func (c *Ask) Events() live.Events {
	return live.Events{"ask": live.Do(func(s *live.Socket) error { s.Reply(map[string]string{"by": c.Name}); return nil })}
}

func (c *Ask) Render() templ.Component { return askPage.with(c.Name, target) }

// target is the component that is drawn.
func target(w *render.Writer, slot int) error { w.Str(slot, live.Target(w.Ctx())); return nil }

// Asks is a page with two of them.
type Asks struct{}

func (v *Asks) Events() live.Events {
	return live.Events{"ask": live.Do(func(s *live.Socket) error { s.Reply(map[string]string{"by": "the page"}); return nil })}
}

func (v *Asks) Render() templ.Component {
	return asksPage.with(rows(cardRow, []any{live.Component("a", func(c *Ask) { c.Name = "a" })}, []any{live.Component("b", func(c *Ask) { c.Name = "b" })}))
}

// What a hook pushes reaches the component that its element's phx-target names,
// and the page else.
func TestTEST07HookEventsGoToTheirTarget(t *testing.T) {
	t.Parallel()
	app := newApp(io.Discard, bennu.Options{})
	app.Live("/asks", func() live.View { return new(Asks) })
	v := livetest.Mount(t, app, "/asks")
	var got []string
	for _, id := range []string{"#a", "#b", "#plain"} {
		got = append(got, string(v.Element(id).HookEvent("ask", url.Values{})))
	}
	if want := []string{`{"by":"a"}`, `{"by":"b"}`, `{"by":"the page"}`}; !slices.Equal(got, want) {
		t.Errorf("the answers are %q, want %q", got, want)
	}
}
