package transport

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"
)

// A poller is a client of long polling that does as the official one, a request
// at a time.
type poller struct {
	tb    testing.TB
	http  *http.Client
	query string
	token string
	owner string // the browser
	seen  []string
}

// answer is the body of a response.
type answer struct {
	Status   int
	Token    *string
	Messages []string
}

// poller is a client whose first poll has opened it.
func (s *site) poller(tb testing.TB) *poller {
	tb.Helper()
	p := s.newPoller(tb)
	if a := p.get(); a.Status != 410 || a.Token == nil || len(a.Messages) != 0 {
		tb.Fatalf("the first poll is answered with %+v, want 410 and a token", a)
	} else {
		p.token = *a.Token
	}
	return p
}

func (s *site) newPoller(tb testing.TB) *poller {
	transport := &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) { return s.dial() }}
	tb.Cleanup(transport.CloseIdleConnections)
	return &poller{tb: tb, http: &http.Client{Transport: transport}, query: "vsn=2.0.0", owner: "browser 1"}
}

// request is one of the client's.
func (p *poller) request(ctx context.Context, method string, body io.Reader) *http.Request {
	p.tb.Helper()
	r, err := http.NewRequestWithContext(ctx, method, "http://test/live/longpoll?"+p.query+"&token="+p.token, body)
	if err != nil {
		p.tb.Fatal(err)
	}
	r.Header.Set("Owner", p.owner)
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-ndjson")
	}
	return r
}

// do sends a request and reads its answer, which must be as all are.
func (p *poller) do(r *http.Request) answer {
	p.tb.Helper()
	a, err := p.try(r)
	if err != nil {
		p.tb.Fatalf("%s: %v", r.Method, err)
	}
	return a
}

func (p *poller) try(r *http.Request) (answer, error) {
	resp, err := p.http.Do(r)
	if err != nil {
		return answer{}, err
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		return answer{}, err
	}
	if resp.StatusCode != http.StatusOK {
		p.tb.Errorf("%s is answered with HTTP %s, want 200 whatever happens", r.Method, resp.Status)
	}
	for name, want := range map[string]string{"Content-Type": "application/json; charset=utf-8", "Cache-Control": "no-store", "Access-Control-Allow-Origin": "*"} {
		if got := resp.Header.Get(name); got != want {
			p.tb.Errorf("%s: %s %q, want %q", r.Method, name, got, want)
		}
	}
	var out answer
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(&out); err != nil {
		p.tb.Errorf("%s is answered with %q: %v", r.Method, b, err)
	}
	return out, nil
}

// get polls once.
func (p *poller) get() answer {
	p.tb.Helper()
	return p.do(p.request(context.Background(), http.MethodGet, nil))
}

// post sends messages in one request.
func (p *poller) post(lines ...string) int {
	p.tb.Helper()
	return p.do(p.request(context.Background(), http.MethodPost, strings.NewReader(strings.Join(lines, "\n")))).Status
}

// send posts messages that are taken.
func (p *poller) send(lines ...string) {
	p.tb.Helper()
	if status := p.post(lines...); status != 200 {
		p.tb.Fatalf("POST of %q: status %d, want 200", lines, status)
	}
}

// want polls until these messages have come, which must be the next ones.
func (p *poller) want(messages ...string) {
	p.tb.Helper()
	for len(p.seen) < len(messages) {
		a := p.get()
		if a.Status != 200 {
			p.tb.Fatalf("a poll is answered with %d, want messages %q", a.Status, messages)
		}
		if a.Token == nil || *a.Token != p.token {
			p.tb.Fatalf("a poll carries the token %v, want %s", a.Token, p.token)
		}
		p.seen = append(p.seen, a.Messages...)
	}
	if got := p.seen[:len(messages)]; !slices.Equal(got, messages) {
		p.tb.Fatalf("got  %q\nwant %q", got, messages)
	}
	p.seen = p.seen[len(messages):]
}

// join joins a topic with that join_ref.
func (p *poller) join(ref, topic string) {
	p.tb.Helper()
	p.send(`["` + ref + `","` + ref + `","` + topic + `","phx_join",{}]`)
	p.want(joinReply(ref, topic))
}
