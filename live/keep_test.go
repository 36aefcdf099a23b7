package live

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// connector is a view that mounts once for a page.
type connector struct{ lifecycle }

func (v *connector) Connect(s *Socket) error {
	v.calls = append(v.calls, fmt.Sprintf("connect(%v)", s.Connected()))
	return nil
}

// draw is the dead render of a connector with the id "phx-1".
func drawConnector(t *testing.T, rt *Runtime, url string, session *Session) {
	t.Helper()
	if _, err := rt.Static(t.Context(), Spec{ID: "phx-1", View: new(connector), Name: "live.connector", Session: session,
		Info: &ConnectInfo{URL: url}}, nil, nil); err != nil {
		t.Fatal(err)
	}
}

func TestWhichStateIsTakenOver(t *testing.T) {
	of := func(user string) *Session {
		s := new(Session)
		if err := s.Put("user", user); err != nil {
			t.Fatal(err)
		}
		return s
	}
	const taken, fresh = "mount(false) params( ) connect(true)", "mount(true) params(/tabs ) connect(true)"
	for _, tt := range []struct {
		name string
		do   func(t *testing.T, rt *Runtime)
		join Spec
		want string
	}{
		{"the page's own", func(t *testing.T, rt *Runtime) { drawConnector(t, rt, "/tabs", of("ann")) }, Spec{Session: of("ann"), URL: "/tabs"}, taken},
		{"nothing was kept", func(*testing.T, *Runtime) {}, Spec{URL: "/tabs"}, fresh},
		{"another session", func(t *testing.T, rt *Runtime) { drawConnector(t, rt, "/tabs", of("ann")) }, Spec{Session: of("eve"), URL: "/tabs"}, fresh},
		{"another address", func(t *testing.T, rt *Runtime) { drawConnector(t, rt, "/tabs?tab=b", nil) }, Spec{URL: "/tabs"}, fresh},
		{"live navigation", func(t *testing.T, rt *Runtime) { drawConnector(t, rt, "/tabs", nil) }, Spec{URL: "/tabs", Navigated: true}, fresh},
		{"too late", func(t *testing.T, rt *Runtime) { drawConnector(t, rt, "/tabs", nil); time.Sleep(keepFor) }, Spec{URL: "/tabs"}, fresh},
		{"in time", func(t *testing.T, rt *Runtime) { drawConnector(t, rt, "/tabs", nil); time.Sleep(keepFor - 1) }, Spec{URL: "/tabs"}, taken},
		{"of a server that shuts down", func(t *testing.T, rt *Runtime) {
			drawConnector(t, rt, "/tabs", nil)
			if err := rt.Wait(t.Context()); err != nil {
				t.Fatal(err)
			}
		}, Spec{URL: "/tabs"}, fresh},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				rt := new(Runtime)
				tt.do(t, rt)
				tt.join.Info = new(ConnectInfo)
				r := startIn(t, new(connector), tt.join, rt)
				got := fmt.Sprint(r.out.take())
				if tt.want == taken {
					// What the dead render saw of the address is not asked for here.
					got = strings.NewReplacer("params(/tabs )", "params( )").Replace(got)
				}
				r.has(got, `"`+tt.want+`"`)
				r.stopped()
				if err := rt.Wait(t.Context()); err != nil {
					t.Fatal(err)
				}
			})
		})
	}
}

func TestStatesThatNobodyTakesAreGivenUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rt := &Runtime{Keep: 3}
		for i := range 5 {
			if _, err := rt.Static(t.Context(), Spec{ID: fmt.Sprint("phx-", i), View: new(connector), Info: new(ConnectInfo)}, nil, nil); err != nil {
				t.Fatal(err)
			}
			time.Sleep(time.Second)
		}
		if got := len(rt.keeper.byID); got != 3 {
			t.Errorf("%d states wait, want 3, the most", got)
		}
		if rt.keeper.take("phx-1") != nil || rt.keeper.take("phx-2") == nil {
			t.Error("the oldest was to give way to the newest")
		}
		if rt.keeper.take("phx-2") != nil {
			t.Error("a state was taken twice")
		}
		time.Sleep(keepFor)
		synctest.Wait()
		if len(rt.keeper.byID) != 0 || len(rt.keeper.order) != 0 || rt.keeper.timer != nil {
			t.Errorf("left after their time: %v, %v, timer %v", rt.keeper.byID, rt.keeper.order, rt.keeper.timer)
		}
	})
}

var roleKey = NewKey[string]("role")

// roleReader is a Connector that shows what its hooks have found out.
type roleReader struct{ connector }

func (v *roleReader) Connect(s *Socket) error {
	role, _ := roleKey.Get(s)
	note, _ := noteKey.Get(s)
	v.calls = append(v.calls, "role "+role+" note "+note)
	return nil
}

var noteKey = NewKey[string]("note")

// A user whose role was taken back since the page was drawn has it no longer.
func TestTakenOverStateHasNoOlderValuesThanItsHooks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rt, role := new(Runtime), "admin"
		spec := Spec{ID: "phx-1", Name: "live.roleReader", Info: &ConnectInfo{URL: "/tabs"}, OnMount: []MountHook{func(s *Socket, _ Params) error {
			roleKey.Set(s, role)
			if !s.Connected() {
				noteKey.Set(s, "kept")
			}
			return nil
		}}}
		drawn := spec
		drawn.View = new(roleReader)
		if _, err := rt.Static(t.Context(), drawn, nil, nil); err != nil {
			t.Fatal(err)
		}
		role = "guest"
		spec.URL = "/tabs"
		r := startIn(t, new(roleReader), spec, rt)
		r.has(fmt.Sprint(r.out.take()), "mount(false)", "role guest note kept")
		r.stopped()
	})
}
