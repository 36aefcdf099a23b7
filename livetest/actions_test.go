package livetest

import (
	"strings"
	"testing"
	"time"
)

func TestClick(t *testing.T) {
	t.Parallel()
	v := Mount(t, &scripted{}, "/")
	v.Element("button", "+").Click()
	v.RequireText("Count: 2")
	v.RefuteText("Count: 0")
	if !v.Has("#n") || !v.Has("#n", "Count: 2") || v.Has("#n", "Count: 3") || v.Has("i") {
		t.Error("Has is wrong")
	}
	if got, want := v.Element("#n").Text(), "Count: 2"; got != want {
		t.Errorf("Text = %q, want %q", got, want)
	}
	if got, want := v.Element("#n").HTML(), `<p id="n">Count: 2</p>`; got != want {
		t.Errorf("HTML = %q, want %q", got, want)
	}
	if got, ok := v.Element("button").Attr("phx-value-number"); got != "2" || !ok {
		t.Errorf("Attr = %q, %v", got, ok)
	}
	var sent []string
	for _, f := range v.Frames() {
		if f.Sent && f.Event == "event" {
			sent = append(sent, f.Text)
		}
	}
	want := `["4","5","lv:phx-1","event",{"type":"click","event":"increase","value":{"number":"2","value":""}}]`
	if len(sent) != 1 || sent[0] != want {
		t.Errorf("sent %q, want %q", sent, want)
	}
}

func TestClickValue(t *testing.T) {
	t.Parallel()
	tests := []struct{ element, want string }{
		{`<button phx-value-b="1" phx-value-a="2">`, `{"b":"1","a":"2","value":""}`},
		{`<button phx-value-value="1" value="x">`, `{"value":"x"}`},
		{`<div phx-value-id="7" value="x">`, `{"id":"7"}`},
		{`<div phx-value-value="7">`, `{"value":"7"}`},
		{`<a href="#">`, `{}`},
		{`<li value="3">`, `{"value":3}`},
		{`<li>`, `{"value":0}`},
		{`<input value="a&amp;b">`, `{"value":"a&b"}`},
		{`<input type="checkbox">`, `{}`},
		{`<input type="checkbox" checked>`, `{"value":"on"}`},
		{`<input type="radio" value="r" checked>`, `{"value":"r"}`},
		{`<textarea>`, `{"value":""}`},
		{`<data value="d">`, `{"value":"d"}`},
	}
	for _, tt := range tests {
		element := strings.Replace(tt.element, ">", ` phx-click="go">`, 1)
		s := &scripted{
			join:   `{"s":["` + strings.ReplaceAll(element, `"`, `\"`) + `"]}`,
			answer: func(in Frame) []string { return []string{ok(in, `{}`)} },
		}
		v := Mount(t, s, "/")
		v.Element("[phx-click]").Click()
		want := `{"type":"click","event":"go","value":` + tt.want + `}`
		if got := string(v.Frames()[2].Payload); got != want {
			t.Errorf("%s: sent %s, want %s", element, got, want)
		}
	}
}

func TestTargets(t *testing.T) {
	t.Parallel()
	s := &scripted{
		join:   `{"s":["<i id=\"v\" phx-click=\"go\" phx-target=\".row\"></i>",""],"0":1,"c":{"1":{"s":["<div class=\"row\"><b phx-click=\"go\" phx-target=\"1\"></b><u phx-click=\"go\" phx-target=\"9\"></u></div>"],"r":1}}}`,
		answer: func(in Frame) []string { return []string{ok(in, `{}`)} },
	}
	v := Mount(t, s, "/")
	v.Element("b").Click()
	v.Element("#v").Click()
	for _, f := range v.Frames() {
		if f.Sent && f.Event == "event" && !strings.HasSuffix(string(f.Payload), `"value":{},"cid":1}`) {
			t.Errorf("sent %s, want cid 1", f.Payload)
		}
	}
	got := failureOf(t, func(t testing.TB) { Mount(t, s, "/").Element("u").Click() })
	if !strings.Contains(got, "component 9, which is not on the page") {
		t.Errorf("failed with %q", got)
	}
}

const page3 = `{"s":["<button phx-click=\"a\">+</button><button phx-click=\"b\">++</button><button disabled phx-click=\"c\">off</button><p>plain</p><div phx-click=\"d\"><span>inner</span></div><a phx-click=\"[[&quot;hide&quot;,{}]]\">js</a>"]}`

