package livetest_test

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/a-h/templ"

	"bennu"
	"bennu/live"
	"bennu/livetest"
)

// House is a page with views in it.
type House struct {
	Title string
	Bare  bool // no nested views
	Heard string
	N     int
}

var (
	housePage = newPage(`<h1>`, ` `, `</h1><p id="heard">`, `</p>`, ``, `<button phx-click="up">up</button><button phx-click="bare">bare</button>
<a data-phx-link="redirect" data-phx-link-state="push" href="/house/cellar">cellar</a>
<a data-phx-link="redirect" data-phx-link-state="push" href="/house/empty">empty</a>`)
	lampPage = newPage(`<p>lamp `, ` `, `</p><button phx-click="on">on</button><button phx-click="break">break</button>
<button phx-click="call">call</button><button phx-click="go">go</button><button phx-click="patch">patch</button>`, ``)
)

func (h *House) Mount(s *live.Socket, p live.Params) error {
	h.Title = p.Get("room")
	h.Bare = h.Title == "empty"
	live.OnMessage(s, func(_ *live.Socket, m string) error { h.Heard = m; return nil })
	return nil
}

func (h *House) HandleParams(s *live.Socket, p live.Params) error {
	h.Heard = p.Get("heard")
	return nil
}

func (h *House) Events() live.Events {
	return live.Events{
		"up":   live.Do(func(*live.Socket) error { h.N++; return nil }),
		"bare": live.Do(func(*live.Socket) error { h.Bare = !h.Bare; return nil }),
	}
}

func (h *House) Render() templ.Component {
	var lamp, player any
	if !h.Bare {
		lamp, player = live.Nested("lamp", "lamp", "bright"), live.Sticky("player", "player", nil)
	}
	return housePage.with(h.Title, h.N, h.Heard, lamp, player)
}

// Lamp is nested in it, and has another one in itself.
type Lamp struct {
	Kind  string
	On    bool
	Inner bool
}

func (l *Lamp) Mount(s *live.Socket, _ live.Params) error { return s.Given(&l.Kind) }

func (l *Lamp) Events() live.Events {
	return live.Events{
		"on":    live.Do(func(*live.Socket) error { l.On = true; return nil }),
		"break": live.Do(func(*live.Socket) error { return errors.New("broken") }),
		"call":  live.Do(func(s *live.Socket) error { s.Parent().Send("the lamp calls"); return nil }),
		"go":    live.Do(func(s *live.Socket) error { s.Navigate("/house/attic"); return nil }),
		"patch": live.Do(func(s *live.Socket) error { s.Patch("/house/hall?heard=patched"); return nil }),
	}
}

func (l *Lamp) Render() templ.Component {
	var inner any
	if !l.Inner {
		inner = live.Nested("bulb", "bulb", "dim")
	}
	state := "off"
	if l.On {
		state = "on"
	}
	return lampPage.with(l.Kind, state, inner)
}

func openHouse(t testing.TB) *livetest.View {
	app := newApp(io.Discard, bennu.Options{})
	app.Live("/house/{room}", func() live.View { return new(House) })
	app.Nested("lamp", func() live.View { return new(Lamp) })
	app.Nested("bulb", func() live.View { return &Lamp{Inner: true} })
	app.Nested("player", func() live.View { return &Lamp{Kind: "player", Inner: true} })
	return livetest.Mount(t, app, "/house/hall")
}

func TestNestedViews(t *testing.T) {
	t.Parallel()
	v := openHouse(t)
	lamp, bulb, player := v.Child("lamp"), v.Child("bulb"), v.Child("player")
	lamp.RequireText("lamp bright off")
	bulb.RequireText("lamp dim off")
	v.RequireText("lamp player off") // all is in the page
	if got := v.Children(); len(got) != 1 || got[0] != lamp || lamp.Children()[0] != bulb {
		t.Errorf("Children = %v", got)
	}
	bulb.Element("button", "on").Click()
	v.Element("#player button", "on").Click() // by the page, too, to its own view
	bulb.RequireText("lamp dim on")
	player.RequireText("lamp player on")
	v.Element("button", "up").Click() // leaves them alone
	bulb.RequireText("lamp dim on")
	lamp.Element("#lamp > button", "call").Click()
	v.RequireText("the lamp calls")

	bulb.ExpectCrash(func() { bulb.Element("button", "break").Click() })
	lamp.Element("#lamp > button", "on").Click()
	lamp.RequireText("lamp bright on")
	bulb.Rejoin()
	bulb.RequireText("lamp dim off")

	lamp.ExpectCrash(func() { lamp.Element("#lamp > button", "break").Click() })
	lamp.Rejoin()
	lamp.RequireText("lamp bright off")
	bulb.RequireText("lamp dim off") // it went with its parent, and came back

	lamp.Element("#lamp > button", "patch").Click()
	v.RequireText("patched")
	v.WantPatch("/house/hall?heard=patched")

	v.Disconnect()
	v.Rejoin()
	bulb.Element("button", "on").Click()
	bulb.RequireText("lamp dim on")
}

