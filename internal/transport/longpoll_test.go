package transport

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"bennu/live"
)

func TestItem28FirstPollIsAnswered410(t *testing.T) {
	onEach(t, Options{}, func(t *testing.T, s *site) {
		p := s.poller(t)
		if len(p.token) != 43 {
			t.Errorf("token %q of %d bytes, want 43", p.token, len(p.token))
		}
		p.join("1", "lv:a")
		if j, _ := s.host.last(); j.Conn.Info.Transport != "longpoll" {
			t.Errorf("the view is connected by %q", j.Conn.Info.Transport)
		}
		for _, query := range []string{"", "vsn=1.0.0", "vsn[]=2.0.0", "vsn=2.1.0"} {
			refused := s.newPoller(t)
			refused.query = query
			if a := refused.get(); a.Status != 403 || a.Token != nil {
				t.Errorf("a first poll with %q: %+v, want 403", query, a)
			}
		}
	})
}

func TestItem29MessagesAreStrings(t *testing.T) {
	onEach(t, Options{}, func(t *testing.T, s *site) {
		p := s.poller(t)
		p.join("1", "lv:a")
		payload := `{"x":"a \"b\" \\ \u0001 é <b>","y":[1,{"z":null}]}`
		p.send(`["1","2","lv:a","echo",`+payload+`]`, `["1","3","lv:a","push",{"0":"\n"}]`, heartbeat)
		got := map[string]bool{}
		for len(got) < 3 {
			for _, m := range p.get().Messages {
				got[m] = true
			}
		}
		for _, want := range []string{
			`["1","2","lv:a","phx_reply",{"status":"ok","response":` + payload + `}]`,
			`["1",null,"lv:a","diff",{"0":"\n"}]`, beat,
		} {
			if !got[want] {
				t.Errorf("%s did not come, but %v", want, got)
			}
		}
	})
}

func TestItem30IdlePollIsAnswered204(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := serve(t, "pipe", Options{})
		p := s.poller(t)
		p.join("1", "lv:a")
		for range 3 {
			start := time.Now()
			a := p.get()
			if took := time.Since(start); a.Status != 204 || took != 10*time.Second || len(a.Messages) != 0 || *a.Token != p.token {
				t.Errorf("an idle poll is answered with %+v after %v, want 204 after 10 s", a, took)
			}
		}
		// One that waits is answered at once when there is something.
		start := time.Now()
		var wg sync.WaitGroup
		wg.Go(func() { p.want(`["1",null,"lv:a","diff",{"0":"1"}]`) })
		time.Sleep(3 * time.Second)
		p.send(`["1","2","lv:a","push",{"0":"1"}]`)
		wg.Wait()
		if took := time.Since(start); took != 3*time.Second {
			t.Errorf("the message came after %v, want 3 s", took)
		}
	})
}

func TestItem31LinesAreTakenInOrder(t *testing.T) {
	onEach(t, Options{}, func(t *testing.T, s *site) {
		p := s.poller(t)
		p.join("1", "lv:0")
		chunk := func(data string) string {
			return base64.StdEncoding.EncodeToString([]byte("\x00\x01\x01\x04\x0512lv:0chunk" + data))
		}
		p.send(`["1","2","lv:0","echo",{"n":1}]`, chunk("abc"), `["1","4","lv:0","echo",{"n":3}]`+"\r", chunk(""), heartbeat)
		var got []string
		for len(got) < 5 {
			got = append(got, p.get().Messages...)
		}
		// The heartbeat is answered by the socket and may overtake the view.
		rest := strings.Replace(strings.Join(got, "\n"), beat, "", 1)
		rest = strings.ReplaceAll(rest, "\n\n", "\n")
		want := strings.Join([]string{
			`["1","2","lv:0","phx_reply",{"status":"ok","response":{"n":1}}]`,
			`["1","2","lv:0","phx_reply",{"status":"ok","response":{"bytes":"abc"}}]`,
			`["1","4","lv:0","phx_reply",{"status":"ok","response":{"n":3}}]`,
			`["1","2","lv:0","phx_reply",{"status":"ok","response":{"bytes":""}}]`,
		}, "\n")
		if strings.Trim(rest, "\n") != want {
			t.Errorf("got\n%s\nwant\n%s", rest, want)
		}
	})
}