func TestElement(t *testing.T) {
	t.Parallel()
	s := &scripted{join: page3, answer: func(in Frame) []string {
		return []string{frame(in.JoinRef, in.JoinRef, in.Topic, "phx_error", `{"reason":"channel_crash"}`)}
	}}
	v := Mount(t, s, "/")
	if got, _ := v.Element("button", "+").Attr("phx-click"); got != "a" {
		t.Errorf("Element(button, +) is %q, want the one whose whole text it is", got)
	}
	tests := []struct {
		name string
		do   func(v *View)
		want []string
	}{
		{"ambiguous", func(v *View) { v.Element("button") },
			[]string{`"button" matches 3 elements, want one`, `<button phx-click="a">+</button>`, `>++</button>`, `off</button>`}},
		{"ambiguous text", func(v *View) { v.Element("*", "inner") }, []string{`"*" with the text "inner" matches 2 elements`}},
		{"other text", func(v *View) { v.Element("p", "plane") },
			[]string{`no element matches "p" with the text "plane"`, "without the text the selector matches", "<p>plain</p>"}},
		{"none", func(v *View) { v.Element("button.big", "Save") }, []string{`no element matches "button.big"`, "near are", ">++</button>", "the view at / shows"}},
		{"none near", func(v *View) { v.Element("#x") }, []string{`no element matches "#x"`, "<p>plain</p>"}},
		{"selector", func(v *View) { v.Element("p[") }, []string{`selector "p["`}},
		{"selector of Has", func(v *View) { v.Has("p[") }, []string{`selector "p["`}},
		{"not bound", func(v *View) { v.Element("p").Click() }, []string{`cannot click "p": it has no phx-click`, "<p>plain</p>"}},
		{"bound around", func(v *View) { v.Element("span").Click() }, []string{`gives its clicks to <div phx-click="d">`}},
		{"disabled", func(v *View) { v.Element("button", "off").Click() }, []string{"it is disabled"}},
		{"commands", func(v *View) { v.Element("a").Click() }, []string{"send nothing to the server", "only a browser can show"}},
		{"unhandled", func(v *View) { v.Element("button", "+").Click() },
			[]string{`the view crashed on the event "a" by a click on <button phx-click="a">`, `the page offers "b", "c", "d"`, "ExpectCrash"}},
		{"after a crash", func(v *View) {
			v.ExpectCrash(func() { v.Event("x", nil) })
			v.Element("button", "+").Click()
		}, []string{"the view has crashed; Rejoin"}},
		{"text", func(v *View) { v.RefuteText("plain") }, []string{`the view shows the text "plain"`}},
		{"payload", func(v *View) { v.Event("x", func() {}) }, []string{"unsupported type"}},
		{"joined twice", func(v *View) { v.Rejoin() }, []string{"the view is joined"}},
		{"closed", func(v *View) { v.Close(); v.Event("x", nil) }, []string{"the View is closed"}},
		{"closed and joined", func(v *View) { v.Close(); v.Rejoin() }, []string{"the View is closed"}},
		{"cut off", func(v *View) { v.Disconnect(); v.Event("x", nil) }, []string{"the connection is cut; Rejoin connects again"}},
		{"cut off twice", func(v *View) { v.Disconnect(); v.Disconnect() }, []string{"there is no connection"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := failureOf(t, func(t testing.TB) { tt.do(Mount(t, s, "/")) })
			for _, want := range tt.want {
				if !strings.Contains(got, want) {
					t.Errorf("failed with %q, want it to contain %q", got, want)
				}
			}
		})
	}
}

