// Package todo is the page of a todo list: forms, filters that are addresses,
// and mistakes that are state.
package todo

import (
	"github.com/a-h/templ"

	"bennu/live"
)

// Page is a visitor's list, and the forms above it and in it.
type Page struct {
	List
	Filter string // from the address: "open", "done", "" for all

	New     Field
	Editing int // the id of the item that is being edited, 0 for none
	Edit    Field
}

// Field is an input: what is written in it, and what is wrong with that. Since
// it follows what is typed, emptying it after a submission is a change, which
// the browser gets to see.
type Field struct{ Text, Mistake string }

// Mount writes the first things down.
func (p *Page) Mount(*live.Socket, live.Params) error {
	for _, text := range []string{"Land on the first stone", "Cry once", "Set time going"} {
		p.add(text)
	}
	p.toggle(1)
	return nil
}

// HandleParams takes the filter from the address: at first, and whenever a
// filter's link or the back button changes it.
func (p *Page) HandleParams(_ *live.Socket, params live.Params) error {
	p.Filter = params.Get("show")
	return nil
}

// item is what the buttons of an item send along.
type item struct{ ID int }

// typed is what a form brings.
type typed struct{ Text string }

// Events are the forms and buttons of the page.
func (p *Page) Events() live.Events {
	return live.Events{
		"draft":   live.On(func(_ *live.Socket, in typed) error { p.New = Field{Text: in.Text}; return nil }),
		"redraft": live.On(func(_ *live.Socket, in typed) error { p.Edit = Field{Text: in.Text}; return nil }),
		"add":     live.On(p.added),
		"toggle":  live.On(func(_ *live.Socket, i item) error { p.toggle(i.ID); return nil }),
		"remove":  live.On(func(_ *live.Socket, i item) error { p.remove(i.ID); return nil }),
		"clear":   live.Do(func(*live.Socket) error { p.clear(); return nil }),
		"edit":    live.On(p.edit),
		"rename":  live.On(p.renamed),
		"cancel":  live.Do(func(*live.Socket) error { p.Editing = 0; return nil }),
	}
}

func (p *Page) added(_ *live.Socket, in typed) error {
	p.New = Field{in.Text, p.add(in.Text)}
	if p.New.Mistake == "" {
		p.New.Text = ""
	}
	return nil
}

func (p *Page) edit(_ *live.Socket, it item) error {
	if i := p.index(it.ID); i >= 0 {
		p.Editing, p.Edit = it.ID, Field{Text: p.Items[i].Text}
	}
	return nil
}

func (p *Page) renamed(_ *live.Socket, in typed) error {
	p.Edit = Field{in.Text, p.rename(p.Editing, in.Text)}
	if p.Edit.Mistake == "" {
		p.Editing = 0
	}
	return nil
}

// focusFirst is a command to the browser.
const focusFirst = `[["focus_first", {}]]`

// Render draws the page.
func (p *Page) Render() templ.Component { return page(p) }
