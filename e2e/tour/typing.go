package tour

import (
	"github.com/a-h/templ"

	"bennu/live"
)

// Typing has forms whose fields are components: one that follows what is typed,
// and one that does not.
type Typing struct{ First, Second, Said string }

type written struct{ First, Second string }

// Events are those of the two forms.
func (v *Typing) Events() live.Events {
	return live.Events{
		"typed": live.On(func(_ *live.Socket, in written) error { v.First, v.Second = in.First, in.Second; return nil }),
		"send":  live.On(func(_ *live.Socket, in written) error { v.Said = in.First + ", " + in.Second; return nil }),
		"once":  live.On(func(_ *live.Socket, in struct{ Once string }) error { v.Said = in.Once; return nil }),
	}
}

// Render draws the page.
func (v *Typing) Render() templ.Component { return typing(v) }

// Asker is a live component that is a form.
type Asker struct{}

// Events take the form and change nothing.
func (a *Asker) Events() live.Events {
	return live.Events{"ask": live.Do(func(*live.Socket) error { return nil })}
}

// Render draws the form.
func (a *Asker) Render() templ.Component { return asker() }
