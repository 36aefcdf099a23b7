package channeltest_test

import (
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"testing"

	"bennu/channel"
	"bennu/channel/channeltest"
)

// chat is the channel of these tests.
type chat struct{}

func (chat) Join(s *channel.Socket, p channel.Params) error {
	if p.Topic == "no" {
		return channel.Refuse("no")
	}
	return nil
}

func (chat) Events() channel.Events {
	return channel.Events{
		"echo":  channel.On(func(s *channel.Socket, v any) error { s.Reply(v); return nil }),
		"push":  channel.On(func(s *channel.Socket, v any) error { s.Push("pushed", v); return nil }),
		"end":   channel.Do(func(s *channel.Socket) error { s.Close(); return nil }),
		"crash": channel.Do(func(*channel.Socket) error { return errors.New("on purpose") }),
	}
}

var handler = channel.Handler[int]{
	Connect: func(c *channel.Conn) (int, error) {
		if c.Param("user") == "nobody" {
			return 0, errors.New("who is it?")
		}
		return 0, nil
	},
	Topics: channel.Topics[int]{"a*": func(int) channel.Channel { return chat{} }, "no": func(int) channel.Channel { return chat{} }},
}

// recorder is a test that fails without failing this one.
type recorder struct {
	testing.TB
	mu       sync.Mutex
	failed   []string
	cleanups []func()
}

func (r *recorder) Helper() {}
func (r *recorder) Cleanup(f func()) {
	r.cleanups = append(r.cleanups, f)
}

func (r *recorder) Errorf(format string, args ...any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.failed = append(r.failed, fmt.Sprintf(format, args...))
}

func (r *recorder) Fatalf(format string, args ...any) {
	r.Errorf(format, args...)
	runtime.Goexit()
}
func (r *recorder) Fatal(args ...any) { r.Fatalf("%s", fmt.Sprint(args...)) }

// failures runs f as a test and says how it failed.
func failures(t *testing.T, f func(*channeltest.Server)) string {
	r := &recorder{TB: t}
	done := make(chan bool)
	go func() {
		defer close(done)
		defer func() {
			for _, f := range r.cleanups {
				f()
			}
		}()
		f(channeltest.Serve(r, handler))
	}()
	<-done
	return strings.Join(r.failed, "\n")
}

func TestWhatDoesNotHoldFailsTheTest(t *testing.T) {
	t.Parallel()
	join := func(s *channeltest.Server) *channeltest.Topic { return s.Connect(nil).Join("a", nil) }
	for name, tt := range map[string]struct {
		f    func(*channeltest.Server)
		want string
	}{
		"nothing wrong":     {func(s *channeltest.Server) { join(s).Push("echo", 5).RequireOK(nil) }, ""},
		"refused client":    {func(s *channeltest.Server) { s.Connect(channeltest.Params{"user": "nobody"}) }, "Connect was refused: who is it?"},
		"refused join":      {func(s *channeltest.Server) { s.Connect(nil).Join("no", nil) }, `status error: {"reason":"no"}, want ok`},
		"join not refused":  {func(s *channeltest.Server) { s.Connect(nil).RequireRefused("a", nil, nil) }, "status ok: {}, want error"},
		"no such topic":     {func(s *channeltest.Server) { s.Connect(nil).Join("b", nil) }, `no pattern of the handler's Topics takes "b"`},
		"topic that is":     {func(s *channeltest.Server) { s.Connect(nil).RequireUnmatched("ab") }, `takes "ab", want none to`},
		"topic that is not": {func(s *channeltest.Server) { s.Connect(nil).RequireUnmatched("b") }, ""},
		"error answer":      {func(s *channeltest.Server) { join(s).Push("nothing", nil).RequireOK(nil) }, `"unknown event"}, want ok`},
		"other type":        {func(s *channeltest.Server) { join(s).Push("echo", "x").RequireOK(new(int)) }, `payload "x", want one for a *int`},
		"bytes for JSON":    {func(s *channeltest.Server) { join(s).Push("echo", 1).RequireOK(new(channel.Data)) }, "want one for a *channel.Data"},
		"unwanted push": {func(s *channeltest.Server) {
			c := join(s)
			c.Push("push", 7)
			c.RequireNoPush("pushed")
		}, "got pushed 7, want no push"},
		"unwanted answer": {func(s *channeltest.Server) { join(s).Push("echo", 7).RequireNone() }, "got the answer 7, want none"},
		"push that cannot come": {func(s *channeltest.Server) {
			c := join(s)
			c.Push("push", 1)
			c.Push("end", nil)
			c.RequireClosed()
			c.RequirePush("other", nil)
		}, `want a push of "other", which has not come; the channel is closed, and these have come: ["pushed 1"]`},
		"crash": {func(s *channeltest.Server) {
			c := join(s)
			c.Push("crash", nil)
			c.RequireFailed()
		}, "channels have crashed:\nchannel crashed channel=channeltest_test.chat topic=a"},
		"crash that was asked for": {func(s *channeltest.Server) {
			c := join(s)
			c.Push("crash", nil)
			if err := c.RequireCrashed(); !strings.Contains(err.Error(), "on purpose") {
				t.Errorf("the crash is %v", err)
			}
		}, ""},
		"join after the end": {func(s *channeltest.Server) {
			c := s.Connect(nil)
			c.Disconnect()
			c.Join("a", nil)
		}, "Join on a client that is disconnected"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := failures(t, tt.f); tt.want == "" && got != "" || !strings.Contains(got, tt.want) {
				t.Errorf("failed with %q, want %q", got, tt.want)
			}
		})
	}
}
