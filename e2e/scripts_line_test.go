package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"

	"github.com/coder/websocket"
)

// wire carries a visitor's messages.
type wire interface {
	send(ctx context.Context, message string) error
	recv(ctx context.Context) (string, error)
	// cut ends it without a word to the server.
	cut()
}

// connect opens a connection of the page's, by a WebSocket or by long polling.
func (v *visit) connect(ctx context.Context, poll bool) (wire, error) {
	u, err := url.Parse(v.url)
	if err != nil {
		return nil, err
	}
	query := "?_csrf_token=" + url.QueryEscape(v.csrf) + "&_mounts=0&_mount_attempts=0&vsn=2.0.0"
	origin := u.Scheme + "://" + u.Host
	if poll {
		return openPoll(ctx, v.client, origin+v.livePath+"/longpoll"+query, origin)
	}
	header := http.Header{"Origin": {origin}}
	for _, c := range v.client.Jar.Cookies(u) {
		header.Add("Cookie", c.Name+"="+c.Value)
	}
	conn, _, err := websocket.Dial(ctx, "ws://"+u.Host+v.livePath+"/websocket"+query, &websocket.DialOptions{HTTPHeader: header})
	if err != nil {
		return nil, err
	}
	conn.SetReadLimit(8 << 20)
	return wsWire{conn}, nil
}

type wsWire struct{ conn *websocket.Conn }

func (w wsWire) send(ctx context.Context, message string) error {
	return w.conn.Write(ctx, websocket.MessageText, []byte(message))
}

func (w wsWire) recv(ctx context.Context) (string, error) {
	_, b, err := w.conn.Read(ctx)
	return string(b), err
}

func (w wsWire) cut() { _ = w.conn.CloseNow() } // that is what it is for

// pollWire is a WebSocket's replacement where none gets through.
type pollWire struct {
	client          *http.Client
	address, origin string
	token           string
	come            chan string // what has come
	err             error       // why no more will; readable when come is closed
	ctx             context.Context
	stop            context.CancelFunc
	polling         sync.WaitGroup
}

// polled is the body of every answer.
type polled struct {
	Status   int
	Token    string
	Messages []string
}

// openPoll opens one and goes on polling, as the client does, until it is cut.
func openPoll(ctx context.Context, client *http.Client, address, origin string) (*pollWire, error) {
	p := &pollWire{client: client, address: address, origin: origin, come: make(chan string, 64)}
	a, err := p.request(ctx, http.MethodGet, nil)
	if err == nil && a.Status != http.StatusGone {
		err = fmt.Errorf("the first poll is answered with %d, want 410 and a token", a.Status)
	}
	if err != nil {
		return nil, err
	}
	p.token = a.Token
	p.ctx, p.stop = context.WithCancel(context.Background())
	p.polling.Go(p.poll)
	return p, nil
}

func (p *pollWire) poll() {
	defer close(p.come)
	for {
		a, err := p.request(p.ctx, http.MethodGet, nil)
		if err == nil && a.Status != http.StatusOK && a.Status != http.StatusNoContent {
			err = fmt.Errorf("a poll is answered with %d", a.Status)
		}
		if err != nil {
			p.err = err
			return
		}
		for _, m := range a.Messages {
			select {
			case p.come <- m:
			case <-p.ctx.Done():
				p.err = p.ctx.Err()
				return
			}
		}
	}
}

func (p *pollWire) request(ctx context.Context, method string, body io.Reader) (a polled, err error) {
	r, err := http.NewRequestWithContext(ctx, method, p.address+"&token="+url.QueryEscape(p.token), body)
	if err != nil {
		return a, err
	}
	r.Header.Set("Origin", p.origin)
	if body != nil {
		r.Header.Set("Content-Type", "application/x-ndjson")
	}
	resp, err := p.client.Do(r)
	if err != nil {
		return a, err
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		return a, err
	}
	if err := json.Unmarshal(text, &a); err != nil {
		return a, fmt.Errorf("%s %s: %w", resp.Status, text, err)
	}
	return a, nil
}

func (p *pollWire) send(ctx context.Context, message string) error {
	a, err := p.request(ctx, http.MethodPost, strings.NewReader(message))
	if err == nil && a.Status != http.StatusOK {
		err = fmt.Errorf("a POST is answered with %d", a.Status)
	}
	return err
}

func (p *pollWire) recv(ctx context.Context) (string, error) {
	select {
	case m, ok := <-p.come:
		if !ok {
			return "", p.err
		}
		return m, nil
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

func (p *pollWire) cut() {
	p.stop()
	p.polling.Wait()
}

// message is one as the client writes it; payload is JSON.
func message(joinRef, ref, topic, event, payload string) string {
	var b bytes.Buffer
	b.WriteByte('[')
	for _, part := range []string{joinRef, ref, topic, event} {
		text, _ := json.Marshal(part) // of a string
		if part == "" {
			text = []byte("null")
		}
		b.Write(text)
		b.WriteByte(',')
	}
	b.WriteString(payload)
	b.WriteByte(']')
	return b.String()
}
