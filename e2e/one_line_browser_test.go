package e2e

import (
	"slices"
	"sync"
	"testing"

	"bennu/browsertest"
	"bennu/e2e/tour"
	"bennu/live"
)

// transaction is what a test lets an app write into, and takes back.
type transaction struct {
	mu    sync.Mutex
	texts []string
}

func (x *transaction) Add(text string) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.texts = append(x.texts, text)
}

func (x *transaction) All() []string {
	x.mu.Lock()
	defer x.mu.Unlock()
	return slices.Clone(x.texts)
}

func (x *transaction) rollback() {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.texts = nil
}

// A test of an app in a browser begins with one line, and shares what the app
// writes into.
func TestTEST19BrowserInOneLine(t *testing.T) {
	t.Parallel()
	a, tx := newApp(t), new(transaction)
	a.Live("/ledger", func() live.View { return &tour.Ledger{Store: tx} })
	p := browsertest.Open(t, a.App, "/ledger")
	for _, text := range []string{"heron", "ibis"} { // the second as soon as the first is answered
		p.Fill("#text", text)
		p.Click("button", "Add")
		p.RequireElement(".entry", text)
	}
	if got := tx.All(); !slices.Equal(got, []string{"heron", "ibis"}) {
		t.Errorf("the page has written %q", got)
	}
	p.Other("/ledger").RequireText("2 entries")
	tx.rollback()
	p.Visit("/ledger")
	p.RequireText("0 entries")
	p.RefuteText("heron")
}
