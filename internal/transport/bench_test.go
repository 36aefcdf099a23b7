package transport

import (
	"bufio"
	"log/slog"
	"net"
	"net/http/httptest"
	"os"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/gobwas/ws"

	"bennu/live"
)

// echoHost answers every message on the reader's goroutine: the cost of the
// transport alone.
type echoHost struct{}

func (echoHost) Join(j Join) live.Channel {
	j.Out.JoinReply(true, nil)
	_ = j.Out.Flush()
	return echo{j.Out}
}

type echo struct{ out live.Outlet }

func (e echo) Deliver(m live.Message) bool {
	e.out.Reply(m.Ref, true, m.Payload)
	return e.out.Flush() == nil
}

func (e echo) Stop(live.Reason) { e.out.Ended() }

const click = `["4","8","lv:phx-GOqyGI3_Z5cfdQ8x","event",{"type":"click","event":"change","value":{"number":"1","value":""}}]`

// BenchmarkEcho is a message and its reply over a connection, the client's part
// and the kernel's included: a click is answered by its view's goroutine, a
// heartbeat by the reader.
func BenchmarkEcho(b *testing.B) {
	for _, network := range []string{"tcp", "tls", "pipe"} {
		for name, message := range map[string]string{"click": click, "heartbeat": heartbeat} {
			b.Run(network+"/"+name, func(b *testing.B) {
				s := serve(b, network, Options{EventRate: Unlimited})
				s.Server.host = spawnHost{}
				nc, br := dial(b, s)
				send := frame(ws.OpText, true, message)
				b.ReportAllocs()
				for b.Loop() {
					exchange(b, nc, br, send)
				}
			})
		}
	}
}

// dial is a joined connection that reads by itself.
func dial(b *testing.B, s *site) (net.Conn, *bufio.Reader) {
	b.Helper()
	nc, br, _, err := s.handshake(ws.Dialer{}, "vsn=2.0.0")
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = nc.Close() })
	exchange(b, nc, br, frame(ws.OpText, true, `["4","4","lv:phx-GOqyGI3_Z5cfdQ8x","phx_join",{}]`))
	return nc, br
}

// exchange writes a frame and reads one of less than 64 KiB.
func exchange(b *testing.B, nc net.Conn, br *bufio.Reader, send []byte) {
	b.Helper()
	if _, err := nc.Write(send); err != nil {
		b.Fatal(err)
	}
	head, err := br.Peek(4)
	if err != nil {
		b.Fatal(err)
	}
	n := 2 + int(head[1])
	if head[1] == 126 {
		n = 4 + int(head[2])<<8 + int(head[3])
	}
	if _, err := br.Discard(n); err != nil {
		b.Fatal(err)
	}
}

// BenchmarkReceive is what one message costs without a connection: the frame,
// the header, the delivery and the reply.
func BenchmarkReceive(b *testing.B) {
	for name, message := range map[string]string{"click": click, "heartbeat": heartbeat} {
		b.Run(name, func(b *testing.B) {
			srv := NewServer(echoHost{}, Options{Logger: slog.New(slog.DiscardHandler), EventRate: 1e6})
			w := &websocket{nc: sink{}}
			w.in.raw = nowhere(b)
			w.socket = socket{srv: srv, link: w, conn: new(Conn)}
			w.messages = assembler{maxText: 1 << 16, maxBinary: 1 << 16}
			feed := func(f []byte) {
				w.in.buf = takeRead()
				w.in.n = copy(w.in.buf.b, f)
				if cause, _ := w.received(); cause != causeNone {
					b.Fatal(cause)
				}
			}
			feed(frame(ws.OpText, true, `["4","4","lv:phx-GOqyGI3_Z5cfdQ8x","phx_join",{}]`))
			f := frame(ws.OpText, true, message)
			b.ReportAllocs()
			for b.Loop() {
				feed(f)
			}
		})
	}
}

// sink is a connection that takes everything.
type sink struct{ net.Conn }

func (sink) Write(b []byte) (int, error) { return len(b), nil }

// rawSink is the same for the reader, which writes by a system call.
type rawSink struct {
	syscall.RawConn
	fd uintptr
}

func (s rawSink) Write(f func(uintptr) bool) error { f(s.fd); return nil }

func nowhere(b *testing.B) rawSink {
	f, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = f.Close() })
	return rawSink{fd: f.Fd()}
}

// spawnHost answers on goroutines of its own, as views do.
type spawnHost struct{}

