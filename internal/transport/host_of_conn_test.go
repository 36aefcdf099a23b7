package transport

import (
	"errors"
	"net/http"
	"slices"
	"testing"

	"bennu/internal/wire"
	"bennu/live"
)

// sharer answers each message by a broadcast and by bytes.
type sharer struct{ out Outlet }

func (h sharer) Join(j Join) live.Channel {
	j.Out.Share(&wire.Broadcast{Topic: j.Topic, Event: "early"}) // goes nowhere: the join is not answered
	j.Out.JoinReplyData(true, []byte{1})
	_ = j.Out.Flush() // the test reads it
	return sharer{j.Out}
}

func (h sharer) Deliver(m live.Message) bool {
	h.out.ReplyData(m.Ref, false, []byte{2, 3})
	h.out.PushData("bytes", nil)
	_ = h.out.Flush() // as above
	h.out.Share(&wire.Broadcast{Topic: "a", Event: "all", Payload: []byte(`{"n":1}`)})
	h.out.Share(&wire.Broadcast{Topic: "a", Event: "all", Payload: []byte{4}, Binary: true})
	return true
}

func (h sharer) Stop(live.Reason) {
	h.out.Share(&wire.Broadcast{Topic: "a", Event: "late"}) // goes nowhere
	h.out.Ended()
}

func TestConnHasAHostOfItsOwn(t *testing.T) {
	t.Parallel()
	for name, accept := range map[string]func(*Conn) error{
		"accepted": func(c *Conn) error { c.Host = sharer{}; return nil },
		"refused":  func(*Conn) error { return errors.New("who is it?") },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := &Conn{Accept: accept}
			err := c.accept()
			var refusal *RefusedError
			if name == "refused" {
				if !errors.As(err, &refusal) || refusal.Status != http.StatusForbidden {
					t.Errorf("%v, want a refusal with 403", err)
				}
				return
			}
			if err != nil || c.Host == nil || c.Accept != nil {
				t.Errorf("%v, %+v, want a host and nothing of the request", err, c)
			}
		})
	}
	s := &socket{srv: NewServer(newFakeHost(), Options{}), conn: &Conn{Host: sharer{}}}
	out := new(lines)
	s.link = out
	for _, m := range []string{`["1","1","a","phx_join",{}]`, `["1","2","a","x",{}]`, `["1","3","a","phx_leave",{}]`} {
		if cause := s.text([]byte(m)); cause != causeNone {
			t.Fatal(cause)
		}
		s.flush()
	}
	want := []string{
		"\x01\x01\x01\x01\x0211aok\x01",
		"\x01\x01\x01\x01\x0512aerror\x02\x03", "\x00\x01\x01\x051abytes",
		`[null,null,"a","all",{"n":1}]`, "\x02\x01\x03aall\x04",
		`["1","3","a","phx_reply",{"status":"ok","response":{}}]`, `["1","1","a","phx_close",{}]`,
	}
	var got []string
	for _, m := range out.sent {
		got = append(got, string(m))
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
