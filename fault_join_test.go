package bennu

import (
	"fmt"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"strings"
	"testing"

	"bennu/live"
)

// gatedView mounts behind a socket when it is let.
type gatedView struct {
	clicker
	gate chan struct{}
}

func (v *gatedView) Mount(s *live.Socket, _ live.Params) error {
	if s.Connected() {
		<-v.gate
	}
	return nil
}

// Faults, row 25: a client whose joins are slow has a few of the turns to mount,
// and leaves the others to other clients.
func TestFault25SlowJoinsOfOneClient(t *testing.T) {
	t.Parallel()
	gate := make(chan struct{})
	app := clickerApp(t, Options{Limits: Limits{Mounts: 4, SocketMounts: 3}})
	app.Live("/slow", func() live.View { return &gatedView{gate: gate} })
	srv := httptest.NewServer(app)
	defer srv.Close()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	browser := &http.Client{Jar: jar, Transport: new(http.Transport)}
	defer browser.CloseIdleConnections()
	first := load(t, browser, srv.URL+"/slow")
	greedy, err := first.dial(t, "")
	if err != nil {
		t.Fatal(err)
	}
	defer greedy.Close()
	const joins = 20
	for range joins {
		write(t, greedy, load(t, browser, srv.URL+"/slow").join())
	}
	// Its socket is read on meanwhile.
	if got := say(t, greedy, `[null,"9","phoenix","heartbeat",{}]`); !strings.Contains(got, `"ok"`) {
		t.Errorf("a heartbeat: %s", got)
	}
	for range 3 {
		p := load(t, srv.Client(), srv.URL+"/")
		conn, err := p.dial(t, "")
		if err != nil {
			t.Fatal(err)
		}
		if got := say(t, conn, p.join()); !strings.Contains(got, `"status":"ok"`) {
			t.Errorf("the join of another client: %s", got)
		}
		conn.Close()
	}
	close(gate)
	for range joins {
		if got := read(t, greedy); !strings.Contains(got, `"status":"ok"`) {
			t.Errorf("a slow join: %s", got)
		}
	}
	if err := app.Shutdown(t.Context()); err != nil {
		t.Error(err)
	}
}

// Faults, row 82: a panic while a page is drawn is a page of status 500, an
// error in the log with its stack, and nothing more; row 86: in the log, the
// first few of many.
func TestFault82PanicInAPage(t *testing.T) {
	t.Parallel()
	log := new(lines)
	app := clickerApp(t, Options{Logger: slog.New(slog.NewTextHandler(log, nil))})
	app.Live("/broken", func() live.View { return new(brokenView) })
	app.Get("/other", func(http.ResponseWriter, *http.Request) error { panic("another") })
	const requests = 50
	for range requests {
		if rec := ask(app, "GET", "/broken"); rec.Code != http.StatusInternalServerError || strings.Contains(rec.Body.String(), "no mount") {
			t.Fatalf("status %d:\n%s", rec.Code, rec.Body)
		}
	}
	ask(app, "GET", "/other")
	if rec := ask(app, "GET", "/"); rec.Code != http.StatusOK {
		t.Errorf("the next page: %d", rec.Code)
	}
	if err := app.Shutdown(t.Context()); err != nil {
		t.Error(err)
	}
	whole, text := 0, log.String()
	for line := range strings.Lines(text) {
		if strings.Contains(line, "level=ERROR") && strings.Contains(line, "path=/broken") && strings.Contains(line, "fault_join_test.go") {
			whole++
		}
	}
	if whole != 5 || !strings.Contains(text, fmt.Sprintf("left_out=%d", requests-5)) || !strings.Contains(text, "path=/other") {
		t.Errorf("%d of %d errors are in the log in full, want 5 and the number of the others:\n%.3000s", whole, requests, text)
	}
}

type brokenView struct{ clicker }

func (*brokenView) Mount(*live.Socket, live.Params) error { panic("no mount") }
