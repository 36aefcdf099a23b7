package livetest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/gobwas/ws"
	"github.com/gobwas/ws/wsutil"
)

// scripted is a server that answers from a script, good or bad.
type scripted struct {
	page   string                  // body of the page, inside <body>
	head   string                  // and its head
	join   string                  // response to the join; "" for a counter
	answer func(in Frame) []string // messages after an event; nil for a counter
	check  func(r *http.Request)   // of the upgrade
	leave  func(in Frame) []string // messages after phx_leave
	after  func(send func(string)) // runs after the join is answered
	serve  func(http.ResponseWriter, *http.Request) bool
}

const scriptedPage = `<div id="phx-1" data-phx-main data-phx-session="SESSION" data-phx-static="STATIC">dead</div>`

func (s *scripted) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if s.serve != nil && s.serve(w, r) {
		return
	}
	if strings.HasSuffix(r.URL.Path, "/websocket") {
		s.socket(w, r)
		return
	}
	page := s.page
	if page == "" {
		page = scriptedPage
	}
	http.SetCookie(w, &http.Cookie{Name: "session", Value: "abc", Path: "/"})
	fmt.Fprintf(w, `<!doctype html><html><head><meta name="csrf-token" content="C&amp;1">%s</head><body>%s</body></html>`, s.head, page)
}

func (s *scripted) socket(w http.ResponseWriter, r *http.Request) {
	if s.check != nil {
		s.check(r)
	}
	conn, _, _, err := ws.UpgradeHTTP(r, w)
	if err != nil {
		return
	}
	defer conn.Close()
	var mu sync.Mutex
	send := func(text string) {
		mu.Lock()
		defer mu.Unlock()
		_ = wsutil.WriteServerText(conn, []byte(text))
	}
	for {
		text, err := wsutil.ReadClientText(conn)
		if err != nil {
			return
		}
		in, err := parseFrame(text)
		if err != nil {
			panic(err)
		}
		for _, out := range s.answers(in) {
			if out == "CLOSE" {
				_ = wsutil.WriteServerMessage(conn, ws.OpClose, ws.NewCloseFrameBody(1012, "bye"))
				return
			}
			send(out)
		}
		if in.Event == "phx_join" && s.after != nil {
			go s.after(send)
		}
	}
}

func (s *scripted) answers(in Frame) []string {
	switch in.Event {
	case "phx_join":
		switch {
		case strings.HasPrefix(s.join, "["):
			return []string{strings.ReplaceAll(s.join, "REF", in.Ref)}
		case s.join != "":
			return []string{ok(in, `{"rendered":`+s.join+`,"liveview_version":"1.2.12"}`)}
		}
		return []string{ok(in, `{"rendered":{"s":["<p id=\"n\">Count: ","</p><button phx-click=\"increase\" phx-value-number=\"2\">+</button>"],"0":"0"},"liveview_version":"1.2.12"}`)}
	case "phx_leave":
		if s.leave != nil {
			return s.leave(in)
		}
		return []string{frame(in.JoinRef, in.JoinRef, in.Topic, "phx_close", `{}`), ok(in, `{}`)}
	}
	if s.answer == nil {
		return []string{ok(in, `{"diff":{"0":"2"}}`)}
	}
	return s.answer(in)
}

func ok(in Frame, response string) string {
	return frame(in.JoinRef, in.Ref, in.Topic, "phx_reply", `{"status":"ok","response":`+response+`}`)
}

func pushOf(in Frame, event, payload string) string {
	return frame(in.JoinRef, "", in.Topic, event, payload)
}

func frame(joinRef, ref, topic, event, payload string) string {
	text := func(s string) string {
		if s == "" {
			return "null"
		}
		b, _ := json.Marshal(s)
		return string(b)
	}
	return "[" + text(joinRef) + "," + text(ref) + "," + text(topic) + "," + text(event) + "," + payload + "]"
}

// recorder is a testing.TB that remembers failures instead of passing them on.
type recorder struct {
	testing.TB
	mu       sync.Mutex
	failure  string
	cleanups []func()
}

func (r *recorder) Helper() {}

func (r *recorder) note(format string, args []any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.failure != "" {
		r.failure += "\n"
	}
	r.failure += fmt.Sprintf(format, args...)
}

func (r *recorder) Fatalf(format string, args ...any) { r.note(format, args); runtime.Goexit() }
func (r *recorder) Errorf(format string, args ...any) { r.note(format, args) }

func (r *recorder) Failed() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.failure != ""
}

func (r *recorder) Cleanup(f func()) { r.cleanups = append(r.cleanups, f) }

// failureOf runs a test, with its cleanups, and is how it failed, "" if it did not.
func failureOf(t *testing.T, test func(t testing.TB)) string {
	t.Helper()
	r := &recorder{TB: t}
	done := make(chan struct{})
	run := func(f func()) {
		defer func() { done <- struct{}{} }()
		f()
	}
	go run(func() { test(r) })
	<-done
	for i := len(r.cleanups) - 1; i >= 0; i-- {
		go run(r.cleanups[i])
		<-done
	}
	return r.failure
}
