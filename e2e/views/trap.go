package views

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"time"

	"github.com/a-h/templ"

	"bennu"
	"bennu/live"
)

// Trap is a page on which everything goes wrong that can: by its address and by
// its events.
type Trap struct {
	N      int
	Broken bool // the render panics
}

// Mount panics if the address says so.
func (v *Trap) Mount(s *live.Socket, p live.Params) error {
	live.OnMessage(s, func(_ *live.Socket, n int) error { v.N = n; return nil })
	if p.Get("mount") == "panic" && s.Connected() {
		panic("the mount of a trap")
	}
	if p.Get("mount") == "error" && s.Connected() {
		return errors.New("the mount of a trap fails")
	}
	return nil
}

// HandleParams goes round in circles if the address says so.
func (v *Trap) HandleParams(s *live.Socket, p live.Params) error {
	if p.Has("loop") && s.Connected() {
		s.Patch("/trap?loop")
	}
	return nil
}

// Events go wrong.
func (v *Trap) Events() live.Events {
	endless := func(ctx context.Context) (int, error) { <-ctx.Done(); return 0, ctx.Err() }
	broken := func(context.Context) (int, error) { panic("the task of a trap") }
	ended := func(_ *live.Socket, n int, _ error) error { v.N += n; return nil }
	return live.Events{
		"count":   live.Do(func(*live.Socket) error { v.N++; return nil }),
		"panic":   live.Do(func(*live.Socket) error { panic("the handler of a trap") }),
		"error":   live.Do(func(*live.Socket) error { return errors.New("the handler of a trap fails") }),
		"render":  live.Do(func(*live.Socket) error { v.Broken = true; return nil }),
		"loop":    live.Do(func(s *live.Socket) error { s.Patch("/trap?loop"); return nil }),
		"push":    live.Do(func(s *live.Socket) error { s.PushEvent("odd", func() {}); return nil }),
		"endless": live.Do(func(s *live.Socket) error { live.Go(s, "endless", endless, ended); return nil }),
		"task":    live.Do(func(s *live.Socket) error { live.Go(s, "broken", broken, ended); return nil }),
		"block": live.Do(func(s *live.Socket) error { // until its client has left
			<-s.Context().Done()
			return nil
		}),
		"slow": live.Do(func(s *live.Socket) error {
			select {
			case <-s.Context().Done():
			case <-time.After(700 * time.Millisecond):
			}
			return nil
		}),
		"flood": live.Do(func(s *live.Socket) error { // more than its mailbox takes
			for i := range 5000 {
				s.Self().Send(i)
			}
			return nil
		}),
	}
}

// Render draws the page.
func (v *Trap) Render() templ.Component { return trap(v) }

// Members lets users in who have logged in and not been sent away since.
type Members struct{ in sync.Map }

// Login is for /…/{user}.
func (m *Members) Login(w http.ResponseWriter, r *http.Request) error {
	user := r.PathValue("user")
	bennu.Session(r).Renew()
	if err := bennu.SetIdentity(r, "users:"+user); err != nil {
		return err
	}
	if err := bennu.Session(r).Put("user", user); err != nil {
		return err
	}
	m.in.Store(user, true)
	return bennu.Redirect(w, r, "/trap/members")
}

// Expel sends a user away, wherever he is.
func (m *Members) Expel(app *bennu.App, user string) {
	m.in.Delete(user)
	app.Disconnect("users:" + user)
}

// Only is the mount hook of their page.
func (m *Members) Only(s *live.Socket, _ live.Params) error {
	if _, in := m.in.Load(s.Session().Get("user")); !in {
		s.Redirect("/trap")
	}
	return nil
}

// trapText is what the template shows.
func trapText(v *Trap) int {
	if v.Broken {
		panic("the render of a trap")
	}
	return v.N
}
