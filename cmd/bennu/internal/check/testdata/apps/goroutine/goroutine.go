// Package goroutine has work that outlives its callback.
package goroutine

import (
	"context"
	"sync"

	"github.com/a-h/templ"

	"bennu/live"
)

type Page struct {
	count  int
	socket *live.Socket
	tab    *tab
	open   []tab
	draw   func(*live.Socket) templ.Component
}

type tab struct {
	name   string
	owners map[string]*live.Socket
}

var last *live.Socket

func (p *Page) Mount(s *live.Socket, _ live.Params) error {
	go p.work()
	go func() { p.say(s) }()
	go p.say(s)
	var wg sync.WaitGroup
	wg.Go(p.work) // owned: waited for below
	wg.Wait()
	return nil
}

func (p *Page) work() {
	if p.count > 0 {
		go func(s *live.Socket) {}(nil)
	}
}

func (p *Page) say(*live.Socket) {}

func (p *Page) Events() live.Events {
	return live.Events{"go": live.Do(func(s *live.Socket) error {
		go p.work()
		return nil
	}), "help": live.Do(help)}
}

func help(*live.Socket) error {
	go println()
	return nil
}

var handler = live.Do(func(*live.Socket) error {
	go println()
	return nil
})

func load(s *live.Socket) error {
	id := s.ID()
	live.Go(s, "load", func(ctx context.Context) (string, error) {
		return id + s.ID(), ctx.Err()
	}, func(s *live.Socket, _ string, err error) error {
		_ = s.ID()
		return err
	})
	return nil
}

// refresh changes the page from where nobody may.
func (p *Page) refresh(s *live.Socket) error {
	live.Go(s, "refresh", func(context.Context) (int, error) {
		p.count = 1
		p.open[0].name = "x"
		p.count++
		own := &Page{}
		own.count = 2
		n := 0
		n++
		return n, nil
	}, func(_ *live.Socket, n int, err error) error {
		p.count = n
		return err
	})
	return nil
}

// Start has nothing to do with views.
func Start() {
	go println()
	_ = func(*live.Socket) { go println() }
}

func (p *Page) Render() templ.Component { return nil }
