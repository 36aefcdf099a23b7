package transport

import (
	"bufio"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/gobwas/ws"

	"bennu/live"
)

// The tests are named by the rows of the table of attacks and faults. Those
// about time are in sweep_test.go, those about long polling in longpoll_test.go.

// Faults, row 25: joins that take the place of each other, each of
// which keeps working, are limited too.
func TestFault25JoinsDoNotPileUp(t *testing.T) {
	onEach(t, Options{MaxChannels: 10}, func(t *testing.T, s *site) {
		c := s.connect(t)
		const stuck = 20 // twice the limit
		for i := range stuck {
			ref := fmt.Sprint(i)
			c.send(`["` + ref + `","` + ref + `","lv:a","phx_join",{}]`)
			if i > 0 {
				before := fmt.Sprint(i - 1)
				c.want(`["` + before + `","` + before + `","lv:a","phx_close",{}]`)
			}
			c.want(joinReply(ref, "lv:a"))
			c.send(`["` + ref + `","x","lv:a","block",{}]`)
			waitFor(t, "the view to be busy", s.host.lastIsBusy)
		}
		c.send(`["99","99","lv:a","phx_join",{}]`)
		c.want(`["19","19","lv:a","phx_close",{}]`, `["99","99","lv:a","phx_reply",{"status":"error","response":{"reason":"too many channels joined"}}]`)
		close(s.host.hold)
		for range stuck {
			s.host.wantEnd(t, live.Superseded)
		}
		waitFor(t, "the views to end", func() bool {
			s.mu.Lock()
			defer s.mu.Unlock()
			w := s.sockets[0]
			w.mu.Lock()
			defer w.mu.Unlock()
			return w.running == 0
		})
		c.join("100", "lv:a")
	})
}

// lastIsBusy reports that the last view is at a message that takes long.
func (h *fakeHost) lastIsBusy() bool {
	_, v := h.last()
	return v.busy.Load()
}

func TestFault51MessageAboveTheLimit(t *testing.T) {
	onEach(t, Options{}, func(t *testing.T, s *site) {
		other := s.connect(t)
		other.join("1", "lv:a")
		tests := map[string][]byte{
			"text":      frame(ws.OpText, true, strings.Repeat(" ", 64<<10+1)),
			"chunk":     frame(ws.OpBinary, true, strings.Repeat("\x00", 66<<10+1)),
			"announced": {0x81, 0xff, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1, 2, 3, 4},
		}
		for name, send := range tests {
			c := s.connect(t)
			c.join("1", "lv:b")
			var wg sync.WaitGroup
			wg.Go(func() { _, _ = c.nc.Write(send) }) // the server may close before it has read all
			c.tb = named{t, name}
			c.wantClose(CloseTooBig)
			_ = c.nc.Close()
			wg.Wait()
			s.host.wantEnd(t, live.SocketClosed)
		}
		c := s.connect(t)
		c.join("1", "lv:b")
		c.raw(frame(ws.OpText, true, `["1","2","lv:b","echo",{}`+strings.Repeat(" ", 64<<10-26)+`]`))
		c.want(`["1","2","lv:b","phx_reply",{"status":"ok","response":{}}]`)
		other.send(`["1","2","lv:a","echo",{}]`)
		other.want(`["1","2","lv:a","phx_reply",{"status":"ok","response":{}}]`)
	})
}

// Nothing is inflated, because nothing is agreed to be compressed.
func TestFault53CompressedBomb(t *testing.T) {
	onEach(t, Options{}, func(t *testing.T, s *site) {
		nc, err := s.dial()
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = nc.Close() }()
		r, err := http.NewRequest(http.MethodGet, "http://test/?vsn=2.0.0", nil)
		if err != nil {
			t.Fatal(err)
		}
		for name, value := range map[string]string{
			"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
			"Sec-WebSocket-Extensions": "permessage-deflate; client_max_window_bits",
		} {
			r.Header.Set(name, value)
		}
		if err := r.Write(nc); err != nil {
			t.Fatal(err)
		}
		br := bufio.NewReader(nc)
		resp, err := http.ReadResponse(br, r)
		if err != nil {
			t.Fatal(err)
		}
		if got := resp.Header.Get("Sec-WebSocket-Extensions"); resp.StatusCode != 101 || got != "" {
			t.Fatalf("status %s, extensions %q, want none", resp.Status, got)
		}
		c := newClient(nc, br)
		c.tb = t
		c.raw(flip(frame(ws.OpText, true, "\xaa\x56\x4a\x04\x00"), 0x40))
		c.wantClose(CloseProtocol)
	})
}

