package tour

import (
	"errors"

	"github.com/a-h/templ"

	"bennu"
	"bennu/live"
)

// Notices enters a page in a layout with the messages of package kit, and the
// notices that the client shows by itself.
func Notices(app *bennu.App) {
	app.LiveSession("notices", func(g *bennu.Group) {
		g.Live("/notices", func() live.View { return new(Noticed) })
	}, bennu.WithLayout(noticeLayout))
}

// Noticed is a page that says something, and crashes.
type Noticed struct{ N int }

// Events do both.
func (v *Noticed) Events() live.Events {
	return live.Events{
		"say":   live.Do(func(s *live.Socket) error { v.N++; s.PutFlash(live.Info, "well said"); return nil }),
		"crash": live.Do(func(*live.Socket) error { return errors.New("nobody knows why") }),
	}
}

// Render draws the page.
func (v *Noticed) Render() templ.Component { return noticed(v) }