func TestItem32PostOfAnUnknownTokenIs410(t *testing.T) {
	onEach(t, Options{}, func(t *testing.T, s *site) {
		p := s.poller(t)
		good := p.token
		for _, token := range []string{"", "x", good[:42], good + "A", strings.Repeat("A", 43), flipText(good, 0), flipText(good, 30), flipText(good, 42), "%00"} {
			p.token = token
			if status := p.post(heartbeat); status != 410 {
				t.Errorf("POST with the token %q: %d, want 410", token, status)
			}
		}
		// A GET begins anew.
		p.token = flipText(good, 5)
		if a := p.get(); a.Status != 410 || a.Token == nil || *a.Token == good {
			t.Errorf("GET with an unknown token: %+v, want 410 and another token", a)
		}
		p.token = good
		p.join("1", "lv:a")
	})
}

// flipText changes one character.
func flipText(s string, i int) string {
	c := byte('A')
	if s[i] == c {
		c = 'B'
	}
	return s[:i] + string(c) + s[i+1:]
}

func TestItem33LinesAreLimited(t *testing.T) {
	onEach(t, Options{}, func(t *testing.T, s *site) {
		p := s.poller(t)
		p.join("1", "lv:a")
		lines := make([]string, 100)
		want := make([]string, 100)
		for i := range lines {
			lines[i] = fmt.Sprintf(`[null,"%d","phoenix","heartbeat",{}]`, i)
			want[i] = fmt.Sprintf(`[null,"%d","phoenix","phx_reply",{"status":"ok","response":{}}]`, i)
		}
		p.send(lines...)
		p.want(want...)
		if status := p.post(append(lines, heartbeat)...); status != 413 {
			t.Errorf("101 lines: %d, want 413", status)
		}
		// The client takes it for a lost connection, so it has to be one.
		if a := p.get(); a.Status != 410 {
			t.Errorf("a poll after too many lines: %d, want 410", a.Status)
		}
		s.host.wantEnd(t, live.SocketClosed)
	})
}

func TestItem34Preflight(t *testing.T) {
	onEach(t, Options{}, func(t *testing.T, s *site) {
		p := s.newPoller(t)
		r := p.request(context.Background(), http.MethodOptions, nil)
		r.Header.Set("Access-Control-Request-Headers", "content-type, x-phoenix-authtoken")
		resp, err := p.http.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		for name, want := range map[string]string{
			"Access-Control-Allow-Origin": "*", "Access-Control-Allow-Headers": "content-type, x-phoenix-authtoken",
			"Access-Control-Allow-Methods": "get, post, options", "Access-Control-Max-Age": "3600",
		} {
			if got := resp.Header.Get(name); got != want {
				t.Errorf("%s: %q, want %q", name, got, want)
			}
		}
		if resp.StatusCode != 200 || s.Len() != 0 {
			t.Errorf("status %s, %d connections", resp.Status, s.Len())
		}
	})
}