func TestEventsGoWrong(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		answer func(in Frame) []string
		want   string
	}{
		{"error reply", func(in Frame) []string {
			return []string{frame(in.JoinRef, in.Ref, in.Topic, "phx_reply", `{"status":"error","response":{"reason":"x"}}`)}
		}, `answered with an error`},
		{"no status", func(in Frame) []string { return []string{frame(in.JoinRef, in.Ref, in.Topic, "phx_reply", `{}`)} }, `want {"status"`},
		{"other ref", func(in Frame) []string { in.Ref = "77"; return []string{ok(in, `{}`)} }, `a reply to ref "77", which nobody waits for`},
		{"close", func(in Frame) []string { return []string{frame(in.JoinRef, in.JoinRef, in.Topic, "phx_close", `{}`)} }, "the server closed the view"},
		{"socket closed", func(Frame) []string { return []string{"CLOSE"} }, "the server closed the socket with code 1012"},
		{"unknown message", func(in Frame) []string { return []string{pushOf(in, "news", `{}`)} }, "a message that the client does not know"},
		{"wrong diff", func(in Frame) []string { return []string{ok(in, `{"diff":{"5":"x"}}`)} }, "slot 5 of a node with 1"},
		{"diff is no object", func(in Frame) []string { return []string{pushOf(in, "diff", `[]`)} }, "want an object"},
		{"redirect to nowhere", func(in Frame) []string { return []string{ok(in, `{"redirect":{}}`)} }, `want an object with "to"`},
		{"patch to nowhere", func(in Frame) []string { return []string{pushOf(in, "live_patch", `{"to":":"}`)} }, "live_patch"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := failureOf(t, func(t testing.TB) { Mount(t, &scripted{answer: tt.answer}, "/").Element("button").Click() })
			if !strings.Contains(got, tt.want) {
				t.Errorf("failed with %q, want it to contain %q", got, tt.want)
			}
		})
	}
}

func TestEventReply(t *testing.T) {
	t.Parallel()
	v := Mount(t, &scripted{answer: func(in Frame) []string {
		if strings.Contains(in.Text, `"quiet"`) {
			return []string{ok(in, `{}`)}
		}
		return []string{ok(in, `{"diff":{"r":{"id":7},"e":[["ping",{"n":1}],["pong",{},true]]}}`)}
	}}, "/")
	if got := string(v.Event("ask", map[string]int{"id": 7})); got != `{"id":7}` {
		t.Errorf("Event = %s", got)
	}
	if got := v.Event("quiet", nil); got != nil {
		t.Errorf("Event = %s, want nothing", got)
	}
	want := `{"type":"hook","event":"ask","value":{"id":7}}`
	if got := string(v.Frames()[2].Payload); got != want {
		t.Errorf("sent %s, want %s", got, want)
	}
	v.RequireText("Count: 0")
}

func TestCrashAndRejoin(t *testing.T) {
	t.Parallel()
	crashing := func(in Frame) []string {
		if strings.Contains(in.Text, `"crash"`) {
			return []string{frame(in.JoinRef, in.JoinRef, in.Topic, "phx_error", `{"reason":"channel_crash"}`)}
		}
		return []string{ok(in, `{"diff":{"0":"2"}}`)}
	}
	v := Mount(t, &scripted{answer: crashing}, "/")
	v.Element("button").Click()
	v.ExpectCrash(func() { v.Event("crash", nil) })
	v.RequireText("Count: 2") // the page keeps what it shows
	v.Rejoin()
	v.RequireText("Count: 0")
	v.Element("button").Click()
	v.RequireText("Count: 2")
	v.Disconnect()
	v.Rejoin()
	v.RequireText("Count: 0")
	var joins []string
	for _, f := range v.Frames() {
		if f.Event == "phx_join" {
			joins = append(joins, f.JoinRef+" "+f.Text[strings.Index(f.Text, `"_mounts`):strings.Index(f.Text, `},"session"`)])
		}
	}
	want := []string{`4 "_mounts":0,"_mount_attempts":0`, `7 "_mounts":1,"_mount_attempts":0`, `9 "_mounts":2,"_mount_attempts":0`}
	if strings.Join(joins, "; ") != strings.Join(want, "; ") {
		t.Errorf("joins %q, want %q", joins, want)
	}

	if got := failureOf(t, func(t testing.TB) {
		v := Mount(t, &scripted{}, "/")
		v.ExpectCrash(func() { v.Disconnect() })
	}); !strings.Contains(got, "expected a crash") {
		t.Errorf("failed with %q", got)
	}
}

