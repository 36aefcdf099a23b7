package transport

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"bennu/internal/wire"
)

// FuzzPollLines holds the lines that are taken from a body, in whatever pieces
// it comes, against a split of the whole.
func FuzzPollLines(f *testing.F) {
	for _, s := range []string{"", "\n", "a", "a\nb", "a\r\nb\n", "\n\n\n", "a\n\nb", strings.Repeat("a\n", 9), strings.Repeat("a", 70), "a\r", "\r\n"} {
		f.Add([]byte(s), uint8(3))
	}
	o := Options{MaxMessage: 60, MaxBinary: 45, MaxPollLines: 5}.withDefaults() // 60 in base64 too
	f.Fuzz(func(t *testing.T, body []byte, part uint8) {
		var r io.Reader = bytes.NewReader(body)
		switch part % 4 {
		case 0:
			r = iotest.OneByteReader(r)
		case 1:
			r = iotest.DataErrReader(r)
		case 2:
			r = iotest.HalfReader(r)
		}
		reads := 0
		in := newPollLines(r, &o, func() { reads++ })
		defer in.release()
		var got []string
		var cause Cause
		for {
			line, why, more := in.next()
			if why != causeNone || !more {
				cause = why
				break
			}
			got = append(got, string(line))
		}
		want, wantCause := splitLines(string(body))
		if !slices.Equal(got, want) || cause != wantCause {
			t.Fatalf("lines of %q: %q and %v, want %q and %v", body, got, cause, want, wantCause)
		}
		if len(in.buf.b) > readSize {
			t.Fatalf("a buffer of %d bytes for lines of at most 60", len(in.buf.b))
		}
	})
}

// splitLines is what pollLines does, in the simplest way.
func splitLines(body string) (lines []string, cause Cause) {
	all := strings.Split(body, "\n")
	if last := len(all) - 1; all[last] == "" {
		all = all[:last]
	}
	for i, line := range all {
		long := len(line) > 61 && i == len(all)-1 && !strings.HasSuffix(body, "\n") // before its end is known
		line = strings.TrimSuffix(line, "\r")
		switch {
		case len(line) > 60 || long || len(lines) == 5:
			return lines, TooBig
		case line == "":
			return lines, BadMessage
		}
		lines = append(lines, line)
	}
	return lines, causeNone
}

// FuzzLongPoll posts a body to a long poll and polls it: whatever the body, all
// answers are as the protocol says and every message in them is well-formed.
func FuzzLongPoll(f *testing.F) {
	for _, s := range []string{
		"", heartbeat, heartbeat + "\n" + heartbeat, "\n", "AAEBBAUxMmx2OjBjaHVua2FiYw==",
		`["1","1","lv:a","phx_join",{}]` + "\n" + `["1","2","lv:a","push",{"a":"\"\\\u0001"}]`,
		`["1","1","lv:a","phx_join",{}]` + "\n" + `["1","2","lv:a","crash",{}]` + "\n" + `["1","3","lv:a","phx_leave",{}]`,
	} {
		f.Add([]byte(s))
	}
	srv := NewServer(stillHost{}, Options{Logger: slog.New(slog.DiscardHandler), MaxChannels: 3})
	f.Cleanup(func() {
		if err := srv.Shutdown(context.Background()); err != nil {
			f.Error(err)
		}
	})
	ask := func(t *testing.T, method, token string, body []byte) answer {
		r := httptest.NewRequest(method, "/live/longpoll?vsn=2.0.0&token="+token, bytes.NewReader(body))
		r.Header.Set("Content-Type", "application/x-ndjson")
		rec := httptest.NewRecorder()
		srv.ServeLongPoll(rec, r, "owner", func() *Conn { return new(Conn) })
		var a answer
		if err := json.Unmarshal(rec.Body.Bytes(), &a); err != nil || rec.Code != http.StatusOK {
			t.Fatalf("%s is answered with %d %q: %v", method, rec.Code, rec.Body, err)
		}
		return a
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		first := ask(t, http.MethodGet, "", nil)
		p := srv.findPoll(*first.Token, "owner")
		posted := ask(t, http.MethodPost, *first.Token, body)
		switch posted.Status {
		case 200, 400, 413, 410:
		default:
			t.Fatalf("status %d", posted.Status)
		}
		if posted.Status == 200 {
			p.wake()
			p.mu.Lock()
			some := len(p.queue) > 0
			p.mu.Unlock()
			if some {
				polled := ask(t, http.MethodGet, *first.Token, nil)
				for _, m := range polled.Messages {
					if _, err := wire.Parse([]byte(m)); err != nil {
						t.Fatalf("sent %q: %v", m, err)
					}
				}
			}
		} else if srv.findPoll(*first.Token, "owner") != nil {
			t.Fatalf("a long poll goes on after status %d", posted.Status)
		}
		p.end(Disconnected)
		if p.running != 0 || p.queue != nil {
			t.Fatalf("%d receivers and %d bytes are left", p.running, len(p.queue))
		}
	})
}

func TestEscape(t *testing.T) {
	t.Parallel()
	var all []byte
	for c := range 128 {
		all = append(all, byte(c))
	}
	for _, text := range []string{"", "a", `"`, `\`, "\n", `a"b`, "\x00\x1f\x20\x7f", "é\u2028", string(all), strings.Repeat(`"`, 5000)} {
		b := append([]byte("before"), '"')
		b = append(escape(append(b, text...), len("before")+1), '"')
		var got string
		if err := json.Unmarshal(b[len("before"):], &got); err != nil || got != text {
			t.Errorf("%q became %q: %v", text, b[len("before"):], err)
		}
	}
}
