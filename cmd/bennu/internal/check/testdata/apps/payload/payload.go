// Package payload has values of attributes with and without a field.
package payload

import (
	"net/url"
	"time"

	"github.com/a-h/templ"

	"bennu/live"
)

type Page struct{}

type step struct {
	Number int
	By     *big
	hidden string
	Secret string `form:"-"`
}

type big struct{ ID int }

type base struct{ UserID int }

type choice struct {
	base
	ID   int       `form:",required"`
	Row  string    `form:"row_nr"`
	Col  string    `form:"colNr"`
	When time.Time `form:"when,required"`
}

type key struct {
	Key  string `form:",required"`
	Code int    `form:",required"`
}

type older struct {
	ID string `form:",required"`
}

type text string

func (p *Page) Events() live.Events {
	return live.Events{
		"step":   live.On(p.step),
		"choose": live.On(func(*live.Socket, choice) error { return nil }),
		"key":    live.On(func(*live.Socket, *key) error { return nil }),
		"older":  live.On(func(*live.Socket, older) error { return nil }),
		"any":    live.On(func(*live.Socket, map[string]any) error { return nil }),
		"query":  live.On(func(*live.Socket, url.Values) error { return nil }),
		"none":   live.Do(func(*live.Socket) error { return nil }),
		"inline": live.On(func(_ *live.Socket, in struct{}) error { return nil }),
		"built":  built(),
		"stored": stored,
		"unread": unread[0],
	}
}

func (p *Page) step(*live.Socket, step) error { return nil }

func built() live.Handler { return live.On(func(*live.Socket, big) error { return nil }) }

var stored = live.On(func(*live.Socket, big) error { return nil })

var unread = []live.Handler{stored}

func (p *Page) Render() templ.Component { return page() }
