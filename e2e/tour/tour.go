// Package tour has pages that go through what a live view can do.
package tour

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/a-h/templ"

	"bennu"
	"bennu/live"
	"bennu/pubsub"
)

// Routes enters the pages of the tour.
func Routes(app *bennu.App) {
	hub := pubsub.New()
	app.Nested("player", func() live.View { return new(Player) })
	app.Nested("clock", func() live.View { return new(Clock) })
	app.LiveSession("tour", func(g *bennu.Group) {
		g.Live("/tour/tabs", func() live.View { return new(Tabs) }, bennu.Title("Tabs"))
		g.Live("/tour/tabs/new", func() live.View { return new(Tabs) }, bennu.Title("Tabs"), bennu.Action("new"))
		g.Live("/tour/cards", func() live.View { return new(Cards) }, bennu.Title("Cards"))
		g.Live("/tour/feed", func() live.View { return &Feed{Lines: pubsub.NewTopic[string](hub, "feed")} })
		g.Live("/tour/typing", func() live.View { return new(Typing) })
		g.Live("/tour/commands", func() live.View { return new(Commands) }, bennu.Title("Commands"))
		g.Live("/tour/notes", func() live.View { return new(Notes) })
		g.Live("/tour/loads", func() live.View { return new(Loads) })
		g.Live("/tour/nests", func() live.View { return new(Nests) })
	}, bennu.WithLayout(Layout), bennu.OnMount(guard))
	app.Nested("tally", func() live.View { return new(Tally) })
	app.Get("/tour/islands", func(w http.ResponseWriter, r *http.Request) error {
		return app.Page(w, r, http.StatusOK, "Islands", islands())
	})
	app.LiveSession("framed", func(g *bennu.Group) {
		g.Live("/tour/wide", func() live.View { return &Framed{Class: "wide", Other: "/tour/plainly"} })
		g.Live("/tour/plainly", func() live.View { return &Framed{Other: "/tour/wide"} }, bennu.KeepOutdated())
	})
	app.Live("/tour/outside", func() live.View { return new(Outside) }, bennu.Title("Outside"))
}

// guard turns away who asks for it.
func guard(s *live.Socket, p live.Params) error {
	if p.Has("locked") {
		s.PutFlash(live.Error, "log in first")
		s.Redirect("/tour/outside")
	}
	return nil
}

// Layout stands around the pages of the tour: their flash and a player that
// plays on.
func Layout(s *live.Socket) templ.Component { return layout(s.Flash(live.Info), s.Flash(live.Error)) }

// Tabs shows what the address says.
type Tabs struct {
	Tab, Action, URL string
	Mounts, Visits   int
}

// Mount counts.
func (v *Tabs) Mount(*live.Socket, live.Params) error { v.Mounts++; return nil }

// HandleParams takes the tab from the address.
func (v *Tabs) HandleParams(s *live.Socket, p live.Params) error {
	v.Tab, v.Action, v.URL = p.Get("tab"), s.Action(), s.Info().URL
	v.Visits++
	if v.Tab != "" {
		s.SetTitle("Tab " + v.Tab)
	}
	if p.Get("tab") == "start" {
		s.Patch("/tour/tabs?tab=first", live.Replace)
	}
	return nil
}

// Events are moves of all kinds.
func (v *Tabs) Events() live.Events {
	return live.Events{
		"patch": live.Do(func(s *live.Socket) error {
			s.PutFlash(live.Info, "patched")
			s.Patch("/tour/tabs?tab=pushed")
			return nil
		}),
		"replace": live.Do(func(s *live.Socket) error { s.Patch("/tour/tabs?tab=replaced", live.Replace); return nil }),
		"close":   live.Do(func(s *live.Socket) error { s.Patch("/tour/tabs", live.Replace); return nil }),
		"go": live.Do(func(s *live.Socket) error {
			s.PutFlash(live.Info, "welcome")
			s.PushEvent("leaving", map[string]int{"n": 1})
			s.Navigate("/tour/cards")
			return nil
		}),
		"out": live.Do(func(s *live.Socket) error {
			s.PutFlash(live.Info, "out you go")
			s.Redirect("/tour/outside")
			return nil
		}),
		"reply": live.On(func(s *live.Socket, in struct{ N int }) error { s.Reply(map[string]int{"twice": 2 * in.N}); return nil }),
		"flash": live.Do(func(s *live.Socket) error {
			s.PutFlash(live.Info, "hello")
			s.PutFlash(live.Error, "oh no")
			return nil
		}),
	}
}

// Render draws the page.
func (v *Tabs) Render() templ.Component { return tabs(v) }

// Outside is a page of another live session.
type Outside struct{ Message string }

// Mount takes over the message that came along.
func (v *Outside) Mount(s *live.Socket, _ live.Params) error {
	v.Message = s.Flash(live.Info) + s.Flash(live.Error)
	return nil
}

// Render draws the page.
func (v *Outside) Render() templ.Component { return outside(v) }

// Cards is a list of live components.
type Cards struct {
	IDs   []string
	Total int
}

// Mount deals the cards.
func (v *Cards) Mount(*live.Socket, live.Params) error { v.IDs = []string{"a", "b", "c"}; return nil }

// Events change the list.
func (v *Cards) Events() live.Events {
	return live.Events{
		"turn": live.Do(func(*live.Socket) error { v.IDs = append(v.IDs[1:], v.IDs[0]); return nil }),
		"drop": live.Do(func(*live.Socket) error { v.IDs = v.IDs[:len(v.IDs)-1]; return nil }),
		"deal": live.Do(func(*live.Socket) error { v.IDs = append(v.IDs, fmt.Sprint("n", len(v.IDs))); return nil }),
		"send": live.Do(func(s *live.Socket) error {
			live.SendUpdate(s.Self(), v.IDs[0], func(c *Card) { c.N = 100 })
			return nil
		}),
	}
}