// malformed is a message and how it is taken.
type malformed struct {
	name string
	op   ws.OpCode
	text string
	want CloseCode // closeNone: it is a heartbeat all the same
}

// sendEach sends each message on a connection of its own.
func sendEach(t *testing.T, messages []malformed) {
	onEach(t, Options{}, func(t *testing.T, s *site) {
		other := s.connect(t)
		other.join("1", "lv:a")
		for _, m := range messages {
			c := s.connect(t)
			c.tb = named{t, m.name}
			if m.want == CloseTooBig { // the server closes before it has read all
				done := make(chan struct{})
				go func() {
					defer close(done)
					_, _ = c.nc.Write(frame(m.op, true, m.text))
				}()
				c.wantClose(m.want)
				_ = c.nc.Close()
				<-done
				continue
			}
			c.raw(frame(m.op, true, m.text))
			if m.want != closeNone {
				c.wantClose(m.want)
				continue
			}
			c.want(beat)
		}
		other.wantQuiet()
	})
}

func TestFault56MalformedMessages(t *testing.T) {
	sendEach(t, []malformed{
		{"no JSON", ws.OpText, `hello`, CloseInvalid},
		{"nothing", ws.OpText, ``, CloseInvalid},
		{"not an array", ws.OpText, `{"topic":"phoenix"}`, CloseInvalid},
		{"a number", ws.OpText, `1`, CloseInvalid},
		{"four elements", ws.OpText, `[null,"7","phoenix","heartbeat"]`, CloseInvalid},
		{"a topic that is a map", ws.OpText, `[null,"7",{},"heartbeat",{}]`, CloseInvalid},
		{"an event that is null", ws.OpText, `[null,"7","phoenix",null,{}]`, CloseInvalid},
		{"a ref that is a number", ws.OpText, `[null,7,"phoenix","heartbeat",{}]`, CloseInvalid},
		{"two arrays", ws.OpText, `[null,"7","phoenix","heartbeat",{}][]`, CloseInvalid},
		{"no UTF-8", ws.OpText, "[null,\"7\",\"phoenix\",\"heartbeat\",\"\xff\"]", CloseInvalid},
		{"duplicate keys", ws.OpText, `[null,"7","phoenix","heartbeat",{"a":1,"a":2}]`, closeNone},
		{"1e999", ws.OpText, `[null,"7","phoenix","heartbeat",{"a":1e999}]`, closeNone},
		{"six elements", ws.OpText, `[null,"7","phoenix","heartbeat",{},1]`, closeNone},
	})
}

func TestFault57DeepNesting(t *testing.T) {
	sendEach(t, []malformed{
		{"60k deep, as much as fits", ws.OpText, `[null,"7","phoenix","heartbeat",` + strings.Repeat("[", 60_000), CloseInvalid},
		{"60k maps deep", ws.OpText, `[null,"7","phoenix","heartbeat",` + strings.Repeat(`{"":`, 16_000), CloseInvalid},
		{"65 deep", ws.OpText, `[null,"7","phoenix","heartbeat",` + strings.Repeat("[", 64) + strings.Repeat("]", 64) + `]`, CloseInvalid},
		{"64 deep", ws.OpText, `[null,"7","phoenix","heartbeat",` + strings.Repeat("[", 63) + strings.Repeat("]", 63) + `]`, closeNone},
	})
}

// The bound on bytes is the one on elements: as many as fit are taken, more are
// not read.
func TestFault58ManyElements(t *testing.T) {
	sendEach(t, []malformed{
		{"an endless array", ws.OpText, `[null,"7","phoenix","heartbeat",{"a":` + strings.Repeat("[1,", 20_000) + `1]}]`, CloseInvalid},
		{"a million elements", ws.OpText, `[null,"7","phoenix","heartbeat",[` + strings.Repeat("1,", 1_000_000) + `1]]`, CloseTooBig},
		{"as many as fit", ws.OpText, `[null,"7","phoenix","heartbeat",[` + strings.Repeat("1,", 30_000) + `1]]`, closeNone},
		{"as many keys as fit", ws.OpText, `[null,"7","phoenix","heartbeat",{` + strings.Repeat(`"":1,`, 12_000) + `"":1}]`, closeNone},
	})
}

