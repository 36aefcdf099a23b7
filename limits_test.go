package bennu

import (
	"bufio"
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"reflect"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"bennu/internal/transport"
)

func TestLimitsThatAreWrong(t *testing.T) {
	t.Parallel()
	fields := reflect.TypeFor[Limits]()
	for i := range fields.NumField() {
		name := fields.Field(i).Name
		for _, value := range []int64{-2, int64(Unlimited)} {
			var l Limits
			reflect.ValueOf(&l).Elem().Field(i).SetInt(value)
			allowed := value == int64(Unlimited) && (name == "EventRate" || name == "Sockets" || name == "Mounts")
			got := panicText(func() { newTestApp(t, Options{Limits: l}) })
			if refused := strings.Contains(got, "Options.Limits."+name); refused == allowed {
				t.Errorf("Limits.%s = %d: panic %q", name, value, got)
			}
		}
	}
	got := panicText(func() { newTestApp(t, Options{Limits: Limits{PollWindow: time.Minute}}) })
	if !strings.Contains(got, "Options.Limits.PollWindow") || !strings.Contains(got, "15s") {
		t.Errorf("a window of a minute: panic %q", got)
	}
}

// Every limit reaches what it limits: none is there for show.
func TestLimitsArePassedOn(t *testing.T) {
	t.Parallel()
	var l Limits
	v := reflect.ValueOf(&l).Elem()
	for i := range v.NumField() {
		v.Field(i).SetInt(int64(1001 + i))
	}
	app := newTestApp(t, Options{Limits: l})
	passed := map[int64]bool{
		int64(app.opts.Limits.headerBytes()): true, int64(app.views.Mailbox): true,
		int64(app.views.MailboxBytes): true, int64(app.views.Mounts): true, int64(app.views.Keep): true,
	}
	o := reflect.ValueOf(l.transport())
	for i := range o.NumField() {
		if f := o.Field(i); f.CanInt() {
			passed[f.Int()] = true
		}
	}
	for i := range v.NumField() {
		if !passed[int64(1001+i)] {
			t.Errorf("Limits.%s limits nothing", v.Type().Field(i).Name)
		}
	}
	if (Limits{}).transport() != (transport.Options{}) {
		t.Error("the zero Limits are not the defaults of the sockets")
	}
}

func TestEventRateOfTheEnvironment(t *testing.T) {
	for text, want := range map[string]int{"": 0, "off": Unlimited, "50": 50} {
		t.Setenv("BENNU_EVENT_RATE", text)
		t.Setenv("SECRET_KEY_BASE", testSecret)
		o, err := FromEnv()
		if err != nil || o.Limits.EventRate != want {
			t.Errorf("BENNU_EVENT_RATE=%s: %d, %v, want %d", text, o.Limits.EventRate, err, want)
		}
	}
	for _, text := range []string{"0", "-1", "fast", "1.5", "50/s", "on"} {
		t.Setenv("BENNU_EVENT_RATE", text)
		if _, err := FromEnv(); err == nil || !strings.Contains(err.Error(), "BENNU_EVENT_RATE") || !strings.Contains(err.Error(), "off") {
			t.Errorf("BENNU_EVENT_RATE=%s: %v, want an error that says what is right", text, err)
		}
	}
	t.Setenv("BENNU_EVENT_RATE", "")
	t.Setenv("BENNU_TRUSTED_PROXIES", "10.0.0.0/8, 192.0.2.7")
	if o, err := FromEnv(); err != nil || len(o.TrustedProxies) != 2 {
		t.Errorf("BENNU_TRUSTED_PROXIES: %v, %v", o.TrustedProxies, err)
	}
	t.Setenv("BENNU_TRUSTED_PROXIES", "everybody")
	if _, err := FromEnv(); err == nil || !strings.Contains(err.Error(), "BENNU_TRUSTED_PROXIES") {
		t.Errorf("BENNU_TRUSTED_PROXIES=everybody: %v", err)
	}
}

// Faults, row 24; headers and bodies that do not end are in
// TestFault24SlowRequestsAreCutOff.
func TestFault24LongHeader(t *testing.T) {
	t.Parallel()
	s := serve(t, newTestApp(t, Options{Limits: Limits{HeaderBytes: 8 << 10}}))
	nc, err := net.Dial("tcp", strings.TrimPrefix(s.url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer nc.Close()
	if _, err := io.WriteString(nc, "GET / HTTP/1.1\r\nHost: localhost\r\nX-Long: "+strings.Repeat("x", 16<<10)+"\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	resp, err := http.ReadResponse(bufio.NewReader(nc), nil)
	if err != nil || resp.StatusCode != http.StatusRequestHeaderFieldsTooLarge {
		t.Errorf("a header of 16 KiB: %v, %v, want status 431", resp, err)
	}
}

// brokenListener fails as a process does that has no file descriptor left, and
// then accepts.
type brokenListener struct {
	*pipeListener
	until time.Time
}

func (l brokenListener) Accept() (net.Conn, error) {
	if time.Now().Before(l.until) {
		return nil, &net.OpError{Op: "accept", Err: syscall.EMFILE}
	}
	return l.pipeListener.Accept()
}

// Faults, row 100. Not parallel: a bubble of synctest has no parallel tests.
func TestFault100NoFileDescriptors(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := new(lines)
		app := newTestApp(t, Options{Logger: slog.New(slog.NewTextHandler(log, nil))})
		app.Get("/", reply("front"))
		l := brokenListener{newPipeListener(), time.Now().Add(30 * time.Second)}
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- app.Serve(ctx, l) }()
		conn := l.dial()
		if _, err := io.WriteString(conn, "GET / HTTP/1.0\r\nHost: localhost\r\n\r\n"); err != nil {
			t.Fatal(err)
		}
		answer, err := io.ReadAll(conn)
		if err != nil || !strings.HasSuffix(string(answer), "front") {
			t.Errorf("after the descriptors came back: %q, %v", answer, err)
		}
		conn.Close()
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
		if n := strings.Count(log.String(), "too many open files"); n < 10 || n > 40 {
			t.Errorf("%d lines in the log in 30 s, want about one a second:\n%s", n, log)
		}
	})
}