// Faults, row 69: what a stranger does with the requests of long polling.
func TestFault69LongPollAbuse(t *testing.T) {
	bodies := []struct {
		name string
		body string
		want int
	}{
		{"newlines", strings.Repeat("\n", 1_000_000), 400},
		{"nothing", "", 400},
		{"a line without an end", strings.Repeat("[", 7_000_000), 413},
		{"base64 without an end", strings.Repeat("A", 7_000_000), 413},
		{"a batch of ten thousand", strings.Repeat(heartbeat+"\n", 10_000), 413},
		{"text above the limit", `[null,"7","phoenix","heartbeat",{"x":"` + strings.Repeat("x", 64<<10) + `"}]`, 413},
		{"bytes above the limit", base64.StdEncoding.EncodeToString(make([]byte, 66<<10+1)), 413},
		{"no base64", "hello world!", 400},
		{"base64 with bits behind its end", "AB==", 400},
		{"a frame that lies", base64.StdEncoding.EncodeToString([]byte("\x00\xff\xff\xff\xff")), 400},
		{"no JSON", `[hello`, 400},
		{"no UTF-8", "[null,\"\xff\",\"phoenix\",\"heartbeat\",{}]", 400},
		{"nested 100k deep", `[null,"7","t","e",` + strings.Repeat("[", 60_000), 400},
		{"an empty line", heartbeat + "\n\n" + heartbeat, 400},
	}
	onEach(t, Options{}, func(t *testing.T, s *site) {
		for _, tt := range bodies {
			p := s.poller(named{t, tt.name})
			p.join("1", "lv:a")
			// The server may close before it has read all, which is no answer.
			a, err := p.try(p.request(context.Background(), http.MethodPost, strings.NewReader(tt.body)))
			if err == nil && a.Status != tt.want {
				t.Errorf("%s: status %d, want %d", tt.name, a.Status, tt.want)
			}
			if err != nil && len(tt.body) < 256<<10 {
				t.Errorf("%s: %v", tt.name, err)
			}
			if got := p.get(); got.Status != 410 || *got.Token == p.token {
				t.Errorf("%s: the next poll is answered with %+v, want a new beginning", tt.name, got)
			}
			s.host.wantEnd(t, live.SocketClosed)
		}
	})
}

func TestFault69StolenTokenAndSecondPoller(t *testing.T) {
	onEach(t, Options{}, func(t *testing.T, s *site) {
		p := s.poller(t)
		p.join("1", "lv:a")
		thief := s.newPoller(t)
		thief.token = p.token
		for _, owner := range []string{"", "browser 2"} {
			thief.owner = owner
			if status := thief.post(heartbeat); status != 410 {
				t.Errorf("POST with a stolen token: %d, want 410", status)
			}
			if a := thief.get(); a.Status != 410 || *a.Token == p.token || len(a.Messages) != 0 {
				t.Errorf("GET with a stolen token: %+v, want a connection of its own", a)
			}
		}
		// The same browser, twice at a time.
		thief.owner = p.owner
		var wg sync.WaitGroup
		wg.Go(func() { p.want(`["1",null,"lv:a","diff",{"0":"mine"}]`) })
		lp := s.findPoll(p.token, p.owner)
		waitFor(t, "the first poll", func() bool { lp.mu.Lock(); defer lp.mu.Unlock(); return lp.polling })
		if a := thief.get(); a.Status != 410 || a.Token != nil || len(a.Messages) != 0 {
			t.Errorf("a second poll: %+v, want 410 and nothing", a)
		}
		p.send(`["1","2","lv:a","push",{"0":"mine"}]`)
		wg.Wait()
		// The header is as good a place for the token.
		token := p.token
		p.token = ""
		r := p.request(context.Background(), http.MethodPost, strings.NewReader(heartbeat))
		r.Header.Set("X-Phoenix-LongPoll-Token", token)
		if a := p.do(r); a.Status != 200 {
			t.Errorf("POST with the token in the header: %+v", a)
		}
	})
}

func TestOtherRequestsOfALongPoll(t *testing.T) {
	t.Parallel()
	s := serve(t, "tcp", Options{})
	p := s.poller(t)
	for _, kind := range []string{"", "text/plain", "application/json", "application/x-ndjson;;"} {
		r := p.request(context.Background(), http.MethodPost, strings.NewReader(heartbeat))
		r.Header.Set("Content-Type", kind)
		if a := p.do(r); a.Status != 400 {
			t.Errorf("POST of type %q: %+v, want 400", kind, a)
		}
	}
	r := p.request(context.Background(), http.MethodPut, nil)
	resp, err := p.http.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusMethodNotAllowed {
		t.Errorf("PUT: %s, want 405", resp.Status)
	}
	p.join("1", "lv:a") // none of it did any harm
}

