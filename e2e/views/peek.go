package views

import (
	"log/slog"

	"github.com/a-h/templ"

	"bennu/live"
)

// Peek is a view that logs its Socket to learn its shape, and that holds what
// does not belong in a log.
type Peek struct {
	Step     int
	Word     string `bennu:"redact"`
	APIToken string // secret by its name
	Card     Card
	Cards    []Card
	Log      *slog.Logger
}

// Card is state inside of state.
type Card struct {
	Holder string
	Number string `bennu:"redact"`
	Issuer *Issuer
}

// Issuer is one level deeper.
type Issuer struct {
	Name     string
	Pin      string `bennu:"redact"`
	Password string
}

// Mount logs the socket.
func (p *Peek) Mount(s *live.Socket, params live.Params) error {
	p.Word, p.APIToken = "hunter2-word", "hunter2-token"
	p.Card = Card{Holder: "ann", Number: "hunter2-number", Issuer: &Issuer{Name: "bank", Pin: "hunter2-pin", Password: "hunter2-password"}}
	p.Cards = []Card{p.Card}
	p.Log.InfoContext(s.Context(), "peek", "socket", s)
	return nil
}

type signIn struct {
	User struct{ Name, Password string }
}

// Events are forms with secrets in them.
func (p *Peek) Events() live.Events {
	return live.Events{
		"sign in": live.On(func(_ *live.Socket, in signIn) error {
			p.Word, p.Card.Issuer.Password = in.User.Password, in.User.Password
			p.Card.Holder = in.User.Name
			return nil
		}),
		"pay": live.On(func(_ *live.Socket, in struct{ Amount, CardNumber int }) error {
			p.Step += in.Amount
			return nil
		}),
	}
}

// Render draws the page.
func (p *Peek) Render() templ.Component { return peek(p) }
