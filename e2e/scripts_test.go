package e2e

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"bennu"
	"bennu/e2e/views"
	"bennu/examples/showcase/web"
)

// Scripted visitors do random things on random pages of the showcase, all at
// once and for some time. There are five kinds:
//
//   - most go by livetest over real sockets: they click, type, follow links, go
//     back and forth, crash what can be crashed, lose the line and come back
//     (scripts_visit_test.go);
//   - some speak to the server by hand, over WebSockets and long polling: their
//     line is cut in the middle of things, their messages come late and twice
//     (scripts_wire_test.go, scripts_line_test.go);
//   - a few of those stay from the first moment to the last;
//   - a tenth is hostile, and sends what no client would (scripts_hostile_test.go, scripts_attacks_test.go);
//   - and some are real browsers (scripts_tab_test.go).
//
// Every now and then, and at the end of each script, the page of an honest one
// must be what the server draws of its views, and its lists what the data says
// (scripts_compare_test.go). Errors in the log are those of the hostile, and of
// crash buttons. Four times and at least every minute all but those who stay
// leave, and then there must be no more of anything than before
// (scripts_growth_test.go).
//
// SCRIPTS is how many visitors there are at a time, SCRIPT_TIME how long they
// come, SCRIPT_TABS how many browsers there are. `make soak` has 500 of them for
// ten minutes, and three browsers.
func TestScripts(t *testing.T) {
	visitors, last, tabs := 40, 20*time.Second, 0
	setting(t, "SCRIPTS", strconv.Atoi, &visitors)
	setting(t, "SCRIPT_TIME", time.ParseDuration, &last)
	setting(t, "SCRIPT_TABS", strconv.Atoi, &tabs)
	newSoak(t, visitors).run(visitors, tabs, last)
}

func setting[T any](t *testing.T, name string, parse func(string) (T, error), v *T) {
	t.Helper()
	text := os.Getenv(name)
	if text == "" {
		return
	}
	var err error
	if *v, err = parse(text); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
}

// A soak is a server, and what is known of those who visit it.
type soak struct {
	t     *testing.T
	app   *bennu.App
	srv   *httptest.Server
	proxy *httputil.ReverseProxy // for livetest, which drives a handler: passes all on over real sockets
	think time.Duration          // how long visitors may think before they go on
	log   *soakLog
	seed  uint64
	quiet sync.RWMutex // held for reading by those who stay, while they do something
	tally tally

	pages   []string // where visitors come in
	known   sync.Map // ids of honest visitors' pages, as attackers may have learned them
	members views.Members
	attacks atomic.Int64
}

// newSoak serves the showcase, and pages that go wrong, until the test ends.
func newSoak(t *testing.T, visitors int) *soak {
	t.Helper()
	s := &soak{t: t, log: &soakLog{Handler: slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelError})}}
	// Many visitors take their time, as people do: else they would only wait for
	// the two ends of their own machine.
	if visitors >= 100 {
		s.think = time.Duration(visitors) * 60 * time.Millisecond
	}
	s.app = web.New(bennu.Options{SecretKeyBase: secret, Logger: slog.New(s.log), Limits: bennu.Limits{
		EventRate:  1000,            // a visitor who does not think is quicker than people are
		PollWindow: 2 * time.Second, // so that those who have left are soon forgotten
	}})
	s.addTraps()
	s.pages = s.starts()
	if err := s.app.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.srv = httptest.NewServer(s.app)
	address, err := url.Parse(s.srv.URL)
	if err != nil {
		t.Fatal(err)
	}
	s.proxy = httputil.NewSingleHostReverseProxy(address)
	s.proxy.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	s.proxy.Transport = &http.Transport{MaxIdleConnsPerHost: 64}
	return s
}

// run lets them come, and fails the test for whatever is wrong.
func (s *soak) run(visitors, tabs int, last time.Duration) {
	before := s.look("before", nil)
	stay := s.enter(3 + visitors/20)
	browsers := s.open(tabs, last)
	var looks []look
	looks = append(looks, s.look("start", nil))
	rounds := max(4, int(last/time.Minute))
	for i := 0; i < rounds && !s.t.Failed(); i++ {
		s.round(i, visitors, browsers, last/time.Duration(rounds))
		looks = append(looks, s.look(fmt.Sprint("round ", i+1), &looks[0]))
	}
	stay.leave()
	for _, b := range browsers {
		b.close()
	}
	s.stop()
	after := s.look("end", &before)
	s.t.Logf("%d visitors for %v: %v", visitors, last, &s.tally)
	for _, l := range append(looks, after) {
		s.t.Log(l)
	}
	for _, wrong := range append(growth(looks, stay.n), remains(before, after)...) {
		s.t.Error(wrong)
	}
	for _, wrong := range append(s.missing(), s.errors()...) {
		s.t.Error(wrong)
	}
}