// A long poll that is not polled for one and a half windows is over.
func TestLongPollEndsWhenNotPolled(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := serve(t, "pipe", Options{})
		p := s.poller(t)
		p.join("1", "lv:a")
		time.Sleep(14 * time.Second)
		if a := p.get(); a.Status != 204 {
			t.Fatalf("a poll after 14 s: %+v", a)
		}
		since := time.Now()
		s.host.wantEnd(t, live.SocketClosed)
		if took := time.Since(since); took < 15*time.Second || took > 15*time.Second+2*maxSweep {
			t.Errorf("ended after %v, want 15 s", took)
		}
		synctest.Wait()
		if n := s.Len(); n != 0 {
			t.Errorf("%d connections left", n)
		}
		if status := p.post(heartbeat); status != 410 {
			t.Errorf("POST after the end: %d, want 410", status)
		}
		_, view := s.host.last()
		view.out.Push("diff", nil)
		if err := view.out.Flush(); err != nil {
			t.Errorf("Flush on a channel that was stopped: %v", err)
		}
	})
}

// Faults, row 23, for long polls.
func TestFault23LongPollThatNeverJoins(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := serve(t, "pipe", Options{})
		p := s.poller(t)
		since := time.Now()
		for p.get().Status == 204 {
			p.send(heartbeat)
			p.want(beat)
		}
		if took := time.Since(since); took < 10*time.Second || took > 10*time.Second+2*maxSweep {
			t.Errorf("ended after %v, want 10 s", took)
		}
	})
}

func TestLongPollsAreDisconnectedAndDrained(t *testing.T) {
	onEach(t, Options{}, func(t *testing.T, s *site) {
		a, b := s.newPoller(t), s.poller(t)
		a.query += "&id=user-1"
		a.token = *a.get().Token
		a.join("1", "lv:a")
		b.join("1", "lv:a")
		ended := make(chan answer, 1)
		go func() { ended <- a.get() }()
		if n := s.Disconnect("user-1"); n != 1 {
			t.Errorf("Disconnect closed %d connections, want 1", n)
		}
		s.host.wantEnd(t, live.SocketClosed)
		if got := <-ended; got.Status != 410 {
			t.Errorf("the poll of who is disconnected: %+v, want 410", got)
		}
		go func() { ended <- b.get() }()
		lp := s.findPoll(b.token, b.owner)
		waitFor(t, "the poll", func() bool { lp.mu.Lock(); defer lp.mu.Unlock(); return lp.polling })
		if err := s.Shutdown(context.Background()); err != nil {
			t.Error(err)
		}
		if got := <-ended; got.Status != 410 || got.Token != nil {
			t.Errorf("the poll of a server that ends: %+v, want 410", got)
		}
		s.host.wantEnd(t, live.Drained)
		resp, err := b.http.Do(b.request(context.Background(), http.MethodGet, nil))
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != http.StatusServiceUnavailable || resp.Header.Get("Retry-After") == "" {
			t.Errorf("a first poll while closing: %s, Retry-After %q", resp.Status, resp.Header.Get("Retry-After"))
		}
	})
}

// A request that is given up leaves the long poll to the next one.
func TestPollThatIsGivenUp(t *testing.T) {
	onEach(t, Options{}, func(t *testing.T, s *site) {
		p := s.poller(t)
		p.join("1", "lv:a")
		lp := s.findPoll(p.token, p.owner)
		polling := func(want bool) func() bool {
			return func() bool { lp.mu.Lock(); defer lp.mu.Unlock(); return lp.polling == want }
		}
		ctx, cancel := context.WithCancel(context.Background())
		done := make(chan error, 1)
		go func() {
			resp, err := p.http.Do(p.request(ctx, http.MethodGet, nil))
			if err == nil { // the server was quicker to end an answer that nobody waits for
				err = errors.Join(resp.Body.Close(), context.Canceled)
			}
			done <- err
		}()
		waitFor(t, "the poll", polling(true))
		cancel()
		if err := <-done; !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
		waitFor(t, "the server to notice", polling(false))
		p.send(`["1","2","lv:a","push",{"0":"1"}]`)
		p.want(`["1",null,"lv:a","diff",{"0":"1"}]`)
	})
}

