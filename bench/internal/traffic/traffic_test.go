package traffic

import (
	"context"
	"errors"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"bennu/bench/internal/client"
	"bennu/bench/internal/counter"
)

// short is a loop as short as it can be.
var short = Loop{Clients: 3, Warm: 5 * time.Millisecond, Time: 100 * time.Millisecond, PID: os.Getpid()}

func counterSite(t *testing.T) *client.Site {
	t.Helper()
	return siteOf(t, counter.Serve(t))
}

func siteOf(t *testing.T, address string) *client.Site {
	t.Helper()
	site, err := client.New(address, client.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return site
}

func values(t *testing.T, text string) client.Values {
	t.Helper()
	v, err := client.ParseValues(text)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// check wants a result of operations without failures.
func check(t *testing.T, r Result, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	if err := Failed(r.Failures); err != nil {
		t.Error(err)
	}
	if r.Count == 0 || r.ReceivedBytes < 50 || r.Latency.Max < r.Latency.Median || r.PerSecond <= 0 {
		t.Errorf("result %+v, want operations and their bytes", r)
	}
}

func TestClicks(t *testing.T) {
	t.Parallel()
	r, err := Clicks{
		Loop: short, Type: "click", Events: []string{"increase", "decrease"}, Values: values(t, `{"number":"%RAND(9)%"}`),
	}.Run(t.Context(), counterSite(t))
	check(t, r, err)
	if r.SentBytes < 80 {
		t.Errorf("%v bytes were sent for an event, want its size", r.SentBytes)
	}
}

func TestClicksReportAViewThatEnds(t *testing.T) {
	t.Parallel()
	r, err := Clicks{Loop: short, Type: "click", Events: []string{"crash"}, Values: values(t, `{}`)}.Run(t.Context(), counterSite(t))
	if err != nil {
		t.Fatal(err)
	}
	if err := Failed(r.Failures); err == nil || !strings.Contains(err.Error(), "3 × client: the server ended the view with phx_error") {
		t.Errorf("failures of views that crash: %v, want one for each of the 3", err)
	}
}

func TestVisits(t *testing.T) {
	t.Parallel()
	for name, v := range map[string]Visits{"page loads": {Loop: short}, "one page load": {Loop: short, Reuse: true}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, err := v.Run(t.Context(), counterSite(t))
			check(t, r, err)
		})
	}
}

func TestPages(t *testing.T) {
	t.Parallel()
	r, err := Pages{short}.Run(t.Context(), counterSite(t))
	check(t, r, err)
}

func TestHold(t *testing.T) {
	t.Parallel()
	r, err := Hold{
		Joining: Joining{Workers: 4, Rate: 2000}, N: 20, Time: 60 * time.Millisecond, Every: 20 * time.Millisecond, Heartbeat: 10 * time.Millisecond,
		PID: os.Getpid(),
	}.Run(t.Context(), counterSite(t))
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(Failed(r.Failures), Failed(r.Lost)); err != nil {
		t.Error(err)
	}
	if r.Joined != 20 || r.Alive != 20 || len(r.Memory) < 2 || r.JoinBytes < 100 || r.End().Seconds < .06 {
		t.Errorf("held %+v, want 20 connections to the end", r)
	}
}

func TestSoak(t *testing.T) {
	t.Parallel()
	looks := 0
	r, err := Soak{
		N: 20, Time: time.Second, Ramp: 50 * time.Millisecond, Rate: 3000, Every: 50 * time.Millisecond, // the memory is that of all tests
		Progress: func(Look) { looks++ },
	}.Run(t.Context(), counterSite(t))
	if err := errors.Join(err, r.Err()); err != nil {
		t.Fatal(err)
	}
	if d := r.Done; d.Visits == 0 || d.Clicks == 0 {
		t.Errorf("visitors did %+v, want visits and clicks", d)
	}
	if looks != len(r.Looks) || looks < 3 {
		t.Errorf("%d looks were told and %d reported, want several", looks, len(r.Looks))
	}
}