func TestNestedViewsComeAndGo(t *testing.T) {
	t.Parallel()
	v := openHouse(t)
	lamp, player := v.Child("lamp"), v.Child("player")
	lamp.Element("#lamp > button", "on").Click()
	v.Element("button", "bare").Click()
	left := map[string]bool{}
	for _, f := range v.Frames() {
		if f.Sent && f.Event == "phx_leave" {
			left[f.Topic] = true
		}
	}
	if fmt.Sprint(left) != "map[lv:bulb:true lv:lamp:true lv:player:true]" {
		t.Errorf("left %v", left)
	}
	if got := livetest.FailureOf(t, func(t testing.TB) { lamp.Using(t).Event("on", nil) }); !strings.Contains(got, `the view "lamp" is gone`) {
		t.Errorf("failed with %q", got)
	}
	if got := livetest.FailureOf(t, func(t testing.TB) { v.Using(t).Child("lamp") }); !strings.Contains(got, `with the id "lamp"; there are none`) {
		t.Errorf("failed with %q", got)
	}
	v.Element("button", "bare").Click()
	if got := livetest.FailureOf(t, func(t testing.TB) { v.Using(t).Child("lamb") }); !strings.Contains(got, `there are "bulb", "lamp", "player"`) {
		t.Errorf("failed with %q", got)
	}
	v.Using(t)
	lamp.RequireText("lamp bright off") // a new one
	player.RequireText("player off")
}

func TestStickyViews(t *testing.T) {
	t.Parallel()
	v := openHouse(t)
	lamp, player := v.Child("lamp"), v.Child("player")
	player.Element("button", "on").Click()
	lamp.Element("#lamp > button", "on").Click()
	v.Element("a", "cellar").Click()
	v.RequireText("cellar 0")
	player.RequireText("player on") // the same run of it
	v.Child("lamp").RequireText("bright off")
	player.Element("button", "go").Click()
	v.WantNavigate("/house/attic")
	v.Follow()
	v.RequireText("attic 0")
	player.RequireText("player on")
	v.Child("lamp").Element("#lamp > button", "go").Click()
	v.Follow()
	player.RequireText("player on")
	v.Element("a", "empty").Click()
	v.RequireText("empty 0")
	if v.Has("#player") {
		t.Errorf("the page still has a player: %s", v.HTML())
	}
	v.Back()
	player.RequireText("player off")
}

func TestNestedCrashFails(t *testing.T) {
	t.Parallel()
	got := livetest.FailureOf(t, func(t testing.TB) { openHouse(t).Child("bulb").Element("button", "break").Click() })
	if !strings.Contains(got, `the nested view "bulb" crashed on the event "break"`) {
		t.Errorf("failed with %q", got)
	}
}

func TestIsolated(t *testing.T) {
	t.Parallel()
	v := livetest.Isolated(t, func() live.View { return &Lamp{Inner: true} }, livetest.Isolation{Given: "alone"})
	v.RequireText("lamp alone off")
	v.Element("button", "on").Click()
	v.RequireText("lamp alone on")
	v.Element("button", "go").Click()
	v.WantNavigate("/house/attic")

	greeter := livetest.Isolated(t, func() live.View { return new(Greeter) }, livetest.Isolation{
		Session: map[string]any{"name": "Ann"},
		Options: livetest.Options{Params: map[string]string{"zone": "UTC"}},
	})
	greeter.RequireText("Ann in UTC")
	if got := livetest.FailureOf(t, func(t testing.TB) {
		livetest.Isolated(t, func() live.View { return new(Greeter) }, livetest.Isolation{}, livetest.Isolation{})
	}); !strings.Contains(got, "takes one Isolation") {
		t.Errorf("failed with %q", got)
	}
}

// Greeter knows the browser's session.
type Greeter struct{ Name, Zone string }

func (g *Greeter) Mount(s *live.Socket, _ live.Params) error {
	g.Name, g.Zone = s.Session().Get("name"), s.ConnectParam("zone")
	return nil
}

func (g *Greeter) Render() templ.Component { return greeting.with(g.Name, g.Zone) }

var greeting = newPage(`<p>`, ` in `, `</p>`)