func (spawnHost) Join(j Join) live.Channel {
	go func() {
		j.Out.JoinReply(true, nil)
		_ = j.Out.Flush()
	}()
	return spawn{j.Out}
}

type spawn struct{ out live.Outlet }

func (s spawn) Deliver(m live.Message) bool {
	go func() {
		s.out.Reply(m.Ref, true, m.Payload)
		_ = s.out.Flush()
	}()
	return true
}

func (s spawn) Stop(live.Reason) { s.out.Ended() }

// BenchmarkIdle reports what an idle connection holds in user space after a
// join and what else it was there for; both ends of it are in this process.
func BenchmarkIdle(b *testing.B) {
	for _, tt := range []struct{ name, send string }{
		{"joined", ""}, {"heartbeat", heartbeat}, {"click", click},
	} {
		b.Run(tt.name, func(b *testing.B) {
			s := serve(b, "tcp", Options{})
			s.Server.host = spawnHost{}
			const n = 2000
			clients := make([]net.Conn, n)
			for b.Loop() {
				heap, stack := memory()
				for i := range clients {
					nc, br := dial(b, s)
					if tt.send != "" {
						exchange(b, nc, br, frame(ws.OpText, true, tt.send))
					}
					clients[i] = nc
				}
				busyHeap, busyStack := memory()
				// Two sweeps without a word make an idle connection.
				for range 3 {
					s.sweepOnce(s.clock.Add(1))
				}
				time.Sleep(100 * time.Millisecond) // readers give their buffers back by themselves
				_, idleStack := memory()
				for _, nc := range clients {
					_ = nc.Close()
				}
				for s.Len() > 0 {
					runtime.Gosched()
				}
				b.ReportMetric(float64(busyHeap-heap)/n, "heap-B/conn")
				b.ReportMetric(float64(busyStack-stack)/n, "stack-B/conn")
				b.ReportMetric(float64(idleStack-stack)/n, "idle-stack-B/conn")
			}
		})
	}
}

// BenchmarkLongPoll is a click by POST and its reply by GET, without the HTTP
// server and its connections.
func BenchmarkLongPoll(b *testing.B) {
	s := NewServer(echoHost{}, Options{Logger: slog.New(slog.DiscardHandler), EventRate: Unlimited})
	ask := func(method, token, body string) *httptest.ResponseRecorder {
		r := httptest.NewRequest(method, "/live/longpoll?vsn=2.0.0&token="+token, strings.NewReader(body))
		r.Header.Set("Content-Type", "application/x-ndjson")
		rec := httptest.NewRecorder()
		s.ServeLongPoll(rec, r, "owner", func() *Conn { return new(Conn) })
		return rec
	}
	_, rest, _ := strings.Cut(ask("GET", "", "").Body.String(), `"token":"`)
	token, _, _ := strings.Cut(rest, `"`)
	ask("POST", token, `["4","4","lv:phx-GOqyGI3_Z5cfdQ8x","phx_join",{}]`)
	ask("GET", token, "")
	b.ReportAllocs()
	for b.Loop() {
		ask("POST", token, click)
		if got := ask("GET", token, "").Body.String(); !strings.HasPrefix(got, `{"status":200`) {
			b.Fatal(got)
		}
	}
	b.StopTimer()
	if err := s.Shutdown(b.Context()); err != nil {
		b.Fatal(err)
	}
}

// BenchmarkIdlePoll reports what a long poll holds between two polls.
func BenchmarkIdlePoll(b *testing.B) {
	s := NewServer(echoHost{}, Options{Logger: slog.New(slog.DiscardHandler)})
	const n = 2000
	for b.Loop() {
		heap, stack := memory()
		for range n {
			if s.admit(httptest.NewRecorder()) != nil {
				b.Fatal("refused")
			}
			p := s.openPoll(new(Conn), "owner")
			p.text([]byte(`["4","4","lv:phx-GOqyGI3_Z5cfdQ8x","phx_join",{}]`))
			p.fetch()
		}
		heapThen, stackThen := memory()
		b.ReportMetric(float64(heapThen-heap)/n, "heap-B/poll")
		b.ReportMetric(float64(stackThen-stack)/n, "stack-B/poll")
		if err := s.Shutdown(b.Context()); err != nil {
			b.Fatal(err)
		}
		s = NewServer(echoHost{}, Options{Logger: slog.New(slog.DiscardHandler)})
	}
}

// memory is what is in use after a collection.
func memory() (heap, stack uint64) {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc, m.StackInuse
}
