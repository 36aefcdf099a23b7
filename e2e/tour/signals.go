package tour

import (
	"context"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/a-h/templ"

	"bennu"
	"bennu/live"
)

// Watched is what tests see of views whose pages may be gone.
type Watched struct {
	Ticks atomic.Int64 // of the clocks

	mu    sync.Mutex
	tasks []string
}

// Task notes what became of a view's background work.
func (w *Watched) Task(what string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.tasks = append(w.tasks, what)
}

// Tasks is what became of the background work so far.
func (w *Watched) Tasks() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return strings.Join(w.tasks, ", ")
}

// Signals enters pages about what goes between a view and its page's script,
// and about what ends with a view.
func Signals(app *bennu.App, w *Watched) {
	app.Nested("ticker", func() live.View { return &Ticker{Watched: w, Inner: 1} })
	app.Nested("inmost", func() live.View { return &Ticker{Watched: w} })
	app.LiveSession("signals", func(g *bennu.Group) {
		g.Live("/signals", func() live.View { return new(Signal) })
		g.Live("/signals/hook", func() live.View { return &Signal{Asks: true} })
		g.Live("/signals/clock", func() live.View { return &Ticker{Watched: w, Leads: true} })
		g.Live("/signals/nest", func() live.View { return &Ticker{Watched: w, Inner: 2} })
		g.Live("/signals/quiet", func() live.View { return new(Signal) }, bennu.LogLevel(slog.LevelDebug))
	})
}

// Signal is a page that talks to its script.
type Signal struct {
	N    int
	Asks bool // by a hook
	Once live.Temp[string]
}

// Mount has something to show once.
func (v *Signal) Mount(*live.Socket, live.Params) error { v.Once.Set("shown once"); return nil }

// Events push to the page, and answer it.
func (v *Signal) Events() live.Events {
	return live.Events{
		"score": live.Do(func(s *live.Socket) error {
			v.N++
			s.PushEvent("scores", map[string]int{"n": v.N})
			return nil
		}),
		"early": live.Do(func(s *live.Socket) error {
			v.N++
			s.PushEvent("scores", map[string]int{"n": v.N}, live.BeforePatch)
			return nil
		}),
		"double": live.On(func(s *live.Socket, in struct{ N int }) error {
			s.Reply(map[string]int{"twice": 2 * in.N})
			return nil
		}),
		"count": live.Do(func(*live.Socket) error { v.N++; return nil }),
		"once":  live.Do(func(*live.Socket) error { v.Once.Set("shown again"); return nil }),
	}
}

// Render draws the page.
func (v *Signal) Render() templ.Component { return signal(v) }

// Ticker is a clock with a task that runs as long as it does, and perhaps with
// another one inside.
type Ticker struct {
	*Watched
	N, Inner int
	Leads    bool // to other pages
}

// Mount starts both.
func (v *Ticker) Mount(s *live.Socket, _ live.Params) error {
	live.Every(s, 10*time.Millisecond, func(*live.Socket) error {
		v.N++
		v.Ticks.Add(1)
		return nil
	})
	live.Go(s, "query", func(ctx context.Context) (string, error) {
		v.Task("begun")
		<-ctx.Done()
		v.Task(ctx.Err().Error())
		return "", ctx.Err()
	}, func(*live.Socket, string, error) error { return nil })
	return nil
}

// Render draws the clock.
func (v *Ticker) Render() templ.Component { return ticker(v) }
