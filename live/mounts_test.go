package live

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/a-h/templ"
)

// slowMount mounts when it is let.
type slowMount struct {
	gate chan struct{}
	in   func(int)
}

func (m slowMount) Mount(*Socket, Params) error { m.in(1); <-m.gate; m.in(-1); return nil }
func (slowMount) Render() templ.Component       { return new(counter).Render() }

// Faults, row 96: a crowd that comes at once mounts a few at a time, and pages
// that wait for too long are answered with 503.
func TestFault96MountsAreLimited(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rt := &Runtime{Log: slog.New(slog.DiscardHandler), Mounts: 3}
		gate := make(chan struct{})
		var mu sync.Mutex
		now, most := 0, 0
		view := slowMount{gate, func(n int) {
			mu.Lock()
			defer mu.Unlock()
			now += n
			most = max(most, now)
		}}
		processes := make([]*Process, 20)
		for i := range processes {
			processes[i] = rt.Start(new(tapeOut), func() (Spec, error) { return Spec{View: view, ID: fmt.Sprint(i)}, nil })
		}
		synctest.Wait()
		if now != 3 {
			t.Errorf("%d views mount at a time, want 3", now)
		}

		// The joins' crowd keeps no page waiting; one of pages does.
		if _, err := rt.Static(context.Background(), Spec{View: new(counter)}, nil, nil); err != nil {
			t.Errorf("a page while views mount: %v", err)
		}
		pages := make(chan error)
		for range 3 {
			go func() {
				_, err := rt.Static(context.Background(), Spec{View: slowMount{gate, func(int) {}}}, nil, nil)
				pages <- err
			}()
		}
		synctest.Wait()
		start := time.Now()
		_, err := rt.Static(context.Background(), Spec{View: new(counter)}, nil, nil)
		if code, _ := status(err); code != http.StatusServiceUnavailable || time.Since(start) != pagePatience {
			t.Errorf("a page: %v after %v, want 503 after %v", err, time.Since(start), pagePatience)
		}
		var again interface{ RetryAfter() time.Duration }
		if !errors.As(err, &again) || again.RetryAfter() <= 0 {
			t.Errorf("%v says nothing of when to come again", err)
		}
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		if _, err := rt.Static(ctx, Spec{View: new(counter)}, nil, nil); !errors.Is(err, context.Canceled) {
			t.Errorf("a page that nobody waits for: %v, want the context's error", err)
		}

		// Who leaves while waiting leaves the line.
		for _, p := range processes[10:] {
			p.Stop(Left)
		}
		synctest.Wait()
		if n := rt.Views(); n < 10 || n > 13 { // those who mount may be among the ten
			t.Errorf("%d views after ten have left, want about 10", n)
		}
		close(gate)
		for range 3 {
			if err := <-pages; err != nil {
				t.Errorf("a slow page: %v", err)
			}
		}
		synctest.Wait()
		if most != 3 {
			t.Errorf("%d views mounted at a time, want 3", most)
		}
		if _, err := rt.Static(context.Background(), Spec{View: new(counter)}, nil, nil); err != nil {
			t.Errorf("a page after the crowd: %v", err)
		}
		for _, p := range processes {
			p.Stop(Left)
		}
		synctest.Wait()
		if n, held := rt.Views(), len(rt.joins.turns)+len(rt.pages.turns); n != 0 || held != 0 {
			t.Errorf("%d views and %d turns are left", n, held)
		}
	})
}

// A mount that fails in whatever way gives its turn back.
func TestFailedMountsGiveTheirTurnBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rt := &Runtime{Log: slog.New(slog.DiscardHandler), Mounts: 1}
		for _, view := range []View{&counter{mountErr: errors.New("no")}, panicMount{}, panicRender{}} {
			rt.Start(new(tapeOut), func() (Spec, error) { return Spec{View: view}, nil })
			synctest.Wait()
			func() {
				defer func() { _ = recover() }() // Static lets panics through
				_, _ = rt.Static(context.Background(), Spec{View: view}, nil, nil)
			}()
			if held := len(rt.joins.turns) + len(rt.pages.turns); held != 0 {
				t.Errorf("%T: %d turns are held", view, held)
			}
		}
		unlimited := &Runtime{Log: slog.New(slog.DiscardHandler), Mounts: -1}
		if _, err := unlimited.Static(context.Background(), Spec{View: new(counter)}, nil, nil); err != nil || unlimited.pages.turns != nil {
			t.Errorf("without a limit: %v", err)
		}
	})
}

type panicMount struct{}

func (panicMount) Mount(*Socket, Params) error { panic("mount") }
func (panicMount) Render() templ.Component     { return new(counter).Render() }

type panicRender struct{}

func (panicRender) Render() templ.Component { panic("render") }
