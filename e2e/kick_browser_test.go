package e2e

import (
	"net/http"
	"sync"
	"testing"
	"time"

	"bennu"
	"bennu/e2e/views"
	"bennu/live"
)

// A user who logs out everywhere: the second browser is at the login at once,
// though its signed cookie is as good as before, because the mount hook asks for
// the login that the session names.
func TestFault14KickedOutInChromium(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	var logins sync.Map // what the server can take back, by user
	a.Get("/login", func(w http.ResponseWriter, r *http.Request) error {
		_, err := w.Write([]byte("who are you?"))
		return err
	})
	a.Get("/login/{user}", func(w http.ResponseWriter, r *http.Request) error {
		user := r.PathValue("user")
		bennu.Session(r).Renew()
		if err := bennu.SetIdentity(r, "users:"+user); err != nil {
			return err
		}
		if err := bennu.Session(r).Put("user", user); err != nil {
			return err
		}
		logins.Store(user, true)
		return bennu.Redirect(w, r, "/members")
	})
	a.Live("/members", func() live.View { return new(views.Other) }, bennu.OnMount(func(s *live.Socket, _ live.Params) error {
		if _, good := logins.Load(s.Session().Get("user")); !good {
			s.Redirect("/login")
		}
		return nil
	}))
	enter := func(user string) *tab {
		p := newTab(t)
		p.visit(a.url + "/login/" + user)
		return p
	}
	phone, desk, bob := enter("ann"), enter("ann"), enter("bob")
	logins.Delete("ann")
	start := time.Now()
	if n := a.Disconnect("users:ann"); n != 2 {
		t.Errorf("Disconnect closed %d sockets, want ann's two", n)
	}
	for _, p := range []*tab{phone, desk} {
		p.wait(`location.pathname === "/login" && document.body.innerText === "who are you?"`)
		t.Logf("out after %v", time.Since(start))
	}
	bob.same(`location.pathname + " " + !!document.querySelector(".phx-connected")`, "/members true")
	desk.open(a.url + "/members")
	desk.same(`location.pathname`, "/login")
}
