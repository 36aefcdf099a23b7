package e2e

import (
	"encoding/json"
	"net/url"
	"strings"
	"testing"
)

func TestItem58NavigateInAConnectedMount(t *testing.T) {
	t.Parallel()
	a := labApp(t)
	v := get(t, a.url+"/lab?"+url.Values{"by": {"navigate"}, "away": {"/lab/next"}, "live": {""}, "text": {"moved on"}}.Encode())
	r := v.dial().answer("lv:"+v.id, v.joinPayload(0))
	var response struct {
		To     struct{ To, Kind, Flash string } `json:"live_redirect"`
		Events json.RawMessage
	}
	if err := json.Unmarshal(r.Response, &response); err != nil {
		t.Fatal(err)
	}
	to := response.To
	if r.Status != "error" || to.To != "/lab/next" || to.Kind != "push" || to.Flash == "" || string(response.Events) != `[["leaving",1]]` {
		t.Errorf("%s %s, want live_redirect with the message and the event", r.Status, r.Response)
	}
	// The client goes there with the token.
	r = v.dial().answer("lv:"+v.id, v.payload(map[string]any{"url": nil, "redirect": a.url + to.To, "flash": to.Flash}))
	if r.Status != "ok" || strings.Count(string(r.Response), "moved on") != 2 {
		t.Errorf("%s %s, want the next page with the message", r.Status, r.Response)
	}
}

func TestItem59PatchInTheParamsOfAJoin(t *testing.T) {
	t.Parallel()
	a := labApp(t)
	v := get(t, a.url+"/lab")
	v.url += "?patch=%2Flab%3Ftab%3Dfirst"
	j := v.dial().join(v, 0)
	var response struct {
		Patch map[string]string `json:"live_patch"`
	}
	if err := json.Unmarshal([]byte(j.frame.response(t)), &response); err != nil {
		t.Fatal(err)
	}
	if response.Patch["to"] != "/lab?tab=first" || response.Patch["kind"] != "push" || !strings.Contains(text(j.rendered), `"first"`) {
		t.Errorf("%s, want live_patch and the page of its address", j.frame.raw)
	}
	if all := j.rest(); len(all) != 0 {
		t.Errorf("after the join came\n%s", frames(all))
	}
}

// A page that was asked for by HTTP is redirected there.
func TestPatchInTheParamsOfADeadRender(t *testing.T) {
	t.Parallel()
	a := labApp(t)
	if v := get(t, a.url+"/lab?patch=%2Flab%3Ftab%3Dfirst"); v.url != a.url+"/lab?tab=first" {
		t.Errorf("the page is at %s, want the address that it patched to", v.url)
	}
}

func TestItem119PatchToAnotherView(t *testing.T) {
	t.Parallel()
	a, _, j := joinLab(t, "/lab")
	for _, path := range []string{"/lab/next", "/page", "/plain", "/nowhere"} {
		if _, f := j.request("live_patch", `{"url":"`+a.url+path+`"}`); f.response(t) != `{"link_redirect":true}` {
			t.Errorf("%s: %s, want link_redirect", path, f.raw)
		}
	}
}

func TestItem120PatchPrecedesTheReply(t *testing.T) {
	t.Parallel()
	_, _, j := joinLab(t, "/lab")
	for do, kind := range map[string]string{"patch": "push", "replace": "replace"} {
		before, f := j.event("ask", `{"do":"`+do+`","to":"/lab?tab=`+do+`"}`, 0)
		if len(before) != 1 {
			t.Fatalf("%s%s, want one push and then the reply", frames(before), f.raw)
		}
		j.isPush(before[0], "live_patch", `{"to":"/lab?tab=`+do+`","kind":"`+kind+`"}`)
		if d := text(f.diff(t)); !strings.Contains(d, `"`+do+`"`) {
			t.Errorf("%s, want the page of the new address", f.raw)
		}
	}
}

func TestItem121PatchToAnotherViewIsAMistake(t *testing.T) {
	t.Parallel()
	for _, to := range []string{"/lab/next", "/lab/out", "/page", "/plain", "/nowhere"} {
		_, _, j := joinLab(t, "/lab")
		before, f := j.event("ask", `{"do":"patch","to":"`+to+`"}`, 0)
		j.isError(f)
		if len(before) != 0 {
			t.Errorf("to %s: before it came\n%s", to, frames(before))
		}
	}
}