// stop ends the server.
func (s *soak) stop() {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if err := s.app.Shutdown(ctx); err != nil {
		s.t.Error(err)
	}
	s.srv.Close()
}

// errors says how many there are in the log that should not be.
func (s *soak) errors() []string {
	if n := s.log.bad.Load(); n > 0 {
		return []string{fmt.Sprintf("the log has %d errors that nobody has asked for", n)}
	}
	return nil
}

// round lets visitors come until its time is over and all have left.
func (s *soak) round(n, visitors int, browsers []*browser, last time.Duration) {
	ctx, cancel := context.WithTimeout(context.Background(), last)
	defer cancel()
	var all sync.WaitGroup
	come := func(name string, visit func(context.Context, *testing.T, *rand.Rand)) {
		s.seed++
		seed := s.seed
		all.Go(func() {
			for i := uint64(0); ctx.Err() == nil && !s.t.Failed(); i++ {
				s.t.Run(fmt.Sprintf("%s/%d/%d", name, n, i), func(t *testing.T) {
					visit(ctx, t, rand.New(rand.NewPCG(seed, i)))
				})
			}
		})
	}
	for i := range visitors {
		switch i % 10 {
		case 0:
			come(fmt.Sprint("hostile ", i), s.attack)
		case 1, 2:
			come(fmt.Sprint("by hand ", i), s.byHand)
		default:
			come(fmt.Sprint("visitor ", i), s.script)
		}
	}
	for i, b := range browsers {
		come(fmt.Sprint("chromium ", i), func(ctx context.Context, t *testing.T, chance *rand.Rand) { b.script(ctx, t, s, chance) })
	}
	all.Wait()
	for _, b := range browsers {
		b.rest(s.t)
	}
}

// pause is what a visitor needs to read. Nothing is waited for.
func (s *soak) pause(ctx context.Context, chance *rand.Rand, most time.Duration) {
	if most == 0 {
		return
	}
	select {
	case <-ctx.Done():
	case <-time.After(time.Duration(chance.Int64N(int64(most)))):
	}
}

// tally counts what has been done.
type tally struct {
	mu sync.Mutex
	n  map[string]int
}

func (c *tally) add(what string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.n == nil {
		c.n = make(map[string]int)
	}
	c.n[what]++
}

func (c *tally) of(what string) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.n[what]
}

// String is all that was done.
func (c *tally) String() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	var all []string
	for _, what := range slices.Sorted(maps.Keys(c.n)) {
		all = append(all, fmt.Sprint(c.n[what], " ", what))
	}
	return strings.Join(all, ", ")
}

// soakLog passes errors on that nobody has asked for, and counts them.
type soakLog struct {
	slog.Handler
	wanted sync.Map     // ids of the views of hostile visitors
	bad    atomic.Int64 // errors that nobody has asked for
}

func (h *soakLog) Handle(ctx context.Context, r slog.Record) error {
	if r.Level < slog.LevelError {
		return nil
	}
	if h.expected(r) {
		return nil
	}
	h.bad.Add(1)
	return h.Handler.Handle(ctx, r)
}

// expected reports an error that a page shows on purpose, or that a hostile
// visitor has made.
func (h *soakLog) expected(r slog.Record) bool {
	asked := false
	r.Attrs(func(a slog.Attr) bool {
		text := a.Value.String()
		switch a.Key {
		case "id":
			_, asked = h.wanted.Load(text)
		case "left_out": // how many more there were of one that has been told
			asked = true
		case "route":
			asked = strings.HasPrefix(text, "/trap")
		case "err":
			asked = strings.Contains(text, "the crash button of ") || strings.Contains(text, "the crash button was pressed") ||
				strings.Contains(r.Message, "task") && strings.Contains(text, "index out of range") // the gauge of the dashboard
		}
		return !asked
	})
	return asked
}