// A POST waits for the one before it, and not for ever.
func TestPostsAreTakenOneAfterTheOther(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := serve(t, "pipe", Options{MessageTimeout: time.Minute})
		p := s.poller(t)
		p.join("1", "lv:a")
		body, feed := io.Pipe()
		first := make(chan int, 1)
		go func() { first <- p.do(p.request(context.Background(), http.MethodPost, body)).Status }()
		if _, err := io.WriteString(feed, heartbeat[:10]); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		start := time.Now()
		if status := p.post(heartbeat); status != 408 || time.Since(start) != 10*time.Second {
			t.Errorf("a POST behind a slow one: %d after %v, want 408 after 10 s", status, time.Since(start))
		}
		second := make(chan int, 1)
		go func() { second <- p.post(`[null,"8","phoenix","heartbeat",{}]`) }()
		synctest.Wait()
		if _, err := io.WriteString(feed, heartbeat[10:]+"\n"); err != nil {
			t.Fatal(err)
		}
		p.want(beat) // as soon as it is there, and not when all of the body is
		if err := feed.Close(); err != nil {
			t.Fatal(err)
		}
		if a, b := <-first, <-second; a != 200 || b != 200 {
			t.Errorf("POSTs: %d and %d, want 200", a, b)
		}
		p.want(`[null,"8","phoenix","phx_reply",{"status":"ok","response":{}}]`)
	})
}

// Faults, row 24: a body that does not come to its end.
func TestFault24SlowPost(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := serve(t, "pipe", Options{})
		p := s.poller(t)
		p.join("1", "lv:a")
		polls := make(chan answer, 1)
		go func() {
			for {
				if a := p.get(); a.Status != 204 {
					polls <- a
					return
				}
			}
		}()
		body, feed := io.Pipe()
		start := time.Now()
		var feeding sync.WaitGroup
		defer feeding.Wait()
		defer func() { _ = body.Close() }()
		feeding.Go(func() {
			for {
				if _, err := io.WriteString(feed, "["); err != nil {
					return
				}
				time.Sleep(time.Second)
			}
		})
		a, err := p.try(p.request(context.Background(), http.MethodPost, body))
		if took := time.Since(start); took != bodyTimeout || err == nil && a.Status != 408 {
			t.Errorf("a body that drips: %+v, %v after %v, want 408 after %v", a, err, took, bodyTimeout)
		}
		if a := <-polls; a.Status != 410 {
			t.Errorf("its poll: %+v, want 410", a)
		}
		s.host.wantEnd(t, live.SocketClosed)
	})
}

// What waits for a client that does not poll is bounded.
func TestFault93LongPollThatIsNotFetched(t *testing.T) {
	onEach(t, Options{MaxQueued: 200_000}, func(t *testing.T, s *site) {
		p := s.poller(t)
		p.join("1", "lv:a")
		for range 2 { // 70,000 bytes and a few each
			p.send(`["1","2","lv:a","big",{}]`)
		}
		waitFor(t, "the messages", func() bool {
			lp := s.findPoll(p.token, p.owner)
			lp.mu.Lock()
			defer lp.mu.Unlock()
			return len(lp.queue) > 140_000
		})
		p.send(`["1","3","lv:a","big",{}]`)
		s.host.wantEnd(t, live.SocketClosed)
		if a := p.get(); a.Status != 410 {
			t.Errorf("its next poll: %d, want 410", a.Status)
		}
		// One message may always wait, however large it is.
		q := s.poller(t)
		q.join("1", "lv:a")
		q.send(`["1","2","lv:a","echo",{"x":"` + strings.Repeat("x", 60_000) + `"}]`)
		q.want(`["1","2","lv:a","phx_reply",{"status":"ok","response":{"x":"` + strings.Repeat("x", 60_000) + `"}}]`)
	})
}

