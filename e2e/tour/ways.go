package tour

import (
	"net/http"

	"github.com/a-h/templ"

	"bennu"
	"bennu/live"
)

// Ways enters pages that lead to each other in every way, and to another site.
func Ways(app *bennu.App, elsewhere string) {
	member := func() live.View { return new(Member) }
	app.LiveSession("ways", func(g *bennu.Group) {
		g.Live("/ways/tall", func() live.View { return &Tall{Elsewhere: elsewhere} }, bennu.Title("Tall"))
		g.Live("/ways/house/{id}", func() live.View { return new(Place) }, bennu.Title("House"))
		g.Live("/ways/me", member, bennu.Title("Me"), bennu.OnMount(func(s *live.Socket, _ live.Params) error {
			if s.Session().Get("name") == "" {
				s.PutFlash(live.Info, "who are you?")
				s.Redirect("/ways/door")
			}
			return nil
		}))
	})
	app.LiveSession("ways-admin", func(g *bennu.Group) {
		g.Live("/ways/desk", member, bennu.Title("Desk"))
	}, bennu.WithRootLayout(deskRoot), bennu.OnMount(func(s *live.Socket, _ live.Params) error {
		tenant.Set(s, "acme")
		return nil
	}))
	app.Live("/ways/door", func() live.View { return new(Outside) }, bennu.Title("Door"))
	app.Get("/ways/login/{name}", func(w http.ResponseWriter, r *http.Request) error {
		if err := bennu.Session(r).Put("name", r.PathValue("name")); err != nil {
			return err
		}
		return bennu.Redirect(w, r, "/ways/me")
	})
}

// tenant is a value that the pages of a live session share.
var tenant = live.NewKey[string]("tenant")

// Tall is a page on which one has to scroll.
type Tall struct{ Page, Elsewhere string }

// HandleParams shows the address.
func (v *Tall) HandleParams(_ *live.Socket, p live.Params) error { v.Page = p.Get("page"); return nil }

// Events lead away.
func (v *Tall) Events() live.Events {
	return live.Events{
		"patch": live.Do(func(s *live.Socket) error { s.Patch("/ways/tall?page=3"); return nil }),
		"leave": live.Do(func(s *live.Socket) error {
			s.PushEvent("leaving", map[string]string{"from": "tall"})
			s.Redirect("/ways/door")
			return nil
		}),
		"abroad": live.Do(func(s *live.Socket) error { s.RedirectExternal(v.Elsewhere); return nil }),
	}
}

// Render draws the page.
func (v *Tall) Render() templ.Component { return tall(v) }

// Place is a page with a parameter in its path and one in its query.
type Place struct{ ID, X string }

// Mount takes both.
func (v *Place) Mount(_ *live.Socket, p live.Params) error {
	v.ID, v.X = p.Get("id"), p.Get("x")
	return nil
}

// Render draws the page.
func (v *Place) Render() templ.Component { return place(v) }

// Member is a page for somebody whom the session knows: a skeleton at first, and
// all of it when it lives.
type Member struct {
	Name, Tenant string
	Live         bool
}

// Mount asks the session, and the hook that ran before.
func (v *Member) Mount(s *live.Socket, _ live.Params) error {
	v.Name, v.Live = s.Session().Get("name"), s.Connected()
	v.Tenant, _ = tenant.Get(s)
	return nil
}

// Render draws the page.
func (v *Member) Render() templ.Component { return member(v) }
