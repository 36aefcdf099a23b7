package livetest

import (
	"fmt"
	"net/http"
	"net/http/cookiejar"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestMountSpeaksLikeTheClient(t *testing.T) {
	t.Parallel()
	var upgrade *http.Request
	s := &scripted{
		head:  `<title data-suffix=" · Shop">Cart · Shop</title><script phx-track-static src="/app.js"></script>`,
		check: func(r *http.Request) { upgrade = r.Clone(r.Context()) },
		join:  `{"s":["<p>","</p>"],"0":"live","t":"Bag"}`,
	}
	v := Mount(t, s, "/cart?x=1", Options{BaseURL: "http://shop.test:4000", Params: map[string]string{"tz": "UTC"}})
	if got, want := v.HTML(), "<p>live</p>"; got != want {
		t.Errorf("HTML = %s, want %s", got, want)
	}
	if !strings.Contains(v.Dead(), ">dead</div>") {
		t.Errorf("Dead = %s", v.Dead())
	}
	if v.Title() != "Bag · Shop" || v.ID() != "phx-1" || v.Path() != "/cart?x=1" {
		t.Errorf("Title, ID, Path = %q, %q, %q", v.Title(), v.ID(), v.Path())
	}
	wantQuery := "_csrf_token=C%261&_track_static[0]=http%3A%2F%2Fshop.test%3A4000%2Fapp.js&_mounts=0&_mount_attempts=0&_live_referer=undefined&vsn=2.0.0"
	if upgrade.URL.Path != "/live/websocket" || upgrade.URL.RawQuery != wantQuery {
		t.Errorf("socket at %s, want query %s", upgrade.URL, wantQuery)
	}
	if upgrade.Host != "shop.test:4000" || upgrade.Header.Get("Origin") != "http://shop.test:4000" || upgrade.Header.Get("Cookie") != "session=abc" {
		t.Errorf("upgrade with host %q, header %v", upgrade.Host, upgrade.Header)
	}
	want := `["4","4","lv:phx-1","phx_join",{"url":"http://shop.test:4000/cart?x=1","params":{"_csrf_token":"C&1","tz":"UTC","_track_static":["http://shop.test:4000/app.js"],"_mounts":0,"_mount_attempts":0},"session":"SESSION","static":"STATIC","sticky":false}]`
	frames := v.Frames()
	if len(frames) != 2 || frames[0].Text != want || !frames[0].Sent || frames[1].Sent || frames[1].Event != "phx_reply" {
		t.Errorf("frames %v, want first %s", frames, want)
	}
}

func TestMountFollowsRedirectsAndKeepsCookies(t *testing.T) {
	t.Parallel()
	s := &scripted{serve: func(w http.ResponseWriter, r *http.Request) bool {
		switch r.URL.Path {
		case "/login":
			http.SetCookie(w, &http.Cookie{Name: "user", Value: "ann", Path: "/"})
			http.Redirect(w, r, "/home", http.StatusFound)
			return true
		case "/home":
			if c, err := r.Cookie("user"); err != nil || c.Value != "ann" {
				http.Error(w, "who?", http.StatusUnauthorized)
				return true
			}
		}
		return false
	}}
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	if v := Mount(t, s, "/login", Options{Jar: jar}); v.Path() != "/home" {
		t.Errorf("Path = %s, want /home", v.Path())
	}
	Mount(t, s, "/home", Options{Jar: jar})
	Mount(t, s, "/home", Options{Header: http.Header{"Cookie": {"user=ann"}}})
}

func TestMountUnderAPrefix(t *testing.T) {
	t.Parallel()
	s := &scripted{head: `<meta name="live-path" content="/admin/live">`, check: func(r *http.Request) {
		if r.URL.Path != "/admin/live/websocket" {
			t.Errorf("socket at %s", r.URL.Path)
		}
	}}
	Mount(t, s, "/admin/counter").RequireText("Count: 0")
}

func TestMountFails(t *testing.T) {
	t.Parallel()
	const main = `<div id="a" data-phx-main data-phx-session="s" data-phx-static="">`
	tests := []struct {
		name string
		site *scripted
		opts Options
		want []string
	}{
		{"no live page", &scripted{page: "<p>plain</p>"}, Options{}, []string{"0 elements with data-phx-main", "<p>plain</p>"}},
		{"two main views", &scripted{page: main + "</div>" + strings.Replace(main, `"a"`, `"b"`, 1)}, Options{}, []string{"2 elements with data-phx-main"}},
		{"no id", &scripted{page: `<div data-phx-main>`}, Options{}, []string{"has no id"}},
		{"no tokens", &scripted{page: `<div id="a" data-phx-main>`}, Options{}, []string{"lacks data-phx-session"}},
		{"status", &scripted{serve: func(w http.ResponseWriter, r *http.Request) bool {
			http.Error(w, "no such page", http.StatusNotFound)
			return true
		}}, Options{}, []string{"404 Not Found, want 200", "no such page"}},
		{"panic", &scripted{serve: func(http.ResponseWriter, *http.Request) bool { panic("at the page") }}, Options{}, []string{"EOF", "at the page"}},
		{"no socket", &scripted{serve: func(w http.ResponseWriter, r *http.Request) bool {
			if strings.HasSuffix(r.URL.Path, "websocket") {
				w.WriteHeader(http.StatusForbidden)
				return true
			}
			return false
		}}, Options{}, []string{"socket ws://localhost/live/websocket?", "403"}},
		{"stream without a place", &scripted{join: `["REF","REF","lv:phx-1","phx_reply",{"status":"ok","response":{"rendered":{"s":["<ul>","</ul>"],"0":{"s":["<li id=\"","\"></li>"],"k":{"0":{"0":"f-1"},"kc":1},"stream":["f",[["f-1",-1,null,null]],[]]}}}}]`}, Options{},
			[]string{`an item of the stream "f" stands in <ul>, which has no phx-update="stream"`, `<li id="f-1">`}},
		{"stream without ids", &scripted{join: `["REF","REF","lv:phx-1","phx_reply",{"status":"ok","response":{"rendered":{"s":["<ul id=\"u\" phx-update=\"stream\">","</ul>"],"0":{"s":["<li>","</li>"],"k":{"0":{"0":"x"},"kc":1},"stream":["f",[["f-1",-1,null,null]],[]]}}}}]`}, Options{},
			[]string{`no element has the id "f-1", which the stream "f" gives to an item`}},
		{"stale", &scripted{join: `["REF","REF","lv:phx-1","phx_reply",{"status":"error","response":{"reason":"stale"}}]`}, Options{},
			[]string{`refused with {"reason":"stale"}`, "CSRF token"}},
		{"join crashed", &scripted{join: `["REF","REF","lv:phx-1","phx_reply",{"status":"error","response":{"reason":"join crashed"}}]`}, Options{},
			[]string{"join crashed", "server's log"}},
		{"unauthorized", &scripted{join: `["REF","REF","lv:phx-1","phx_reply",{"status":"error","response":{"reason":"unauthorized"}}]`}, Options{},
			[]string{"another view or live session"}},
		{"push before the reply", &scripted{join: `["REF",null,"lv:phx-1","diff",{}]`}, Options{}, []string{"before the reply to the join"}},
		{"no rendered", &scripted{join: `["REF","REF","lv:phx-1","phx_reply",{"status":"ok","response":{}}]`}, Options{}, []string{`no "rendered"`}},
		{"reply in the first render", &scripted{join: `{"s":["x"],"r":1}`}, Options{}, []string{"a member r at its root"}},
		{"broken diff", &scripted{join: `{"s":["x","y"]}`}, Options{}, []string{"slot 0", "undefined"}},
		{"key twice", &scripted{join: `{"s":["x","y"],"0":"a","0":"b"}`}, Options{}, []string{`"0" comes twice`}},
		{"no frame", &scripted{join: `[1,2]`}, Options{}, []string{"want [join_ref, ref, topic, event, payload]"}},
		{"no text", &scripted{join: "[\"\xff\"]"}, Options{}, []string{"no UTF-8"}},
		{"duplicate id", &scripted{join: `{"s":["<p id=\"x\">1</p><b id=\"x\">2</b>"]}`}, Options{},
			[]string{`the id "x" is used 2 times`, `<p id="x">1</p>`, `<b id="x">2</b>`}},
		{"duplicate id outside of the view", &scripted{page: scriptedPage + `<p id="n">1</p>`}, Options{}, []string{`the id "n" is used 2 times`}},
		{"form without id", &scripted{join: `{"s":["<form phx-submit=\"save\"></form>"]}`}, Options{}, []string{"has no id", `<form phx-submit="save">`}},
		{"other topic", &scripted{join: "[null,\"1\",\"phoenix\",\"phx_reply\",{}]"}, Options{}, []string{`the topic "phoenix"`}},
		{"base", &scripted{}, Options{BaseURL: "https://shop.test"}, []string{"Options.BaseURL"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := failureOf(t, func(t testing.TB) { Mount(t, tt.site, "/cart", tt.opts) })
			for _, want := range tt.want {
				if !strings.Contains(got, want) {
					t.Errorf("failed with %q, want it to contain %q", got, want)
				}
			}
			if !strings.HasPrefix(got, "livetest: ") {
				t.Errorf("failed with %q, want the package's name in front", got)
			}
		})
	}
}

func TestMountAcceptsWhatIsAllowed(t *testing.T) {
	t.Parallel()
	Mount(t, &scripted{join: `{"s":["<p id=\"x\"></p><p id=\"x\"></p><form phx-change=\"a\"></form>"]}`}, "/",
		Options{AllowDuplicateIDs: true, AllowFormsWithoutID: true})
	v := Mount(t, &scripted{join: `["REF","REF","lv:phx-1","phx_reply",{"status":"error","response":{"reason":"stale"}}]`}, "/",
		Options{AllowJoinError: true})
	if got, want := v.JoinError(), `{"reason":"stale"}`; got != want {
		t.Errorf("JoinError = %s, want %s", got, want)
	}
	v.Rejoin()
	if f := v.Frames(); !strings.Contains(f[2].Text, `"_mounts":0,"_mount_attempts":1`) {
		t.Errorf("second join: %s", f[2])
	}
	if v.HTML() != "dead" {
		t.Errorf("HTML = %s, want the dead render's", v.HTML())
	}
}

func TestSilenceRunsIntoTheDeadline(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		got := failureOf(t, func(t testing.TB) {
			v := Mount(t, &scripted{answer: func(Frame) []string { return nil }}, "/")
			v.Element("button").Click()
		})
		if !strings.Contains(got, `no answer to the event "increase" by a click on <button`) || !strings.Contains(got, "within 5s") || !strings.Contains(got, "> [") {
			t.Errorf("failed with %q", got)
		}
		if took := time.Since(start); took < 5*time.Second {
			t.Errorf("gave up after %v", took)
		}
	})
}

func TestMountInABubble(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		v := Mount(t, &scripted{after: func(send func(string)) {
			time.Sleep(time.Hour)
			send(`["4",null,"lv:phx-1","diff",{"0":"9"}]`)
		}}, "/", Options{Deadline: 2 * time.Hour})
		v.RequireText("Count: 0")
		v.RequireText("Count: 9")
	})
}

func TestTwoOptionsAreAMistake(t *testing.T) {
	t.Parallel()
	got := failureOf(t, func(t testing.TB) { Mount(t, &scripted{}, "/", Options{}, Options{}) })
	if got != "livetest: Mount takes one Options, got 2" {
		t.Errorf("failed with %q", got)
	}
}

func TestManyViewsAtOnce(t *testing.T) {
	t.Parallel()
	s := &scripted{}
	for i := range 8 {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			t.Parallel()
			v := Mount(t, s, "/")
			v.Element("button").Click()
			v.RequireText("Count: 2")
		})
	}
}
