package transport

import (
	"log/slog"
	"sync/atomic"
	"testing"

	"bennu/internal/wire"
	"bennu/live"
)

// lines is a link that keeps messages as they are, each with its length before
// it, so that nothing of the framing stands between a test and the socket.
type lines struct{ sent [][]byte }

func (l *lines) open(dst []byte, _ int) []byte                { return append(dst, 0, 0, 0) }
func (l *lines) seal(dst []byte, start, _ int, _ bool) []byte { return putLength(dst, start) }
func (l *lines) carriesBinary() bool                          { return true }
func (l *lines) form(b *wire.Broadcast) []byte {
	return l.seal(wire.AppendBroadcast(l.open(nil, 0), b), 0, 0, b.Binary)
}
func (l *lines) send(frames []byte, _ *atomic.Bool) error {
	for len(frames) > 0 {
		n := 3 + int(frames[0])<<16 + int(frames[1])<<8 + int(frames[2])
		l.sent = append(l.sent, append([]byte(nil), frames[3:n]...))
		frames = frames[n:]
	}
	return nil
}

func (l *lines) say(frames []byte) { _ = l.send(frames, nil) }

func putLength(dst []byte, start int) []byte {
	n := len(dst) - start - 3
	dst[start], dst[start+1], dst[start+2] = byte(n>>16), byte(n>>8), byte(n)
	return dst
}

// still is a receiver that answers at once, on the reader's goroutine, so that
// a fuzzed sequence is repeatable.
type still struct {
	out   live.Outlet
	ended bool
}

func (s *still) Deliver(m live.Message) bool {
	switch m.Event {
	case "full":
		return false
	case "crash":
		s.out.Fail()
		s.end()
	case "close":
		s.out.Close()
		s.end()
	case "push":
		s.out.Push(m.Event, m.Payload)
	default:
		s.out.Reply(m.Ref, len(m.Payload)%2 == 0, nil)
	}
	return s.out.Flush() == nil
}

func (s *still) Stop(live.Reason) {
	s.out.Push("late", nil)
	s.out.Fail()
	_ = s.out.Flush()
	s.end()
}

func (s *still) end() {
	if !s.ended {
		s.ended = true
		s.out.Ended()
	}
}

type stillHost struct{}

func (stillHost) Join(j Join) live.Channel {
	if len(j.Topic)%5 == 0 {
		return nil
	}
	v := &still{out: j.Out}
	ok := len(j.Topic)%3 != 0
	j.Out.JoinReply(ok, nil)
	_ = j.Out.Flush()
	if !ok {
		v.end()
	}
	return v
}

// FuzzSocket sends messages to a socket, one a line, and holds what comes back
// against the channel protocol: it is well-formed, no topic speaks before its
// join was answered or after its end, and nothing panics.
func FuzzSocket(f *testing.F) {
	for _, s := range []string{
		`["1","1","lv:a","phx_join",{}]` + "\n" + `["1","2","lv:a","push",{}]` + "\n" + `["1","3","lv:a","crash",{}]`,
		`["1","1","lv:a","phx_join",{}]` + "\n" + `["2","2","lv:a","phx_join",{}]` + "\n" + `["1","3","lv:a","event",{}]` + "\n" + `["2","4","lv:a","phx_leave",{}]`,
		`["1","1","lv:a","phx_join",{}]` + "\n" + `["1","2","lv:a","full",{}]` + "\n" + `[null,"3","lv:a","close",{}]`,
		`[null,"7","phoenix","heartbeat",{}]` + "\n" + `[null,null,"a\"b","phx_join",{}]`,
	} {
		f.Add([]byte(s))
	}
	srv := NewServer(stillHost{}, Options{Logger: slog.New(slog.DiscardHandler), MaxChannels: 3})
	f.Fuzz(func(t *testing.T, stream []byte) {
		l := new(lines)
		s := &socket{srv: srv, link: l, conn: new(Conn)}
		for start, i := 0, 0; i <= len(stream); i++ {
			if i < len(stream) && stream[i] != '\n' {
				continue
			}
			s.text(stream[start:i])
			s.binary(stream[start:i])
			s.flush()
			start = i + 1
			if len(s.topics) > srv.opt.MaxChannels {
				t.Fatalf("%d topics are joined", len(s.topics))
			}
		}
		type instance struct{ topic, joinRef string }
		alive := map[instance]bool{}
		for _, text := range l.sent {
			f, err := wire.Parse(text)
			if err != nil {
				t.Fatalf("sent %q: %v", text, err)
			}
			in := instance{string(f.Topic), string(f.JoinRef)}
			switch string(f.Event) {
			case "phx_reply":
				alive[in] = alive[in] || string(f.Payload) == `{"status":"ok","response":{}}`
			case "phx_close", "phx_error":
				if !alive[in] {
					t.Fatalf("sent %s for what is not joined, in %q", text, l.sent)
				}
				alive[in] = false
			case "push":
				if !alive[in] {
					t.Fatalf("sent %s for what is not joined, in %q", text, l.sent)
				}
			case "late":
				t.Fatalf("sent %s after the end", text)
			}
		}
		s.stop(live.SocketClosed)
		if len(s.topics) != 0 || s.running != 0 {
			t.Fatalf("%d topics are left, and %d receivers", len(s.topics), s.running)
		}
	})
}
