package tour

import (
	"errors"

	"github.com/a-h/templ"

	"bennu/live"
)

// Tally is a live island: it counts by the step that it is given.
type Tally struct{ N, Step int }

// Mount takes the step.
func (v *Tally) Mount(s *live.Socket, _ live.Params) error { return s.Given(&v.Step) }

// Events count and crash.
func (v *Tally) Events() live.Events {
	return live.Events{
		"more":  live.Do(func(*live.Socket) error { v.N += v.Step; return nil }),
		"crash": live.Do(func(*live.Socket) error { return errors.New("miscounted") }),
	}
}

// Render draws the count.
func (v *Tally) Render() templ.Component { return tally(v) }

// Framed is a page in an element of its own choice.
type Framed struct {
	Class, Other, From string
	Outdated           bool
}

// Container is a main with or without a class.
func (v *Framed) Container() live.Container {
	if v.Class == "" {
		return live.Container{Tag: "main"}
	}
	return live.Container{Tag: "main", Attrs: map[string]string{"class": v.Class}}
}

// Mount asks where the user comes from, and whether the page is of this build.
func (v *Framed) Mount(s *live.Socket, _ live.Params) error {
	v.Outdated, v.From = s.StaticChanged(), s.Referer()
	return nil
}

// Render draws the page.
func (v *Framed) Render() templ.Component { return framed(v) }
