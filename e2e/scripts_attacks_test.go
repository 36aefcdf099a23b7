package e2e

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"

	"github.com/coder/websocket"
)

// attacks are what hostile visitors do, with the rows of the list of faults that
// each is about. An attacker has joined his page; what he makes of his own view
// is his affair. What an attack is to be answered with stands in tests of its
// own; here it must do no harm to others, and so they look only at what would.
var attacks = []struct {
	name string
	path string // "" for any
	user string // he is logged in, by a path that ends in his name
	do   func(*intruder)
}{
	{name: "garbage", do: func(a *intruder) {
		for _, text := range []string{"", "x", "[", "[]", "{}", "null", "[1,2,3,4,5]", `["1","2","lv:x","event"]`, `["1","2","3","4",5,6]`,
			strings.Repeat("[", 20000), `["1","1","lv:` + strings.Repeat("a", 60000) + `","event",{}]`, "\xff\xfe\x00", `[null,null,null,null,null]`} {
			a.text(text)
			if a.hear(); a.over {
				a.dial()
			}
		}
		for range 5 {
			b := make([]byte, rand.IntN(3000))
			for i := range b {
				b[i] = byte(rand.Uint32())
			}
			a.raw(websocket.MessageBinary, b)
			a.raw(websocket.MessageText, b)
			if a.hear(); a.over {
				a.dial()
			}
		}
	}},
	{name: "too large messages", do: func(a *intruder) {
		a.text(`["1","1","lv:x","event","` + strings.Repeat("a", 300<<10) + `"]`)
		a.hear()
	}},
	{name: "unknown topics and events (60)", do: func(a *intruder) {
		j := a.join(a.v.joinPayload(1))
		ref := a.ref()
		a.text(message("", ref, "lv:nobody", "event", `{}`))
		if all := a.hear(); !strings.Contains(fmt.Sprint(answers(all, ref)), "unmatched topic") {
			a.t.Errorf("a message to nobody is answered with %v", answers(all, ref))
		}
		for _, name := range []string{"none such", "", strings.Repeat("long", 3000), "phx_join", "lv:clear-flash", "Mount", "\u0000"} {
			ref := a.ref()
			a.event(j, ref, clicked(name, `{}`, ""))
			a.hear(ref)
			j = a.join(a.v.joinPayload(1))
		}
		a.text(message(j, a.ref(), "lv:"+a.v.id, "none such", `{"a":[1]}`))
		a.usable()
	}},
	{name: "forged targets (61, 62)", path: "/pair", do: func(a *intruder) {
		for _, cid := range []string{"999", "-1", "0", `"1"`, "1e9", "99999999999999999999", "null", "[1]", "1.5"} {
			j := a.join(a.v.joinPayload(1))
			a.event(j, a.ref(), clicked("ring", `{}`, cid))
			a.hear(j)
		}
		a.usable()
	}},
	{name: "events to components that have gone (61)", path: "/pair", do: func(a *intruder) {
		j := a.join(a.v.joinPayload(1))
		for cid := 1; cid <= 8; cid++ { // the cards are among them
			a.event(j, a.ref(), clicked("remove", `{}`, fmt.Sprint(cid)))
			a.event(j, a.ref(), clicked("ring", `{}`, fmt.Sprint(cid)))
			list := fmt.Sprintf(`{"cids":[%d]}`, cid)
			a.text(message(j, a.ref(), "lv:"+a.v.id, "cids_will_destroy", list))
			a.text(message(j, a.ref(), "lv:"+a.v.id, "cids_destroyed", list))
			a.event(j, a.ref(), clicked("ring", `{}`, fmt.Sprint(cid)))
			if strings.Contains(fmt.Sprint(a.hear()), "phx_error") {
				j = a.join(a.v.joinPayload(1))
			}
		}
		a.usable()
	}},
	{name: "events to the views of others (62)", do: func(a *intruder) {
		j := a.join(a.v.joinPayload(1))
		for _, other := range a.s.somebody() {
			a.text(message(j, a.ref(), "lv:"+other, "event", clicked("crash", `{}`, "")))
			a.text(message(j, a.ref(), "lv:"+other, "phx_leave", `{}`))
			ref := a.ref()
			a.text(message(ref, ref, "lv:"+other, "phx_join", a.v.joinPayload(0)))
			a.refused("a join of somebody else's topic", ref)
		}
		a.usable()
	}},
	{name: "changed values (63)", do: func(a *intruder) {
		for _, value := range []string{`{"id":"x"}`, `{"id":-1,"number":"1e99"}`, `{"id":{"a":{"b":[]}}}`, `"not=a&map"`, `"` + strings.Repeat("a[b]", 5000) + `=1"`,
			`[]`, `null`, `{"number":99999999999999999999}`, `{"text":null,"track":-5,"by":"x","card":"none"}`} {
			for _, name := range []string{"increase", "change", "touch", "like", "delete", "add", "typed", "play", "ask", "note", "up", "sort", "toggle"} {
				j := a.join(a.v.joinPayload(1))
				a.event(j, a.ref(), clicked(name, value, ""))
				a.event(j, a.ref(), fmt.Sprintf(`{"type":"form","event":%q,"value":%s}`, name, value))
			}
			a.hear()
		}
		a.usable()
	}},
	{name: "double joins (19)", do: func(a *intruder) {
		var last string
		for range 20 {
			last = a.join(a.v.joinPayload(1))
		}
		if all := a.hear(last); len(answers(all, last)) != 1 {
			a.t.Errorf("the last of many joins has %d answers", len(answers(all, last)))
		}
		a.usable()
	}},
	{name: "messages of a join before (20)", do: func(a *intruder) {
		old := a.join(a.v.joinPayload(1))
		a.join(a.v.joinPayload(1))
		ref := a.ref()
		a.event(old, ref, clicked("none such", `{}`, ""))
		if all := a.hear(); len(answers(all, ref)) != 0 || strings.Contains(fmt.Sprint(all), "phx_error") {
			a.t.Errorf("a message of the join before is answered: %.600s", fmt.Sprint(all))
		}
		a.usable()
	}},
	{name: "repeated references (21)", path: "/counter", do: func(a *intruder) {
		j := a.join(a.v.joinPayload(1))
		ref := a.ref()
		for range 3 {
			a.event(j, ref, clicked("increase", `{"number":"2"}`, ""))
		}
		if got := answers(a.hear(ref, ref, ref), ref); len(got) != 3 {
			a.t.Errorf("a message that was sent three times has %d answers, want one each", len(got))
		}
	}},
	{name: "joins without end (22)", do: func(a *intruder) {
		for i := range 300 {
			ref := a.ref()
			a.text(message(ref, ref, fmt.Sprint("lv:many-", i), "phx_join", a.v.joinPayload(0)))
		}
		if a.hear(); a.over {
			a.t.Error("the connection has ended by too many joins")
			return
		}
		a.usable()
	}},
	{name: "forged and old tokens", do: func(a *intruder) {
		other := get(a.t, a.v.url)
		half := len(a.v.session) / 2
		flip := a.v.session[:half] + string(a.v.session[half]^1) + a.v.session[half+1:]
		for what, session := range map[string]string{"a changed token": flip, "a token of another browser": other.session, "a token of another kind": a.v.static,
			"no token": "", "a token of another app": "AVSz8okBohLMQcF7ImkiOiJwaHgifQ"} {
			a.refused(what, a.join(a.v.payload(map[string]any{"session": session})))
		}
		for what, payload := range map[string]string{"no object": `[]`, "nothing": `null`, "numbers": `{"session":1,"url":2,"params":3}`, "a text": `"x"`} {
			a.refused("a join with "+what, a.join(payload))
		}
		a.usable()
	}},
	{name: "joins of other pages (16, 17, 18)", path: "/counter", do: func(a *intruder) {
		for _, to := range []string{"/nowhere", "/livez", "/table", "/%zz", "/trap/members", strings.Repeat("/a", 5000)} {
			if strings.HasPrefix(to, "/") {
				to = a.s.srv.URL + to
			}
			a.refused("a join at "+to, a.join(a.v.payload(map[string]any{"url": to})))
		}
		for _, to := range []string{"/music", "/trap/members", "/nowhere", "/livez"} {
			a.refused("a navigation to "+to, a.join(a.v.payload(map[string]any{"url": nil, "redirect": a.s.srv.URL + to})))
		}
		huge := a.s.srv.URL + "/counter?" + strings.Repeat("a=b&", 10000)
		a.join(a.v.payload(map[string]any{"url": huge}))
		if a.hear(); a.over {
			a.dial()
		}
		a.usable()
	}},
	{name: "a copied cookie after logging out (14, 15)", path: "/trap/login/", user: "ann", do: func(a *intruder) {
		if all := a.hear("1"); !strings.Contains(fmt.Sprint(all), `"rendered"`) {
			a.t.Fatalf("who is logged in is not let in: %.600s", fmt.Sprint(all))
		}
		a.s.members.Expel(a.s.app, a.user)
		a.ended("the connection of somebody who was sent away")
		a.w.cut()
		a.dial()
		a.refused("the cookie of a session that is over", a.join(a.v.joinPayload(1)))
	}},
	{name: "patches in a circle (66)", path: "/trap", do: func(a *intruder) {
		j := a.join(a.v.joinPayload(1))
		ref := a.ref()
		a.event(j, ref, clicked("loop", `{}`, ""))
		if all := a.hear(ref); !a.ends(all) {
			a.t.Errorf("a page that patches itself without end goes on: %.600s", fmt.Sprint(all))
		}
		a.usable()
	}},
	{name: "a flood of navigations (66)", path: "/feed", do: func(a *intruder) {
		j := a.join(a.v.joinPayload(1))
		for i := range 1500 {
			to, _ := json.Marshal(fmt.Sprint(a.s.srv.URL, "/feed?about=", i)) // text
			a.text(message(j, a.ref(), "lv:"+a.v.id, "live_patch", `{"url":`+string(to)+`}`))
		}
	}},
	{name: "a flood of clicks whose answers nobody reads", path: "/table", do: func(a *intruder) {
		j := a.join(a.v.joinPayload(1))
		for i := range 60 { // each answer is a table
			a.event(j, a.ref(), clicked([]string{"shuffle", "insert"}[i%2], `{}`, ""))
		}
	}},
	{name: "crash after crash (83, 86)", path: "/counter", do: func(a *intruder) {
		for range 15 {
			j := a.join(a.v.joinPayload(1))
			ref := a.ref()
			a.event(j, ref, clicked("crash", `{}`, ""))
			if all := a.hear(ref); !strings.Contains(fmt.Sprint(all), "phx_error") {
				a.t.Errorf("a crash is told by %.600s", fmt.Sprint(all))
			}
		}
		a.usable()
	}},
	{name: "mounts that fail (83, 86)", path: "/trap", do: func(a *intruder) {
		for i := range 10 {
			to := a.s.srv.URL + "/trap?mount=" + []string{"panic", "error"}[i%2]
			a.refused("a mount that fails", a.join(a.v.payload(map[string]any{"url": to})))
		}
		a.usable()
	}},
	{name: "handlers and renders that fail (83)", path: "/trap", do: func(a *intruder) {
		for _, name := range []string{"panic", "error", "render"} {
			j := a.join(a.v.joinPayload(1))
			ref := a.ref()
			a.event(j, ref, clicked(name, `{}`, ""))
			if all := a.hear(ref); !a.ends(all) {
				a.t.Errorf("after %q the view goes on: %.600s", name, fmt.Sprint(all))
			}
		}
		a.usable()
	}},
	{name: "handlers that do not return (87, 88)", path: "/trap", do: func(a *intruder) {
		j := a.join(a.v.joinPayload(1))
		a.event(j, a.ref(), clicked([]string{"block", "slow"}[rand.IntN(2)], `{}`, ""))
		for range 100 {
			a.event(j, a.ref(), clicked("count", `{}`, ""))
		}
		if a.hear(); a.over {
			a.t.Error("no heartbeat is answered while a handler is busy")
		}
	}},
	{name: "a view that floods itself (87)", path: "/trap", do: func(a *intruder) {
		a.event(a.join(a.v.joinPayload(1)), a.ref(), clicked("flood", `{}`, ""))
		a.hear()
		a.usable()
	}},
	{name: "tasks that fail or never end (89)", path: "/trap", do: func(a *intruder) {
		j := a.join(a.v.joinPayload(1))
		for _, name := range []string{"task", "endless", "task", "endless"} {
			a.event(j, a.ref(), clicked(name, `{}`, ""))
		}
		if all := a.hear(fmt.Sprint(a.n)); a.ends(all) {
			a.t.Errorf("the view ends by its tasks: %.600s", fmt.Sprint(all))
		}
	}},
	{name: "payloads that are no JSON (91)", path: "/trap", do: func(a *intruder) {
		j := a.join(a.v.joinPayload(1))
		ref := a.ref()
		a.event(j, ref, clicked("push", `{}`, ""))
		if all := a.hear(ref); a.ends(all) {
			a.t.Errorf("the view ends by what it pushes: %.600s", fmt.Sprint(all))
		}
	}},
}

// ends reports the end of a view among messages.
func (a *intruder) ends(all []frame) bool {
	for _, f := range all {
		if f.event == "phx_error" {
			return true
		}
	}
	return false
}
