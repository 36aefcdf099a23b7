package e2e

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"bennu/e2e/lab"
)

// labApp serves the pages on which the rules of views are tried.
func labApp(t *testing.T) *app {
	t.Helper()
	a := newApp(t)
	lab.Routes(a.App)
	return a
}

// joinLab opens a page of the lab and joins it.
func joinLab(t *testing.T, path string) (*app, *visit, *joined) {
	t.Helper()
	a := labApp(t)
	v := get(t, a.url+path)
	return a, v, v.dial().join(v, 0)
}

// event pushes an event, to the component of a cid unless that is 0, and returns
// the answer and what came before it. The answer is a reply, or the end of the
// view.
func (j *joined) event(name, value string, cid int) (before []frame, answer frame) {
	j.t.Helper()
	target := ""
	if cid != 0 {
		target = fmt.Sprintf(`,"cid":%d`, cid)
	}
	return j.request("event", fmt.Sprintf(`{"type":"click","event":%q,"value":%s%s}`, name, value, target))
}

// request is event for any message.
func (j *joined) request(event, payload string) (before []frame, answer frame) {
	j.t.Helper()
	ref := j.next()
	j.send(j.joinRef, ref, j.topic, event, payload)
	for {
		f := j.read()
		if f.topic == j.topic && (f.ref == ref || f.event == "phx_error" || f.event == "phx_close") {
			return before, f
		}
		before = append(before, f)
	}
}

// rest is all that the server has sent until now and that was not read.
func (s *socket) rest() (all []frame) {
	s.t.Helper()
	ref := s.next()
	s.send("", ref, "phoenix", "heartbeat", `{}`)
	for {
		f := s.read()
		if f.topic == "phoenix" && f.ref == ref {
			return all
		}
		all = append(all, f)
	}
}

// response is what a reply says, which must be ok.
func (f frame) response(t testing.TB) string {
	t.Helper()
	r := f.reply(t)
	if r.Status != "ok" {
		t.Errorf("%s, want a reply with ok", f.raw)
	}
	return string(r.Response)
}

// diff is the diff of a reply or of a push.
func (f frame) diff(t testing.TB) map[string]any {
	t.Helper()
	var in struct {
		Response struct{ Diff, Rendered map[string]any }
	}
	if f.event == "diff" {
		in.Response.Diff = map[string]any{}
		if err := json.Unmarshal(f.payload, &in.Response.Diff); err != nil {
			t.Fatal(err)
		}
		return in.Response.Diff
	}
	if err := json.Unmarshal(f.payload, &in); err != nil {
		t.Fatalf("%s: %v", f.raw, err)
	}
	if in.Response.Rendered != nil {
		return in.Response.Rendered
	}
	return in.Response.Diff
}

// at is what stands in a tree under keys, nil for nothing.
func at(tree any, keys ...string) any {
	for _, key := range keys {
		m, ok := tree.(map[string]any)
		if !ok {
			return nil
		}
		tree = m[key]
	}
	return tree
}

// text is a JSON value as text, for comparing and looking into.
func text(v any) string {
	b, _ := json.Marshal(v)
	return string(b)
}

// findKey is all that stands anywhere in a tree under a key.
func findKey(tree any, key string) (found []any) {
	switch n := tree.(type) {
	case map[string]any:
		for k, v := range n {
			if k == key {
				found = append(found, v)
			}
			found = append(found, findKey(v, key)...)
		}
	case []any:
		for _, v := range n {
			found = append(found, findKey(v, key)...)
		}
	}
	return found
}

func frames(list []frame) string {
	var b strings.Builder
	for _, f := range list {
		b.WriteString(f.raw + "\n")
	}
	return b.String()
}

// isPush fails unless a frame is that push of the instance, with this payload.
func (j *joined) isPush(f frame, event, payload string) {
	j.t.Helper()
	if f.event != event || f.ref != "" || f.joinRef != j.joinRef || f.topic != j.topic || payload != "" && string(f.payload) != payload {
		j.t.Errorf("%s, want the push %s %s of %s", f.raw, event, payload, j.topic)
	}
}

// isClose fails unless a frame ends the instance for good.
func (j *joined) isClose(f frame) {
	j.t.Helper()
	if f.event != "phx_close" || f.ref != j.joinRef || f.joinRef != j.joinRef || f.topic != j.topic {
		j.t.Errorf("%s, want phx_close of the join %s", f.raw, j.joinRef)
	}
}

// isError fails unless a frame says that the instance has crashed.
func (j *joined) isError(f frame) {
	j.t.Helper()
	if f.event != "phx_error" || f.ref != j.joinRef || f.joinRef != j.joinRef || f.topic != j.topic {
		j.t.Errorf("%s, want phx_error of the join %s", f.raw, j.joinRef)
	}
}

// rejoin joins the page a second time on its socket: the client is told that the
// first instance is over, before or after the answer.
func (j *joined) rejoin(v *visit) *joined {
	j.t.Helper()
	ref := j.next()
	again := &joined{socket: j.socket, joinRef: ref, topic: j.topic}
	j.send(ref, ref, j.topic, "phx_join", v.joinPayload(1))
	for range 2 {
		if f := j.read(); f.event == "phx_reply" {
			f.response(j.t)
			again.frame, again.rendered = f, f.diff(j.t)
		} else {
			j.isClose(f)
		}
	}
	return again
}