func TestVisitor(t *testing.T) {
	t.Parallel()
	site := counterSite(t)
	loaders := make(chan *client.Loader, 1)
	loaders <- site.Loader()
	t.Cleanup(func() { (<-loaders).Close() })
	var count counters
	v := visitor{site: site, loaders: loaders, count: &count, random: rand.New(rand.NewPCG(1, 1))}
	if err := v.load(); err != nil {
		t.Fatal(err)
	}
	if err := v.open(site.OpenTrace); err != nil {
		t.Fatal(err)
	}
	for _, do := range []func() error{
		v.click, v.click, v.crash, v.click, v.leave, v.click, v.reconnect, v.click, v.crash, v.crash, v.reconnect, v.leave, v.leave, v.click,
	} {
		if err := do(); err != nil {
			t.Fatal(err)
		}
	}
	if got := []int64{count.clicks.Load(), count.crashes.Load(), count.leaves.Load(), count.reconnects.Load(), count.all.Load()}; !slices.Equal(got, []int64{6, 3, 3, 2, 14}) {
		t.Errorf("clicks, crashes, leaves, reconnects, all: %v, want 6 3 3 2 14", got)
	}
	v.at += 1000
	if err := v.click(); err == nil || !strings.Contains(err.Error(), "the counter has to show") {
		t.Errorf("a counter that shows a wrong number: %v, want an error", err)
	}
	v.part()
}

func TestSoakTooSlowIsRefused(t *testing.T) {
	t.Parallel()
	_, err := Soak{N: 1000, Rate: 10, Time: time.Second, Every: time.Second}.Run(t.Context(), siteOf(t, "http://127.0.0.1:1/"))
	if err == nil || !strings.Contains(err.Error(), "want a rate of at least 80") {
		t.Errorf("a soak in which sockets fall silent: %v, want an error with the least rate", err)
	}
}

// liar is a server whose page is a live page, and whose socket is none.
func liar(t *testing.T) *client.Site {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/websocket") {
			w.WriteHeader(http.StatusForbidden)
			return
		}
		_, _ = w.Write([]byte(`<div id="phx-A" data-phx-main data-phx-session="S" data-phx-static="T"></div>`))
	}))
	t.Cleanup(s.Close)
	return siteOf(t, s.URL)
}

func TestRefusedJoins(t *testing.T) {
	t.Parallel()
	const want = "client: upgrade: status 403, want 101"
	_, err := Clicks{Loop: short, Values: values(t, "{}"), Events: []string{"x"}}.Run(t.Context(), liar(t))
	if err == nil || !strings.Contains(err.Error(), "0 of 3 joined") || !strings.Contains(err.Error(), want) {
		t.Errorf("Clicks: %v, want that none joined and why", err)
	}
	r, err := Visits{Loop: short}.Run(t.Context(), liar(t))
	if err != nil || r.Count != 0 || r.Failures[want] == 0 {
		t.Errorf("Visits: %+v, %v, want failures only", r, err)
	}
	held, err := Hold{N: 2, Time: time.Millisecond}.Run(t.Context(), liar(t))
	if err != nil || held.Joined != 0 || held.Failures[want] != 2 {
		t.Errorf("Hold: %+v, %v, want two failures", held, err)
	}
}

func TestLoopsEndWithTheContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	long := Loop{Clients: 2, Warm: time.Hour, Time: time.Hour}
	if _, err := (Pages{long}).Run(ctx, counterSite(t)); !errors.Is(err, context.Canceled) {
		t.Errorf("Pages after the context's end: %v, want its error", err)
	}
	if _, err := (Hold{N: 2, Time: time.Hour}).Run(ctx, counterSite(t)); !errors.Is(err, context.Canceled) {
		t.Errorf("Hold after the context's end: %v, want its error", err)
	}
}

// TestSlowServersAreMeasuredForLonger asks a server that takes longer for a page
// than the loop wants to measure.
func TestSlowServersAreMeasuredForLonger(t *testing.T) {
	t.Parallel()
	s := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-time.After(60 * time.Millisecond):
		case <-r.Context().Done():
		}
	}))
	t.Cleanup(s.Close)
	r, err := Pages{Loop{Clients: 1, Time: time.Millisecond}}.Run(t.Context(), siteOf(t, s.URL))
	if err != nil || r.Count == 0 || len(r.Failures) > 0 || r.Seconds < .06 {
		t.Errorf("a slow server: %+v, %v, want a page", r, err)
	}
}
