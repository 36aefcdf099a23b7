package livetest_test

import (
	"fmt"
	"io"
	"log/slog"
	"strings"
	"testing"

	"github.com/a-h/templ"

	"bennu"
	"bennu/live"
	"bennu/livetest"
	"bennu/token"
)

// Shelf is a page whose first state is taken over by its socket.
type Shelf struct {
	calls []string
	Books live.Stream[string]
	trace *[]string
}

var (
	shelfPage = newPage(`<p id="calls">`, `</p><button phx-click="note">note</button><ul id="books" phx-update="stream">`, `</ul>`)
	shelfBook = newElement(`<li id="`, `">`, `</li>`)
	shelfUser = live.NewKey[string]("user")
)

func (v *Shelf) note(s *live.Socket, what string) {
	v.calls = append(v.calls, what)
	*v.trace = append(*v.trace, fmt.Sprintf("%s %t", what, s.Connected()))
}

func (v *Shelf) hook(s *live.Socket, _ live.Params) error {
	*v.trace = append(*v.trace, fmt.Sprintf("hook %t", s.Connected()))
	return nil
}

func (v *Shelf) Mount(s *live.Socket, _ live.Params) error {
	v.note(s, "mount")
	v.Books.Init("books", func(b string) string { return b })
	v.Books.Append("emma", "ulysses")
	shelfUser.Set(s, "ann")
	return nil
}

func (v *Shelf) Connect(s *live.Socket) error {
	v.note(s, "connect")
	user, ok := shelfUser.Get(s)
	if !ok || user != "ann" {
		return fmt.Errorf("user %q, %t", user, ok)
	}
	live.OnMessage(s, func(_ *live.Socket, m string) error { v.Books.Append(m); return nil })
	return nil
}

func (v *Shelf) HandleParams(s *live.Socket, p live.Params) error {
	v.note(s, "params "+p.Get("q"))
	return nil
}

func (v *Shelf) Events() live.Events {
	return live.Events{"note": live.Do(func(s *live.Socket) error {
		v.note(s, "event")
		s.Self().Send("dune")
		return nil
	})}
}

func (v *Shelf) Render() templ.Component {
	books := items(shelfBook, &v.Books, func(id, title string) []any { return []any{id, title} })
	return shelfPage.with(strings.Join(v.calls, ","), books)
}

func shelfApp(trace *[]string) *bennu.App {
	app := bennu.New(bennu.Options{SecretKeyBase: token.NewSecret(), Logger: slog.New(slog.NewTextHandler(io.Discard, nil))})
	newShelf := func() live.View { return &Shelf{trace: trace} }
	app.Live("/shelf", newShelf, bennu.OnMount((&Shelf{trace: trace}).hook))
	return app
}

func TestFirstStateIsTakenOver(t *testing.T) {
	t.Parallel()
	var trace []string
	v := livetest.Mount(t, shelfApp(&trace), "/shelf?q=1")
	v.RequireText("mount,params 1,connect")
	if got, want := strings.Join(trace, "; "), "hook false; mount false; params 1 false; hook true; connect true"; got != want {
		t.Errorf("callbacks %s, want %s", got, want)
	}
	v.Element("button").Click()
	v.RequireText("mount,params 1,connect,event")
	v.RequireText("ulysses")
	v.RequireText("dune")

	trace = nil
	v.Disconnect()
	v.Rejoin() // the state was for one join
	v.RequireText("mount,params 1,connect")
	if got, want := strings.Join(trace, "; "), "hook true; mount true; params 1 true; connect true"; got != want {
		t.Errorf("callbacks of the second join %s, want %s", got, want)
	}
}
