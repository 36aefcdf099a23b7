package e2e

import (
	"bytes"
	"log/slog"
	"strings"
	"sync"
	"testing"

	"bennu"
	"bennu/e2e/views"
	"bennu/live"
)

// journal is the log of an App in this process.
type journal struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (j *journal) Write(b []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.Write(b)
}

func (j *journal) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.String()
}

// lines are the lines of the log so far with the message.
func (j *journal) lines(msg string) []string {
	var found []string
	for line := range strings.Lines(j.String()) {
		if strings.Contains(line, " msg="+msg+" ") || strings.Contains(line, ` msg="`+msg+`" `) {
			found = append(found, strings.TrimSpace(line))
		}
	}
	return found
}

// peeking is an App with the view that logs its Socket, and what it logs.
func peeking(t *testing.T) (*app, *journal) {
	t.Helper()
	j := new(journal)
	log := slog.New(slog.NewTextHandler(j, &slog.HandlerOptions{Level: slog.LevelDebug}))
	a := newApp(t, func(o *bennu.Options) { o.Logger = log })
	a.Live("/peek", func() live.View { return &views.Peek{Log: log} })
	return a, j
}

// group are the attributes of a line that begin with the prefix.
func group(line, prefix string) map[string]string {
	attrs := make(map[string]string)
	for part := range strings.FieldsSeq(line) {
		if rest, ok := strings.CutPrefix(part, prefix); ok {
			key, value, _ := strings.Cut(rest, "=")
			attrs[key] = value
		}
	}
	return attrs
}

func TestSEED12SocketOfBothMounts(t *testing.T) {
	t.Parallel()
	a, log := peeking(t)
	v := get(t, a.url+"/peek")
	v.dial().join(v, 0)
	lines := log.lines("peek")
	if len(lines) != 2 {
		t.Fatalf("the socket was logged %d times, want for the dead mount and the live one:\n%s", len(lines), log)
	}
	dead, connected := group(lines[0], "socket."), group(lines[1], "socket.")
	for _, tt := range []struct {
		attrs map[string]string
		want  map[string]string
	}{
		{dead, map[string]string{"connected": "false", "transport": ""}},
		{connected, map[string]string{"connected": "true", "transport": "websocket"}},
	} {
		for name, value := range map[string]string{
			"id": v.id, "view": "views.Peek", "parent": `""`, "root": v.id, "route": "/peek",
			"state.Step": "0", "state.Card.Holder": "ann", "state.Card.Issuer.Name": "bank",
			"state.Word": "[REDACTED]", "state.APIToken": "[REDACTED]", "state.Card.Number": "[REDACTED]",
			"state.Card.Issuer.Pin": "[REDACTED]", "state.Card.Issuer.Password": "[REDACTED]",
		} {
			tt.want[name] = value
		}
		for name, want := range tt.want {
			if got := tt.attrs[name]; got != want {
				t.Errorf("%s = %q, want %q in the socket %v", name, got, want, tt.attrs)
			}
		}
	}
	if dead["process"] == "" || connected["process"] == "" || dead["process"] == connected["process"] {
		t.Errorf("the processes are %q and %q, want two", dead["process"], connected["process"])
	}
	if strings.Contains(log.String(), "hunter2") {
		t.Errorf("the log has what is to be redacted:\n%s", log)
	}
}

func TestSEED16OnlyOpenSocketsAreConnected(t *testing.T) {
	t.Parallel()
	a, log := peeking(t)
	if got := upgrade(t, a.url, "https://evil.test", ""); got != 403 {
		t.Errorf("a foreign origin: %d, want 403", got)
	}
	for _, query := range []string{"?vsn=2.0.0", "?vsn=1.0.0", ""} {
		if v := get(t, a.url+"/live/websocket"+query); v.response.StatusCode < 400 {
			t.Errorf("a request%s that is no upgrade: %s", query, v.response.Status)
		}
	}
	if lines := log.lines("connected"); len(lines) > 0 {
		t.Errorf("sockets that never opened were logged as connected: %q", lines)
	}
	v := get(t, a.url+"/page")
	v.dial().join(v, 0)
	lines := log.lines("connected")
	if len(lines) != 1 || !strings.Contains(lines[0], "_mounts:[0]") || field(t, lines[0], "request_id") == "" {
		t.Errorf("after one socket the log has %q, want one line with its parameters and request id", lines)
	}
}
