package tour

import (
	"context"
	"errors"
	"fmt"

	"github.com/a-h/templ"

	"bennu"
	"bennu/live"
)

// Rows enters pages of streams: one to write into, one of lists in a list, one
// whose items come later.
func Rows(app *bennu.App) {
	app.Live("/rows/notes", func() live.View { return new(Jotter) })
	app.Live("/rows/boards", func() live.View { return new(Boards) })
	app.Live("/rows/later", func() live.View { return new(Later) })
}

// Jotter is a stream whose items have fields.
type Jotter struct {
	Items live.Stream[Line]
	next  int
}

// Mount puts three there.
func (v *Jotter) Mount(*live.Socket, live.Params) error {
	v.Items.Init("notes", func(l Line) string { return l.ID })
	for range 3 {
		v.Items.Append(v.new())
	}
	return nil
}

func (v *Jotter) new() Line {
	v.next++
	return Line{fmt.Sprint(v.next), fmt.Sprint("note ", v.next)}
}

// Events change the stream.
func (v *Jotter) Events() live.Events {
	do := func(f func()) live.Handler { return live.Do(func(*live.Socket) error { f(); return nil }) }
	return live.Events{
		"top":    do(func() { v.Items.Prepend(v.new()) }),
		"second": do(func() { v.Items.Insert(1, 0, v.new()) }),
		"update": do(func() { v.Items.Append(Line{"2", "second note"}) }),
		"delete": live.On(func(_ *live.Socket, in struct{ ID string }) error { v.Items.DeleteID(in.ID); return nil }),
		"refill": do(func() { v.Items.Reset(Line{"3", "note 3"}, Line{"2", "note 2"}, v.new()) }),
		"clear":  do(func() { v.Items.Reset() }),
	}
}

// Render draws the page.
func (v *Jotter) Render() templ.Component { return jotter(v) }

// Boards is a stream of components with a stream in each.
type Boards struct{ Names live.Stream[string] }

// Mount puts two boards there.
func (v *Boards) Mount(*live.Socket, live.Params) error {
	v.Names.Init("boards", func(name string) string { return name })
	v.Names.Append("a", "b")
	return nil
}

// Render draws the page.
func (v *Boards) Render() templ.Component { return boards(v) }

// Board is a list in the list.
type Board struct {
	Name  string
	Cards live.Stream[string]
	round int
}

// Update fills a new board.
func (c *Board) Update(*live.Socket) error {
	if c.round == 0 {
		c.Cards.Init("cards-"+c.Name, func(card string) string { return card })
		c.fill()
	}
	return nil
}

func (c *Board) fill() {
	c.round++
	c.Cards.Reset(fmt.Sprint(c.Name, c.round, "x"), fmt.Sprint(c.Name, c.round, "y"))
}

// Events change this board alone.
func (c *Board) Events() live.Events {
	return live.Events{
		"reset":  live.Do(func(*live.Socket) error { c.fill(); return nil }),
		"update": live.Do(func(*live.Socket) error { c.Cards.Update("nobody"); return nil }),
	}
}

// Render draws the board.
func (c *Board) Render() templ.Component { return board(c) }

// Later is a stream whose items are on their way until they are let through.
type Later struct {
	Items   live.Stream[Line]
	State   string
	release chan error
}

// Mount has one item, so that there is something to lose.
func (v *Later) Mount(*live.Socket, live.Params) error {
	v.Items.Init("later", func(l Line) string { return l.ID })
	v.Items.Append(Line{"first", "first"})
	return nil
}

// Events begin to load, and let what is loaded through.
func (v *Later) Events() live.Events {
	let := func(err error) live.Handler {
		return live.Do(func(*live.Socket) error { v.release <- err; return nil })
	}
	return live.Events{"load": live.Do(v.load), "come": let(nil), "fail": let(errors.New("the source is away"))}
}

func (v *Later) load(s *live.Socket) error {
	v.State, v.release = "loading", make(chan error, 1)
	release := v.release
	live.Go(s, "rows", func(ctx context.Context) ([]Line, error) {
		select {
		case err := <-release:
			return []Line{{"1", "one"}, {"2", "two"}}, err
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}, v.came)
	return nil
}

func (v *Later) came(_ *live.Socket, lines []Line, err error) error {
	if err != nil {
		v.State = err.Error()
		return nil
	}
	v.State = "here"
	v.Items.Append(lines...)
	return nil
}

// Render draws the page.
func (v *Later) Render() templ.Component { return later(v) }
