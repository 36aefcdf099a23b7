package live

import (
	"fmt"
	"testing"
	"testing/synctest"
)

// Which way leads to an address (NAV-15).
func TestNAV15Ways(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		got := map[string]Way{}
		v := new(lifecycle)
		paths := []string{"/tabs?tab=b", "/tabs/new", "/other", "/admin", "/nowhere", "http://elsewhere.test/tabs", "::"}
		v.mount = func(s *Socket) error {
			for _, path := range paths {
				got[path] = s.Way(path)
			}
			return nil
		}
		r, _ := startLifecycle(t, v, Spec{})
		want := map[string]Way{"/tabs?tab=b": WayPatch, "/tabs/new": WayPatch, "/other": WayNavigate, "/admin": WayHref, "/nowhere": WayHref,
			"http://elsewhere.test/tabs": WayHref, "::": WayHref}
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("ways %v, want %v", got, want)
		}
		r.stopped()
		if _, err := r.rt.Static(t.Context(), Spec{View: v, Name: "live.lifecycle", Info: new(ConnectInfo)}, nil, nil); err != nil || got["/tabs/new"] != WayHref {
			t.Errorf("in a dead render %v, %v, want href", got, err)
		}
	})
}

// A chatty view is silenced (CORE-26).
func TestCORE26LogLevel(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := new(lifecycle)
		v.events = Events{"go": Do(func(*Socket) error { return nil })}
		r, _ := startLifecycle(t, v, Spec{LogLevel: -8})
		r.event("4", "go", `{}`)
		r.stopped()
		if r.log.Len() > 0 {
			t.Errorf("log %s, want nothing", r.log)
		}
		r, _ = startLifecycle(t, v, Spec{})
		r.event("4", "go", `{}`)
		r.stopped()
		r.has(r.log.String(), "msg=mount", "msg=event", `msg="view ended"`)
	})
}
