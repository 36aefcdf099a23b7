package bennu

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"bennu/supervisor"
)

// HealthCheck is something that the App needs to be of use to anybody.
type HealthCheck struct {
	// Name is what the answer calls it.
	Name string
	// Check says what is wrong, nil for nothing. It is given two seconds; one
	// that takes longer counts as failing, and is not called again before it has
	// returned.
	Check func(context.Context) error
	// Degrades is for what the App can do without for a while: /readyz names it
	// and goes on to say yes.
	Degrades bool

	state *checkState
}

const checkTimeout = 2 * time.Second

// Health registers /livez and /readyz, for whoever watches over the App and for
// the balancer before it:
//
//	app.Health(bennu.HealthCheck{Name: "store", Check: store.Ping})
//
// /livez answers 200 for as long as the process can answer at all and none of
// its parts has failed. /readyz answers 200 when requests are welcome, and 503
// with what is in the way: the App starts, it is about to stop, a check fails.
// With [Options.Carrier] there is a check "cluster", which degrades: it fails
// while the other servers are out of reach.
// The answers are plain text and name checks, but not their errors, which the
// log has. No pipeline, session or request log is before them; who must not see
// them is for the balancer to keep out.
func (g *Group) Health(checks ...HealthCheck) {
	checks = slices.Clone(checks)
	for i := range checks {
		if checks[i].Name == "" || checks[i].Check == nil {
			g.refuse("Health", errors.New("a HealthCheck needs a Name and a Check"))
		}
		checks[i].state = &checkState{passed: true}
	}
	a := g.app
	if a.opts.Carrier != nil {
		checks = append(checks, a.clusterCheck())
	}
	g.probe("/livez", func(http.ResponseWriter, *http.Request) string {
		if a.Tree().State == supervisor.Failed {
			return "failed"
		}
		return ""
	})
	g.probe("/readyz", func(w http.ResponseWriter, r *http.Request) string {
		switch {
		case a.leaving.begun.Load():
			return "stopping"
		case a.idle(), a.Tree().State == supervisor.Starting:
			return "starting"
		case a.Tree().State == supervisor.Failed:
			return "failed"
		}
		failing, degraded := a.check(r.Context(), checks)
		if len(failing) > 0 {
			return "failing: " + strings.Join(failing, ", ")
		}
		if len(degraded) > 0 {
			_, _ = fmt.Fprintf(w, "degraded: %s\n", strings.Join(degraded, ", ")) // the client may be gone
			return "degraded"
		}
		return ""
	})
}

// probe registers a path that answers with what is wrong. A handler that has
// written by itself is done.
func (g *Group) probe(path string, wrong func(http.ResponseWriter, *http.Request) string) {
	e := g.endpoint("Health", http.MethodGet, path)
	e.Handler = "health"
	e.handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		w.Header().Set("Cache-Control", "no-store")
		why := wrong(w, r)
		switch why {
		case "degraded":
		case "":
			_, _ = w.Write([]byte("ok\n")) // the client may be gone
		default:
			w.WriteHeader(http.StatusServiceUnavailable)
			_, _ = w.Write([]byte(why + "\n"))
		}
	})
	g.register("Health", e, nil)
	g.app.quiet = append(g.app.quiet, e.Path)
}

// checkState is what is known of a check.
type checkState struct {
	mu      sync.Mutex
	running bool
	passed  bool // the last time that it was asked
}

// errCheckRuns is a check that has not returned since it was last asked.
var errCheckRuns = errors.New("has not returned since it was last asked")

// check asks all checks at once and names those that fail.
func (a *App) check(ctx context.Context, checks []HealthCheck) (failing, degraded []string) {
	ctx, cancel := context.WithTimeout(ctx, checkTimeout)
	defer cancel()
	results := make([]chan error, len(checks))
	for i, c := range checks {
		results[i] = make(chan error, 1)
		if !c.state.begin() {
			results[i] <- errCheckRuns
			continue
		}
		go func() {
			err := errors.New("ended its goroutine")
			defer func() {
				if v := recover(); v != nil {
					err = fmt.Errorf("panic: %v", v)
				}
				c.state.end()
				results[i] <- err
			}()
			err = c.Check(ctx)
		}()
	}
	for i, c := range checks {
		var err error
		select {
		case err = <-results[i]:
		case <-ctx.Done():
			err = ctx.Err()
		}
		if errors.Is(err, context.Canceled) && errors.Is(context.Cause(ctx), context.Canceled) {
			continue // whoever has asked is gone
		}
		if c.state.changed(err == nil) {
			level, msg := slog.LevelWarn, "health check fails"
			if err == nil {
				level, msg = slog.LevelInfo, "health check passes again"
			}
			a.log.LogAttrs(ctx, level, msg, slog.String("check", c.Name), slog.Any("err", err))
		}
		switch {
		case err == nil:
		case c.Degrades:
			degraded = append(degraded, c.Name)
		default:
			failing = append(failing, c.Name)
		}
	}
	return failing, degraded
}

// begin reports whether the check may be asked.
func (s *checkState) begin() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.running {
		return false
	}
	s.running = true
	return true
}

func (s *checkState) end() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.running = false
}

// changed reports whether this is news.
func (s *checkState) changed(passed bool) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	news := s.passed != passed
	s.passed = passed
	return news
}