func TestFault59BinaryHeadersThatLie(t *testing.T) {
	sendEach(t, []malformed{
		{"no header", ws.OpBinary, "", CloseInvalid},
		{"half a header", ws.OpBinary, "\x00\x01\x01", CloseInvalid},
		{"lengths that lie", ws.OpBinary, "\x00\xff\xff\xff\xffabc", CloseInvalid},
		{"one byte too few", ws.OpBinary, "\x00\x00\x01\x07\x0a7phoenixheartbeat", CloseInvalid},
		{"another kind", ws.OpBinary, "\x07\x00\x00\x00\x00", CloseInvalid},
		{"a name that is no text", ws.OpBinary, "\x00\x00\x01\x01\x01\xff\xff\xff", CloseInvalid},
		{"a heartbeat", ws.OpBinary, "\x00\x00\x01\x07\x097phoenixheartbeat", closeNone},
	})
}

func TestFault60UnknownTopicsAndEvents(t *testing.T) {
	onEach(t, Options{}, func(t *testing.T, s *site) {
		c := s.connect(t)
		for _, topic := range []string{"", "lv", "phoenix", "room:1", strings.Repeat("t", 255)} {
			for _, event := range []string{"", "event", strings.Repeat("e", 255)} {
				c.send(`["1","2","` + topic + `","` + event + `",{}]`)
				c.want(`[null,"2","` + topic + `","phx_reply",{"status":"error","response":{"reason":"unmatched topic"}}]`)
			}
		}
		// A binary message is none that joins.
		c.raw(frame(ws.OpBinary, true, "\x00\x01\x01\x04\x0811lv:aphx_joinraw"))
		c.want(`["1","1","lv:a","phx_reply",{"status":"error","response":{"reason":"binary join"}}]`)
		c.join("1", "lv:a")
		// And receivers are told which is one.
		c.raw(frame(ws.OpBinary, true, "\x00\x01\x01\x04\x0412lv:akind{}"))
		c.send(`["1","3","lv:a","kind",{}]`)
		c.want(`["1","2","lv:a","phx_reply",{"status":"ok","response":{"binary":true}}]`, `["1","3","lv:a","phx_reply",{"status":"ok","response":{"binary":false}}]`)
	})
}

// Too many messages wait for views that are stuck: one of them ends.
func TestFault87WaitingBytesAreBounded(t *testing.T) {
	onEach(t, Options{MaxWaiting: 100_000}, func(t *testing.T, s *site) {
		c := s.connect(t)
		topics := []string{"lv:a", "lv:b", "lv:c", "lv:d"}
		for i, topic := range topics {
			c.join(fmt.Sprint(i), topic)
			_, v := s.host.last()
			v.counts = true
		}
		for _, topic := range topics[:3] {
			c.send(`[null,"9","`+topic+`","block",{}]`, `[null,"9","`+topic+`","echo",{"x":"`+strings.Repeat("x", 40_000)+`"}]`)
		}
		c.want(`["2","2","lv:c","phx_error",{"reason":"channel_crash"}]`)
		close(s.host.hold)
		s.host.wantEnd(t, live.Overloaded)
		c.send(`[null,"9","lv:d","echo",{}]`)
		for range 5 { // two that were stuck with an echo each, and the last one
			c.read()
		}
	})
}

// Faults, row 96: connections above the limit are refused at once, with a hint
// when to come again.
func TestFault96SocketsAreLimited(t *testing.T) {
	onEach(t, Options{MaxSockets: 3}, func(t *testing.T, s *site) {
		a, b := s.connect(t), s.poller(t)
		a.join("1", "lv:a")
		b.join("1", "lv:a")
		c := s.connect(t)
		c.join("1", "lv:a")
		for range 3 {
			_, err := s.upgrade(ws.Dialer{}, "vsn=2.0.0")
			var status ws.StatusError
			if !errors.As(err, &status) || int(status) != 503 {
				t.Errorf("a connection above the limit: %v, want status 503", err)
			}
			p := s.newPoller(t)
			resp, err := p.http.Do(p.request(t.Context(), http.MethodGet, nil))
			if err != nil {
				t.Fatal(err)
			}
			resp.Body.Close()
			if again := resp.Header.Get("Retry-After"); resp.StatusCode != 503 || again < "1" || again > "5" {
				t.Errorf("a long poll above the limit: %s, Retry-After %q", resp.Status, again)
			}
		}
		c.raw(closing(1000, ""))
		s.host.wantEnd(t, live.SocketClosed)
		waitFor(t, "room", func() bool { return s.Len() == 2 })
		d := s.connect(t)
		d.join("1", "lv:a")
		a.wantQuiet()
	})
}
