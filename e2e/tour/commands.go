package tour

import (
	"encoding/json"
	"slices"

	"github.com/a-h/templ"

	"bennu/js"
	"bennu/live"
)

// Commands is a page whose elements carry commands for the browser.
type Commands struct {
	Heard []string // the events, with their payloads
	Page  string
	Open  bool
}

// HandleParams notes the address.
func (v *Commands) HandleParams(_ *live.Socket, p live.Params) error {
	v.Page = p.Get("page")
	return nil
}

// Events note what comes.
func (v *Commands) Events() live.Events {
	hear := func(name string) live.Handler {
		return live.On(func(_ *live.Socket, in map[string]any) error {
			delete(in, "value") // what every button has
			text, err := json.Marshal(in)
			if err != nil {
				return err
			}
			v.Heard = append(v.Heard, name+" "+string(text))
			return nil
		})
	}
	return live.Events{
		"one": hear("one"), "two": hear("two"), "typed": hear("typed"),
		"patch": live.Do(func(*live.Socket) error { v.Open = !v.Open; return nil }),
		"order": live.Do(func(s *live.Socket) error {
			s.PushEvent("carry-out", map[string]any{"to": "#hidden-by-server", "commands": js.Hide(js.Self).Then(js.AddClass("#said", "pushed"))})
			return nil
		}),
	}
}

// Render draws the page.
func (v *Commands) Render() templ.Component { return commands(v) }

// Inbox is a live component that hears events of its own.
type Inbox struct{ Heard []int }

// Events note numbers.
func (c *Inbox) Events() live.Events {
	return live.Events{"one": live.On(func(_ *live.Socket, in struct{ N int }) error {
		c.Heard = slices.Concat(c.Heard, []int{in.N})
		return nil
	})}
}

// Render draws the component.
func (c *Inbox) Render() templ.Component { return inbox(c) }
