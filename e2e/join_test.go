package e2e

import (
	"encoding/json"
	"strings"
	"testing"
)

const unauthorized = `{"reason":"unauthorized"}`

// payload changes members of the join payload; nil takes one out.
func (v *visit) payload(change map[string]any) string {
	var m map[string]any
	if err := json.Unmarshal([]byte(v.joinPayload(0)), &m); err != nil {
		v.t.Fatal(err)
	}
	for k, x := range change {
		if x == nil {
			delete(m, k)
		} else {
			m[k] = x
		}
	}
	b, _ := json.Marshal(m)
	return string(b)
}

// answer joins with a payload and returns the reply.
func (s *socket) answer(topic, payload string) reply {
	s.t.Helper()
	ref := s.next()
	s.send(ref, ref, topic, "phx_join", payload)
	f := s.read()
	if f.ref != ref {
		s.t.Fatalf("the join %s is answered with %s", ref, f.raw)
	}
	return f.reply(s.t)
}

func wantError(t *testing.T, r reply, response string) {
	t.Helper()
	if r.Status != "error" || string(r.Response) != response {
		t.Errorf("the join is answered with %s %.300s, want error %s", r.Status, r.Response, response)
	}
}

func TestFault17Item50AddressOfAnotherPage(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	v := get(t, a.url+"/page")
	for name, address := range map[string]any{
		"another view":         a.url + "/other",
		"another live session": a.url + "/admin",
		"no route":             a.url + "/nowhere",
		"a long host":          "http://" + strings.Repeat("a", 300) + "/page",
		"no address":           "http://%zz",
		"no authority":         "mailto:a@b",
	} {
		t.Run(name, func(t *testing.T) {
			wantError(t, v.dial().answer("lv:"+v.id, v.payload(map[string]any{"url": address})), unauthorized)
		})
	}
	// Without any, as nested views join, the page's token is of the wrong kind.
	wantError(t, v.dial().answer("lv:"+v.id, v.payload(map[string]any{"url": nil})), stale)
}

// redirected joins under the page's tokens as the client does after a live
// navigation.
func (v *visit) redirected(address string, mounts int) reply {
	v.t.Helper()
	params := map[string]any{"_csrf_token": v.csrf, "_mounts": mounts, "_mount_attempts": 0}
	return v.dial().answer("lv:"+v.id, v.payload(map[string]any{"url": nil, "redirect": address, "params": params}))
}

func TestItem51NavigationWithinALiveSession(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	r := get(t, a.url+"/page").redirected(a.url+"/other", 0)
	if r.Status != "ok" || !strings.Contains(string(r.Response), `id=\"other\"`) || !strings.Contains(string(r.Response), `"container":["div",{}]`) {
		t.Errorf("%s %s, want the other view and a container", r.Status, r.Response)
	}
}

func TestFault16Item52NavigationOutOfALiveSession(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	v := get(t, a.url+"/page")
	for name, path := range map[string]string{"another live session": "/admin", "a plain route": "/plain", "nothing": "/nowhere"} {
		t.Run(name, func(t *testing.T) { wantError(t, v.redirected(a.url+path, 0), unauthorized) })
	}
}

func TestItem53ReconnectAfterANavigation(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	v := get(t, a.url+"/page?text=of+the+first+page")
	for address, want := range map[string]string{"/again/of%20the%20path": "of the path", "/page?text=of+the+query": "of the query"} {
		r := v.redirected(a.url+address, 1)
		if r.Status != "ok" || !strings.Contains(string(r.Response), want) || strings.Contains(string(r.Response), "of the first page") {
			t.Errorf("redirect to %s: %s %s, want the view mounted with its own parameters", address, r.Status, r.Response)
		}
	}
}

// Item 54, the flash that the static token hands over, needs flash in views,
// which there is none of yet.
func TestItem55ForgedFlashIsNoFault(t *testing.T) {
	t.Parallel()
	v := get(t, newApp(t).url+"/page")
	for _, flash := range []any{"forged", v.session, v.static, "", json.RawMessage("null")} {
		r := v.dial().answer("lv:"+v.id, v.payload(map[string]any{"flash": flash}))
		if r.Status != "ok" || strings.Contains(string(r.Response), "forged") {
			t.Errorf("flash %v: %s %s, want ok and no flash", flash, r.Status, r.Response)
		}
	}
}

// refusal is the response to a join that failed.
type refusal struct {
	Reason, Token string
	Status        int
}

func (r reply) refusal(t *testing.T) refusal {
	t.Helper()
	var out refusal
	if err := json.Unmarshal(r.Response, &out); err != nil || r.Status != "error" {
		t.Fatalf("%s %s, want an error (%v)", r.Status, r.Response, err)
	}
	return out
}

func TestItem56MountThatFindsNothing(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	v := get(t, a.url+"/page")
	r := v.dial().answer("lv:"+v.id, v.payload(map[string]any{"url": a.url + "/page?mount=missing"})).refusal(t)
	if r.Reason != "reload" || r.Status != 404 {
		t.Errorf("%+v, want reload with 404", r)
	}
	if got := v.reload(r.Token); got != 404 { // item 43
		t.Errorf("a page asked for with the refusal's token: %d, want 404", got)
	}
}

func TestItem57MountThatFails(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	v := get(t, a.url+"/page")
	for _, mount := range []string{"error", "panic"} {
		r := v.dial().answer("lv:"+v.id, v.payload(map[string]any{"url": a.url + "/page?mount=" + mount}))
		wantError(t, r, `{"reason":"join crashed"}`)
	}
}

func TestItem64ConnectParams(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	v := get(t, a.url+"/page")
	r := v.dial().answer("lv:"+v.id, v.payload(map[string]any{"params": map[string]any{"tag": "from the script", "_mounts": 0}}))
	if r.Status != "ok" || !strings.Contains(string(r.Response), "from the script") {
		t.Errorf("%s %s, want the parameter on the page", r.Status, r.Response)
	}
}

func TestItem66RejoinStartsFromNothing(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	v := get(t, a.url+"/page?text=first")
	first := v.dial().join(v, 0)
	again := v.dial().join(v, 1)
	if got, want := zip(t, again.rendered, shared(again.rendered)), zip(t, first.rendered, shared(first.rendered)); got != want {
		t.Errorf("rejoin renders %s, want %s", got, want)
	}
}

func TestItem97TitleComesWithANavigationOnly(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	v := get(t, a.url+"/page")
	for _, tt := range []struct {
		r    reply
		want any
	}{
		{v.dial().answer("lv:"+v.id, v.payload(nil)), nil},
		{v.redirected(a.url+"/other", 0), "Other"},
	} {
		var response struct{ Rendered map[string]any }
		if err := json.Unmarshal(tt.r.Response, &response); err != nil {
			t.Fatal(err)
		}
		if got := response.Rendered["t"]; got != tt.want {
			t.Errorf("t = %v, want %v: %s", got, tt.want, tt.r.Response)
		}
	}
}
