package livetest_test

import (
	"fmt"
	"io"
	"sync"
	"testing"

	"github.com/a-h/templ"

	"bennu"
	"bennu/live"
	"bennu/livetest"
)

// ledger is what all pages share. Its lock is the program's own: the runtime
// keeps the callbacks of one view apart, not those of two.
type ledger struct {
	mu  sync.Mutex
	sum int
}

func (l *ledger) add(n int) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.sum += n
	return l.sum
}

// Booking is a page that writes into the ledger.
type Booking struct {
	of   *ledger
	Mine int
	Sum  int
}

var bookingPage = newPage(`<p>`, ` of `, `</p><button phx-click="book">book</button>`)

func (b *Booking) Events() live.Events {
	return live.Events{"book": live.Do(func(*live.Socket) error {
		b.Mine++ // nobody else's
		b.Sum = b.of.add(1)
		return nil
	})}
}

func (b *Booking) Render() templ.Component { return bookingPage.with(b.Mine, b.Sum) }

// Faults, row 90: views run side by side, in tests as in the server, so that the
// race detector sees state that they share without a lock.
func TestFault90ViewsShareStateByALock(t *testing.T) {
	t.Parallel()
	const pages, clicks = 8, 10
	l := new(ledger)
	app := newApp(io.Discard, bennu.Options{})
	app.Live("/booking", func() live.View { return &Booking{of: l} })
	t.Run("pages", func(t *testing.T) {
		for i := range pages {
			t.Run(fmt.Sprint(i), func(t *testing.T) {
				t.Parallel()
				v := livetest.Mount(t, app, "/booking")
				for range clicks {
					v.Element("button", "book").Click()
				}
				v.RequireText(fmt.Sprintf("%d of ", clicks))
			})
		}
	})
	if got := l.add(0); got != pages*clicks {
		t.Errorf("%d bookings, want %d", got, pages*clicks)
	}
}
