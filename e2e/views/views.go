// Package views has the pages that the protocol's rules are tried on.
package views

import (
	"errors"
	"fmt"
	"net/http"
	"sync"

	"github.com/a-h/templ"

	"bennu"
	"bennu/live"
)

// Page is a view that does what its address and its events ask for.
type Page struct {
	Text   string
	Raw    string // the last payload as it was decoded
	Tag    string // a connect parameter
	Gate   *Gate
	Called *Called
}

// Called counts what a test wants to know was called, or was not.
type Called struct {
	mu     sync.Mutex
	counts map[string]int
}

func (c *Called) add(what string) {
	if c == nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.counts == nil {
		c.counts = make(map[string]int)
	}
	c.counts[what]++
}

// Count is how often something was called.
func (c *Called) Count(what string) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.counts[what]
}

// Gate holds a handler up until the test opens it.
type Gate struct{ Entered, Open chan struct{} }

// Mount fails as the parameter "mount" says.
func (p *Page) Mount(s *live.Socket, params live.Params) error {
	p.Called.add("mount")
	p.Text = params.Get("text")
	p.Tag = s.ConnectParam("tag")
	switch params.Get("mount") {
	case "missing":
		return bennu.Status(http.StatusNotFound, errors.New("no such thing"))
	case "error":
		return errors.New("the store is away")
	case "panic":
		panic("mount")
	case "live panic":
		if s.Connected() {
			panic("mount of a connected view")
		}
	case "live missing":
		if s.Connected() {
			return bennu.Status(http.StatusNotFound, errors.New("gone since the page was drawn"))
		}
	}
	return nil
}

type form struct {
	Name string
	Tags []string
	Age  int
}

type submitted struct {
	User form
}

// Events are the events of the tests.
func (p *Page) Events() live.Events {
	return live.Events{
		"set":  live.On(func(_ *live.Socket, in struct{ Text string }) error { p.Text = in.Text; return nil }),
		"form": live.On(p.form),
		"any": live.On(func(_ *live.Socket, in map[string]any) error {
			p.Raw = fmt.Sprint(in)
			return nil
		}),
		"wait": live.Do(func(s *live.Socket) error {
			p.Gate.Entered <- struct{}{}
			select {
			case <-p.Gate.Open:
			case <-s.Context().Done():
			}
			return nil
		}),
		"lv:mine": live.Do(func(*live.Socket) error { p.Called.add("lv:mine"); return nil }),
		"panic":   live.Do(func(*live.Socket) error { panic("handler") }),
	}
}

func (p *Page) form(s *live.Socket, in submitted) error {
	p.Raw = fmt.Sprintf("%+v %d", in.User, len(s.FormErrors()))
	return nil
}

// Render draws the page.
func (p *Page) Render() templ.Component { return page(p) }

// Other is a second view.
type Other struct{}

// Render draws the second view.
func (o *Other) Render() templ.Component { return other() }

// Root is the layout of the tests.
func Root(p bennu.Page) templ.Component { return root(p) }
