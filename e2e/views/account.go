package views

import (
	"errors"
	"net/http"

	"github.com/a-h/templ"

	"bennu"
	"bennu/live"
)

// Account is the page of one user, for whom the notes of others do not exist.
type Account struct {
	User  string
	Notes map[string]string // by their ids, of this user alone
	Alert string
}

// notes is everybody's, by user and id.
var notes = map[string]map[string]string{
	"ann": {"1": "buy reeds"},
	"bob": {"2": "feed the heron"},
}

// Mount looks whose page is asked for, and by whom.
func (a *Account) Mount(s *live.Socket, params live.Params) error {
	user := s.Session().Get("user")
	if user == "" || params.Get("user") != user {
		return bennu.Status(http.StatusNotFound, errors.New("no account of this visitor"))
	}
	a.User, a.Notes = user, make(map[string]string)
	for id, text := range notes[user] {
		a.Notes[id] = text
	}
	return nil
}

// Events are what one can do to a note.
func (a *Account) Events() live.Events {
	return live.Events{"rewrite": live.On(a.rewrite)}
}

// rewrite changes a note. The id comes from outside: it is looked up among
// what this user has.
func (a *Account) rewrite(_ *live.Socket, in struct{ ID, Text string }) error {
	a.Alert = ""
	if _, mine := a.Notes[in.ID]; !mine {
		a.Alert = "not found"
		return nil
	}
	a.Notes[in.ID] = in.Text
	return nil
}

// Render draws the page.
func (a *Account) Render() templ.Component { return account(a) }

// SignIn is a handler that makes the visitor the user whom the path names.
func SignIn(w http.ResponseWriter, r *http.Request) error {
	session := bennu.Session(r)
	session.Renew()
	if err := session.Put("user", r.PathValue("user")); err != nil {
		return err
	}
	return bennu.Redirect(w, r, "/accounts/"+r.PathValue("user"))
}