// Render draws the page.
func (v *Cards) Render() templ.Component { return cards(v) }

// Card is a live component that counts.
type Card struct {
	ID    string
	N     int
	Added func()
}

// Events count.
func (c *Card) Events() live.Events {
	return live.Events{"add": live.Do(func(*live.Socket) error { c.N++; c.Added(); return nil })}
}

// Render draws the card.
func (c *Card) Render() templ.Component { return card(c) }

// Line is an item of the feed.
type Line struct{ ID, Text string }

// Feed is a stream that several pages see grow.
type Feed struct {
	Lines pubsub.Topic[string]
	Items live.Stream[Line]
	next  int
}

// Mount shows the first lines.
func (v *Feed) Mount(s *live.Socket, _ live.Params) error {
	v.Items.Init("lines", func(l Line) string { return l.ID })
	v.more(3)
	live.Subscribe(s, v.Lines, func(_ *live.Socket, text string) error {
		v.Items.Prepend(Line{text, text})
		return nil
	})
	return nil
}

func (v *Feed) more(n int) {
	for range n {
		v.next++
		v.Items.Append(Line{fmt.Sprint(v.next), fmt.Sprint("line ", v.next)})
	}
}

// Events change the stream.
func (v *Feed) Events() live.Events {
	return live.Events{
		"more":   live.Do(func(*live.Socket) error { v.more(2); return nil }),
		"tell":   live.On(func(_ *live.Socket, in struct{ Text string }) error { v.Lines.Broadcast(in.Text); return nil }),
		"delete": live.On(func(_ *live.Socket, in struct{ ID string }) error { v.Items.DeleteID(in.ID); return nil }),
		"update": live.Do(func(*live.Socket) error { v.Items.Update(Line{"2", "two <new>"}, Line{"99", "nobody"}); return nil }),
		"move":   live.Do(func(*live.Socket) error { v.Items.DeleteID("1"); v.Items.Append(Line{"1", "moved"}); return nil }),
		"limit":  live.Do(func(*live.Socket) error { v.Items.Insert(0, 2, Line{"top", "top"}); return nil }),
		"reset":  live.Do(func(*live.Socket) error { v.Items.Reset(Line{"new", "fresh"}); return nil }),
	}
}

// Render draws the page.
func (v *Feed) Render() templ.Component { return feed(v) }

// Loads has values that come later.
type Loads struct {
	Good, Bad live.Async[string]
	Job       string
	Ticks     int
}

// Mount begins to load.
func (v *Loads) Mount(s *live.Socket, _ live.Params) error {
	live.Load(s, &v.Good, func(context.Context) (string, error) { return "here", nil })
	live.Load(s, &v.Bad, func(context.Context) (string, error) { panic("the source is away") })
	live.Every(s, 20*time.Millisecond, func(*live.Socket) error {
		if v.Ticks < 5 {
			v.Ticks++
		}
		return nil
	})
	return nil
}

// Events start and stop a job.
func (v *Loads) Events() live.Events {
	return live.Events{
		"start": live.Do(func(s *live.Socket) error {
			v.Job = "running"
			live.Go(s, "job", func(ctx context.Context) (string, error) { <-ctx.Done(); return "", ctx.Err() }, v.ended)
			return nil
		}),
		"stop": live.Do(func(s *live.Socket) error { live.Cancel(s, "job"); return nil }),
	}
}

func (v *Loads) ended(_ *live.Socket, _ string, err error) error {
	v.Job = "ended: " + err.Error()
	return nil
}

// Render draws the page.
func (v *Loads) Render() templ.Component { return loads(v) }

// Nests has a view inside.
type Nests struct{ Heard, N int }

// Mount listens to the clock.
func (v *Nests) Mount(s *live.Socket, _ live.Params) error {
	live.OnMessage(s, func(_ *live.Socket, n int) error { v.Heard += n; return nil })
	return nil
}

// Events change the page around.
func (v *Nests) Events() live.Events {
	return live.Events{"up": live.Do(func(*live.Socket) error { v.N++; return nil })}
}

// Render draws the page.
func (v *Nests) Render() templ.Component { return nests(v) }

// Clock is a nested view that can crash.
type Clock struct {
	Zone    string
	N       int
	Process uint64
}

// Mount takes what the page gives.
func (v *Clock) Mount(s *live.Socket, _ live.Params) error {
	v.Process = s.Process()
	return s.Given(&v.Zone)
}

// Events count, crash and tell.
func (v *Clock) Events() live.Events {
	return live.Events{
		"tick":  live.Do(func(*live.Socket) error { v.N++; return nil }),
		"crash": live.Do(func(*live.Socket) error { return errors.New("the clock is broken") }),
		"tell":  live.Do(func(s *live.Socket) error { s.Parent().Send(5); return nil }),
	}
}

// Render draws the clock.
func (v *Clock) Render() templ.Component { return clock(v) }

// Player is a sticky view that counts on through all pages.
type Player struct {
	N       int
	Process uint64
}

// Mount notes who it is.
func (v *Player) Mount(s *live.Socket, _ live.Params) error { v.Process = s.Process(); return nil }

// Events play.
func (v *Player) Events() live.Events {
	return live.Events{
		"play": live.Do(func(*live.Socket) error { v.N++; return nil }),
		"go":   live.Do(func(s *live.Socket) error { s.Navigate("/tour/feed"); return nil }),
	}
}

// Render draws the player.
func (v *Player) Render() templ.Component { return player(v) }
