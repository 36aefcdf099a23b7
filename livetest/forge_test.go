package livetest_test

import (
	"errors"
	"io"
	"net/url"
	"strings"
	"testing"

	"github.com/a-h/templ"

	"bennu"
	"bennu/live"
	"bennu/livetest"
	"bennu/render"
)

// Vault is a page that only its owner may change, with a drawer in it.
type Vault struct{ Text string }

var (
	vaultPage  = newPage(`<p id="text">`, `</p><form id="f" phx-change="none"><input name="text" disabled></form>`, ``)
	drawerPage = newElement(`<div id="drawer"><b>`, `</b></div>`)
)

func (v *Vault) Events() live.Events {
	return live.Events{
		"write": live.On(func(s *live.Socket, in struct{ Text, As string }) error {
			if in.As != "owner" {
				return errors.New("this is somebody else's")
			}
			v.Text = in.Text
			s.Reply(map[string]string{"wrote": in.Text})
			return nil
		}),
		"refuse": live.Do(func(s *live.Socket) error { s.PutFlash(live.Error, "no"); return nil }),
	}
}

func (v *Vault) Render() templ.Component {
	return vaultPage.with(v.Text, func(w *render.Writer, slot int) error {
		return w.Comp(slot, live.Component[Drawer]("d", nil))
	})
}

// Drawer is a live component.
type Drawer struct{ Text string }

func (d *Drawer) Events() live.Events {
	return live.Events{"put": live.On(func(_ *live.Socket, in struct{ Text string }) error { d.Text = in.Text; return nil })}
}

func (d *Drawer) Render() templ.Component { return drawerPage.with(d.Text) }

// Faults, row 63: whatever a user makes of a page's attributes and fields can be
// sent in a test, to the view and to a component.
func TestFault63ForgedEvents(t *testing.T) {
	t.Parallel()
	app := newApp(io.Discard, bennu.Options{})
	app.Live("/vault", func() live.View { return new(Vault) })
	v := livetest.Mount(t, app, "/vault")
	if f := v.Forge("write", map[string]string{"text": "mine", "as": "owner"}); f.Crashed || !f.Changed || string(f.Reply) != `{"wrote":"mine"}` {
		t.Errorf("the owner's event: %+v, want a change and a reply", f)
	}
	// A form, of fields that the page has disabled or does not have.
	if f := v.Forge("write", url.Values{"text": {"a form"}, "as": {"owner"}}); f.Crashed || !f.Changed || v.Element("#text").Text() != "a form" {
		t.Errorf("the owner's form: %+v, want a change", f)
	}
	if f := v.Forge("refuse", nil); f.Crashed || f.Changed || f.Reply != nil {
		t.Errorf("an event that is refused: %+v, want nothing", f)
	}
	for event, payload := range map[string]any{"write": url.Values{"text": {"x"}, "as": {"guest"}}, "delete everything": nil, "": []int{1}, "put": map[string]string{"text": "of the drawer"}} {
		if f := v.Forge(event, payload); !f.Crashed || f.Changed {
			t.Errorf("%q: %+v, want a crash", event, f)
		}
		v.Rejoin()
	}
	if f := v.Element("#drawer b").Forge("put", map[string]string{"text": "in the drawer"}); f.Crashed || !f.Changed {
		t.Errorf("the drawer's event: %+v, want a change", f)
	}
	v.RequireText("in the drawer")
	if f := v.Element("#drawer").Forge("write", map[string]string{"as": "owner"}); !f.Crashed {
		t.Errorf("the view's event at the drawer: %+v, want a crash", f)
	}
	v.Rejoin()
	// Other crashes still fail a test.
	failed := livetest.FailureOf(t, func(t testing.TB) { livetest.Mount(t, app, "/vault").Event("delete everything", nil) })
	if !strings.Contains(failed, "delete everything") {
		t.Errorf("Event that nobody takes: %q", failed)
	}
	if failed := livetest.FailureOf(t, func(t testing.TB) { livetest.Mount(t, app, "/vault").Forge("x", func() {}) }); !strings.Contains(failed, `forged event "x": payload`) {
		t.Errorf("Forge of a function: %q", failed)
	}
}