func TestItem122NavigateFromAnEvent(t *testing.T) {
	t.Parallel()
	_, v, j := joinLab(t, "/lab?tab=stays")
	before, f := j.event("ask", `{"do":"navigate","to":"/lab/next","text":"see you"}`, 0)
	if len(before) != 1 { // what the page's script is to hear comes first
		t.Fatalf("%s%s, want one push and then the reply", frames(before), f.raw)
	}
	j.isPush(before[0], "diff", `{"e":[["leaving",1]]}`)
	var response map[string]map[string]string
	if err := json.Unmarshal([]byte(f.response(t)), &response); err != nil || len(response) != 1 {
		t.Fatalf("%s, want live_redirect alone (%v)", f.raw, err)
	}
	if to := response["live_redirect"]; to["to"] != "/lab/next" || to["kind"] != "push" || to["flash"] == "" {
		t.Errorf("%s, want where to, how, and the message", f.raw)
	}
	j.isClose(j.read())
	// What is late for the old instance harms nobody.
	ref := j.next()
	j.send(j.joinRef, ref, j.topic, "phx_leave", `{}`)
	if f := j.read(); f.ref != ref || f.response(t) != `{}` {
		t.Errorf("leave after the close: %s, want ok", f.raw)
	}
	again := j.socket.join(v, 1)
	if all := again.rest(); len(all) != 0 {
		t.Errorf("a new join is followed by\n%s", frames(all))
	}
}

func TestItem123NavigateFromATask(t *testing.T) {
	t.Parallel()
	_, _, j := joinLab(t, "/lab")
	if _, f := j.event("ask", `{"do":"later","to":"/lab/next"}`, 0); f.response(t) != `{}` {
		t.Errorf("%s, want {}", f.raw)
	}
	j.isPush(j.read(), "live_redirect", `{"to":"/lab/next","kind":"push"}`)
	j.isClose(j.read())
}

// That the token is good for a minute is held beside the signer.
func TestItem124RedirectTakesTheMessageAlong(t *testing.T) {
	t.Parallel()
	a := labApp(t)
	token, v := redirectFlash(t, a, "with me")
	if strings.ContainsAny(token, "; ,\"'") {
		t.Errorf("the token %q does not fit into a cookie", token)
	}
	v.url = a.url + "/lab/out"
	if v.withFlash(token); !strings.Contains(v.body, "with me") {
		t.Errorf("the page has no message:\n%s", v.body)
	}
	_, _, j := joinLab(t, "/lab")
	if _, f := j.event("ask", `{"do":"redirect","to":"/lab/out"}`, 0); f.response(t) != `{"redirect":{"to":"/lab/out"}}` {
		t.Errorf("without a message: %s, want no token", f.raw)
	}
	j.isClose(j.read())
}

func TestItem127PatchesWithoutEnd(t *testing.T) {
	t.Parallel()
	_, _, j := joinLab(t, "/lab")
	before, f := j.event("ask", `{"do":"patch","to":"/lab?loop"}`, 0)
	j.isError(f)
	if len(before) != 20 {
		t.Errorf("%d patches before the end, want 20", len(before))
	}
	// At a join as well.
	a := labApp(t)
	v := get(t, a.url+"/lab")
	v.url += "?loop"
	wantError(t, v.dial().answer("lv:"+v.id, v.joinPayload(0)), `{"reason":"join crashed"}`)
}

func TestItem128AddressesOfOthers(t *testing.T) {
	t.Parallel()
	for _, to := range []string{"/\t/evil", "//evil", `/\evil`, "/%09/evil", "/a\nb", "/a\rb", "http://x", "lab", ""} {
		for _, do := range []string{"navigate", "patch", "redirect"} {
			_, _, j := joinLab(t, "/lab")
			before, f := j.event("ask", `{"do":"`+do+`","to":`+text(to)+`}`, 0)
			j.isError(f)
			if len(before) != 0 {
				t.Errorf("%s to %q: before the error came\n%s", do, to, frames(before))
			}
		}
	}
}

func TestItem129AddressesThatRunCode(t *testing.T) {
	t.Parallel()
	for _, to := range []string{"  javascript:alert(1)", "javascript:alert(1)", "java\tscript:alert(1)", "JaVaScRiPt:x", "data:text/html,x", "\x01javascript:x", "vbscript:x", "/lab/next", "https:evil"} {
		_, _, j := joinLab(t, "/lab")
		before, f := j.event("ask", `{"do":"external","to":`+text(to)+`}`, 0)
		j.isError(f)
		if len(before) != 0 {
			t.Errorf("to %q: before the error came\n%s", to, frames(before))
		}
	}
	_, _, j := joinLab(t, "/lab")
	if _, f := j.event("ask", `{"do":"external","to":"https://pay.test/x"}`, 0); f.response(t) != `{"redirect":{"to":"https://pay.test/x"}}` {
		t.Errorf("%s, want the redirect", f.raw)
	}
}