// A panic of the receiver ends its long poll and nothing else.
func TestPanicInAPost(t *testing.T) {
	onEach(t, Options{}, func(t *testing.T, s *site) {
		other := s.poller(t)
		other.join("1", "lv:a")
		p := s.poller(t)
		p.join("1", "lv:bomb")
		if status := p.post(`["1","2","lv:bomb","echo",{}]`); status != 410 {
			t.Errorf("POST: %d, want 410", status)
		}
		if a := p.get(); a.Status != 410 {
			t.Errorf("the poll after it: %d, want 410", a.Status)
		}
		other.send(`["1","2","lv:a","echo",{}]`)
		other.want(`["1","2","lv:a","phx_reply",{"status":"ok","response":{}}]`)
	})
}

func TestAuthTokenOfALongPoll(t *testing.T) {
	t.Parallel()
	s := serve(t, "tcp", Options{AuthToken: true})
	p := s.newPoller(t)
	r := p.request(context.Background(), http.MethodGet, nil)
	r.Header.Set("X-Phoenix-AuthToken", "secret")
	p.token = *p.do(r).Token
	p.join("1", "lv:a")
	if j, _ := s.host.last(); j.Conn.AuthToken != "secret" {
		t.Errorf("token %q, want %q", j.Conn.AuthToken, "secret")
	}
}

// Faults, row 97: long polls that come, are left in whatever way, and go leave
// nothing.
func TestFault97LongPollsComeAndGo(t *testing.T) {
	t.Parallel()
	s := serve(t, "tcp", Options{})
	p := s.poller(t)
	p.query += "&id=x"
	rounds := 300
	if testing.Short() {
		rounds = 30
	}
	for i := range rounds {
		p.token = ""
		p.token = *p.get().Token
		p.join("1", "lv:a")
		switch i % 3 {
		case 0:
			p.send(`["1","2","lv:a","big",{}]`)
			s.Disconnect("x")
		case 1:
			p.send(`["1","2","lv:a","phx_leave",{}]`)
			s.Disconnect("x")
		case 2:
			p.post("nonsense!")
		}
		<-s.host.ended
	}
	waitFor(t, "all but the first to go", func() bool { return s.Len() <= 1 }) // which may time out
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.polls) > 1 {
		t.Errorf("%d long polls are kept", len(s.polls))
	}
}

// writer is a ResponseWriter that is only that.
type writer struct {
	header http.Header
	body   strings.Builder
	err    error
}

func (w *writer) Header() http.Header { return w.header }
func (w *writer) WriteHeader(int)     {}
func (w *writer) Write(b []byte) (int, error) {
	if w.err != nil {
		return 0, w.err
	}
	return w.body.Write(b)
}

// What an answer held is lost with it, so the long poll ends; a writer that
// merely cannot be flushed loses nothing.
func TestAnswerThatIsLost(t *testing.T) {
	t.Parallel()
	for _, lost := range []error{nil, errors.New("broken pipe")} {
		s := NewServer(echoHost{}, Options{Logger: slog.New(slog.DiscardHandler)})
		ask := func(method, token, body string, fail error) string {
			r := httptest.NewRequest(method, "/live/longpoll?vsn=2.0.0&token="+token, strings.NewReader(body))
			r.Header.Set("Content-Type", "application/x-ndjson")
			w := &writer{header: http.Header{}, err: fail}
			s.ServeLongPoll(w, r, "owner", func() *Conn { return new(Conn) })
			return w.body.String()
		}
		_, rest, _ := strings.Cut(ask("GET", "", "", nil), `"token":"`)
		token, _, _ := strings.Cut(rest, `"`)
		ask("POST", token, heartbeat, nil)
		ask("GET", token, "", lost)
		if ended := s.findPoll(token, "owner") == nil; ended != (lost != nil) {
			t.Errorf("after an answer with the error %v: ended %v", lost, ended)
		}
		if err := s.Shutdown(t.Context()); err != nil {
			t.Error(err)
		}
	}
}
