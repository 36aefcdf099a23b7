package live

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
)

// What becomes of an error depends on where it is returned, and on its status.
func TestCORE09KindsOfErrors(t *testing.T) {
	plain, missing := errors.New("no database"), statusError(http.StatusNotFound)
	for _, tt := range []struct {
		name  string
		err   error
		where string // Mount, HandleParams or an event
		want  string
		log   string
	}{
		{"mount, unknown", plain, "mount", `join false {"reason":"join crashed"}`, "level=ERROR"},
		{"mount, with a status", missing, "mount", `join false {"reason":"reload","status":404,"token":"T404"}`, ""},
		{"mount, with a status around it", fmt.Errorf("order 7: %w", missing), "mount", `"status":404`, ""},
		{"params, unknown", plain, "params", `join false {"reason":"join crashed"}`, "level=ERROR"},
		{"params, with a status", missing, "params", `"status":404`, ""},
		{"event, unknown", plain, "event", `[fail]`, "level=ERROR"},
		{"event, with a status", missing, "event", `[fail]`, "level=ERROR"},
		{"event, none", nil, "event", `1 true {}`, ""},
		{"event, a panic", plain, "panic", `[fail]`, "level=ERROR"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				v := new(lifecycle)
				v.events = Events{"go": Do(func(*Socket) error {
					if tt.where == "panic" {
						panic(tt.err)
					}
					return tt.err
				})}
				switch tt.where {
				case "mount":
					v.mount = func(*Socket) error { return tt.err }
				case "params":
					v.params = func(*Socket, Params) error { return tt.err }
				}
				r, join := startLifecycle(t, v, Spec{ReloadToken: func(status int) string { return fmt.Sprint("T", status) }})
				said := join
				if strings.HasPrefix(join, "[join true") {
					said = fmt.Sprint(r.event("1", "go", `{}`))
				}
				r.has(said, tt.want)
				if log := r.log.String(); !strings.Contains(log, tt.log) || tt.log == "" && strings.Contains(log, "level=ERROR") {
					t.Errorf("log:\n%s\nwant in it %q", log, tt.log)
				}
				r.stopped()
			})
		})
	}
}

// Many goroutines ask a view at once, while its user does things.
func TestCORE07CallsFromEverywhere(t *testing.T) {
	t.Parallel()
	rt, _ := newRuntime()
	v := new(counter)
	out := silent{make(chan string, 1)}
	p := rt.Start(out, func() (Spec, error) { return Spec{View: v, Name: "Counter"}, nil })
	<-out.answered
	var callers sync.WaitGroup
	for range 8 {
		callers.Go(func() {
			for range 100 {
				if n, err := Call(t.Context(), Ref{p}, func(v *counter) int { v.N++; return v.N }); n == 0 || err != nil {
					t.Errorf("Call = %d, %v", n, err)
				}
			}
		})
	}
	for range 100 {
		p.Deliver(Message{Ref: []byte("1"), Event: "event", Payload: []byte(`{"type":"click","event":"increase","value":{"number":"1"}}`)})
		<-out.answered
	}
	callers.Wait()
	if n, err := Call(t.Context(), Ref{p}, func(v *counter) int { return v.N }); n != 900 || err != nil {
		t.Errorf("after 800 calls and 100 events the view counts %d, %v", n, err)
	}
	p.Stop(Left)
	end(t, rt)
}
