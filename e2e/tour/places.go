package tour

import (
	"strings"
	"time"

	"github.com/a-h/templ"

	"bennu"
	"bennu/live"
)

// Places enters pages about where the user is: in which time zone, in which
// language, on which build, and on the way to which other page.
func Places(app *bennu.App, build string) {
	app.Live("/places/zone", func() live.View { return new(Zone) })
	app.Live("/places/form", func() live.View { return new(Draft) })
	app.Live("/places/slow", func() live.View { return new(Slow) })
	app.LiveSession("kept", func(g *bennu.Group) {
		g.Live("/places/build", func() live.View { return &Build{Name: build} }, bennu.KeepOutdated())
	})
	app.LiveSession("renewed", func(g *bennu.Group) {
		g.Live("/places/renewed", func() live.View { return &Build{Name: build} })
	})
	moved := func() live.View { return new(Before) }
	if build == "new" {
		moved = func() live.View { return new(After) }
	}
	app.Live("/places/moved", moved)
	app.LiveSession("languages", func(g *bennu.Group) {
		g.Live("/places/{language}/greeting", func() live.View { return new(Greeting) })
	}, bennu.OnMount(restoreLanguage))
}

// Zone shows a moment in the time zone of the browser, which the page's script
// gave to its LiveSocket.
type Zone struct{ Name, Time string }

// Mount asks for the zone.
func (v *Zone) Mount(s *live.Socket, _ live.Params) error {
	v.Name = s.ConnectParam("time_zone")
	zone, err := time.LoadLocation(v.Name)
	if err != nil {
		zone, v.Name = time.UTC, "unknown" // whoever sends it chooses it
	}
	v.Time = time.Date(2026, time.January, 31, 12, 0, 0, 0, time.UTC).In(zone).Format("15:04")
	return nil
}

// Render draws the time.
func (v *Zone) Render() templ.Component { return zone(v) }

// Draft is a page that somebody may have typed into.
type Draft struct{ Visits int }

// HandleParams counts the addresses.
func (v *Draft) HandleParams(*live.Socket, live.Params) error { v.Visits++; return nil }

// Events take what is typed, and count.
func (v *Draft) Events() live.Events {
	return live.Events{"typed": live.Do(func(*live.Socket) error { return nil })}
}

// Render draws the form.
func (v *Draft) Render() templ.Component { return draft(v) }

// Slow is a page whose arrival takes its time on a slow line.
type Slow struct{}

// Render draws the page.
func (v *Slow) Render() templ.Component { return slow() }

// Build is a page that says whether its scripts are those of this server.
type Build struct {
	Name     string
	Outdated bool
}

// Mount asks.
func (v *Build) Mount(s *live.Socket, _ live.Params) error {
	v.Outdated = s.StaticChanged()
	return nil
}

// Render draws the notice.
func (v *Build) Render() templ.Component { return buildPage(v) }

// Before and After are the views of one address, before and after a deploy.
type (
	Before struct{ Build }
	After  struct{ Build }
)

// Render draws the page.
func (v *Before) Render() templ.Component { return movedPage("before") }

// Render draws the page.
func (v *After) Render() templ.Component { return movedPage("after") }

// language is the one that an address asks for, kept with the view.
var language = live.NewKey[string]("language")

// restoreLanguage runs before every mount, of the page and of the live one.
func restoreLanguage(s *live.Socket, p live.Params) error {
	language.Set(s, strings.ToLower(p.Get("language")))
	return nil
}

// Greeting greets in the language of its address.
type Greeting struct {
	Text  string
	Count int
}

// Mount knows the language from the hook.
func (v *Greeting) Mount(s *live.Socket, _ live.Params) error {
	v.Text = "Good day"
	if name, _ := language.Get(s); name == "de" {
		v.Text = "Guten Tag"
	}
	return nil
}

// Events greet again.
func (v *Greeting) Events() live.Events {
	return live.Events{"again": live.Do(func(s *live.Socket) error {
		name, _ := language.Get(s)
		v.Text += " " + name
		return nil
	})}
}

// Render draws the greeting.
func (v *Greeting) Render() templ.Component { return greeting(v) }