func TestRedirects(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		answer func(in Frame) []string
	}{
		{"reply", func(in Frame) []string {
			return []string{ok(in, `{"live_redirect":{"to":"/other","kind":"push"}}`), frame(in.JoinRef, in.JoinRef, in.Topic, "phx_close", `{}`)}
		}},
		{"hard", func(in Frame) []string { return []string{ok(in, `{"redirect":{"to":"/other"}}`)} }},
		{"push", func(in Frame) []string {
			return []string{pushOf(in, "live_redirect", `{"to":"/other","kind":"replace"}`)}
		}},
	}
	for _, tt := range tests {
		v := Mount(t, &scripted{answer: tt.answer}, "/")
		v.Element("button").Click()
		if got := v.Redirected(); got != "/other" {
			t.Errorf("%s: Redirected = %q, want /other", tt.name, got)
		}
		if got := failureOf(t, func(t testing.TB) { v.t = t; v.Element("button").Click() }); !strings.Contains(got, "sent the page away to /other") {
			t.Errorf("%s: failed with %q", tt.name, got)
		}
		if got := failureOf(t, func(t testing.TB) { v.t = t; v.Rejoin() }); !strings.Contains(got, "sent the page away to /other") {
			t.Errorf("%s: failed with %q", tt.name, got)
		}
		v.t = t
	}
	v := Mount(t, &scripted{answer: func(in Frame) []string {
		return []string{pushOf(in, "live_patch", `{"to":"/cart?page=2","kind":"push"}`), ok(in, `{}`)}
	}}, "/cart")
	v.Element("button").Click()
	if v.Path() != "/cart?page=2" || v.Redirected() != "" {
		t.Errorf("Path = %q, Redirected = %q", v.Path(), v.Redirected())
	}
}

func TestPushesArriveByThemselves(t *testing.T) {
	t.Parallel()
	v := Mount(t, &scripted{after: func(send func(string)) {
		send(`["3",null,"lv:phx-1","diff",{"0":"late message of another run"}]`)
		send(`["4",null,"lv:phx-1","diff",{"0":"7"}]`)
	}}, "/")
	v.RequireText(" Count:\n7 ")
	v = Mount(t, &scripted{after: func(send func(string)) { send(`["4",null,"lv:phx-1","diff",{"0":"7"}]`) }}, "/")
	if got := v.RequireElement("p", "7").Text(); got != "Count: 7" {
		t.Errorf("the element that came has the text %q", got)
	}

	got := failureOf(t, func(t testing.TB) {
		v := Mount(t, &scripted{after: func(send func(string)) {
			send(`["4","4","lv:phx-1","phx_error",{"reason":"channel_crash"}]`)
		}}, "/")
		v.RequireText("never")
	})
	if !strings.Contains(got, "the view crashed") {
		t.Errorf("failed with %q", got)
	}
	for d := 10 * time.Millisecond; d < time.Minute; d *= 4 { // the mount needs some of it
		got = failureOf(t, func(t testing.TB) {
			Mount(t, &scripted{}, "/", Options{Deadline: d}).RequireElement("#never", "come")
		})
		if !strings.Contains(got, "deadline exceeded") {
			break
		}
	}
	if !strings.Contains(got, `no element matches "#never"`) || !strings.Contains(got, "Count: ") {
		t.Errorf("failed with %q", got)
	}
}

func TestBrokenPushWhileWaiting(t *testing.T) {
	t.Parallel()
	got := failureOf(t, func(t testing.TB) {
		Mount(t, &scripted{after: func(send func(string)) { send(`["4",null,"lv:phx-1","diff",{"9":"x"}]`) }}, "/").RequireText("never")
	})
	if !strings.Contains(got, "slot 9 of a node with 1") {
		t.Errorf("failed with %q", got)
	}
}

func TestWhatNobodyLookedAtFailsAtTheEnd(t *testing.T) {
	t.Parallel()
	crash := &scripted{answer: func(in Frame) []string {
		return []string{ok(in, `{}`), frame(in.JoinRef, in.JoinRef, in.Topic, "phx_error", `{"reason":"channel_crash"}`)}
	}}
	got := failureOf(t, func(t testing.TB) { Mount(t, crash, "/").Element("button").Click() })
	if !strings.Contains(got, "the view crashed") {
		t.Errorf("failed with %q", got)
	}
	stuck := &scripted{leave: func(Frame) []string { return []string{"CLOSE"} }}
	got = failureOf(t, func(t testing.TB) { Mount(t, stuck, "/") })
	if !strings.Contains(got, "at the end of the test: the server closed the socket") {
		t.Errorf("failed with %q", got)
	}
}
