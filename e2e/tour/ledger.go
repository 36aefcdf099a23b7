package tour

import (
	"github.com/a-h/templ"

	"bennu/live"
)

// Store is what a Ledger is written into.
type Store interface {
	Add(text string)
	All() []string
}

// Ledger is a page over a store, which a test may give it.
type Ledger struct {
	Store Store
	Texts []string
}

// Mount reads the store.
func (v *Ledger) Mount(*live.Socket, live.Params) error { v.Texts = v.Store.All(); return nil }

// Events write into it.
func (v *Ledger) Events() live.Events {
	return live.Events{"add": live.On(func(_ *live.Socket, in struct{ Text string }) error {
		v.Store.Add(in.Text)
		v.Texts = v.Store.All()
		return nil
	})}
}

// Render draws the page.
func (v *Ledger) Render() templ.Component { return ledger(v) }
