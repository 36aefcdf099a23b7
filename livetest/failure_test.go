package livetest_test

import (
	"context"
	"io"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/a-h/templ"

	"bennu"
	"bennu/live"
	"bennu/livetest"
)

// Wrong is a page whose elements are wrong in many ways.
type Wrong struct{ wait chan struct{} }

var wrongPage = newPage(`<p>text</p><a id="nowhere">no link</a><a id="state" data-phx-link="patch" data-phx-link-state="x" href="/wrong">state</a>
<a id="kind" data-phx-link="x" data-phx-link-state="push" href="/wrong">kind</a><b id="plain" phx-click="ok">ok</b>
<i id="json" phx-click="[[">json</i><i id="op" phx-click='[["push",{}]]'>op</i><i id="args" phx-click='[["push"]]'>args</i>
<i id="exec" phx-click='[["exec",{"attr":"data-no"}]]'>exec</i><i id="loop" phx-click='[["exec",{"attr":"phx-click"}]]'>loop</i>
<i id="to" phx-click='[["exec",{"attr":"x","to":7}]]'>to</i><i id="target" phx-click='[["push",{"event":"ok","target":true}]]'>target</i>
<i id="inner" phx-click='[["exec",{"attr":"data-do","to":{"inner":"u"}}],["exec",{"attr":"data-do","to":{"closest":"body"}}]]'><u data-do='[["push",{"event":"ok","target":"#plain"}]]'></u></i>
<i id="cid" phx-click="ok" phx-target="7">cid</i><i id="none" phx-click="ok" phx-target="#nobody">none</i>
<i id="key" phx-keydown="ok" phx-key="Escape"></i><ul id="empty" phx-viewport-top="ok"></ul><b phx-hook="Chart" class="hook"></b>
<form id="form"><input name="a"></form><form id="js" phx-change='[["hide",{}]]' phx-submit='[[' ><input name="a"></form><input id="loose" name="b">
<button phx-click="hang">hang</button>`)

func (w *Wrong) Events() live.Events {
	return live.Events{
		"ok": live.Do(func(*live.Socket) error { return nil }),
		"hang": live.Do(func(s *live.Socket) error {
			wait := w.wait
			live.Go(s, "slow job", func(context.Context) (int, error) { <-wait; return 0, nil }, func(*live.Socket, int, error) error { return nil })
			return nil
		}),
	}
}

func (w *Wrong) Render() templ.Component { return wrongPage.with() }

func TestFailures(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		do   func(v *livetest.View)
		want string
	}{
		{"no link", func(v *livetest.View) { v.Element("#nowhere").Click() }, "it has no phx-click"},
		{"state", func(v *livetest.View) { v.Element("#state").Click() }, `data-phx-link-state is "x", want push or replace`},
		{"kind", func(v *livetest.View) { v.Element("#kind").Click() }, `data-phx-link is "x", want patch or redirect`},
		{"json", func(v *livetest.View) { v.Element("#json").Click() }, "want [[name, {arguments}], …]"},
		{"op", func(v *livetest.View) { v.Element("#op").Click() }, "the command push: it has no event"},
		{"args", func(v *livetest.View) { v.Element("#args").Click() }, "want [[name, {arguments}], …]"},
		{"exec", func(v *livetest.View) { v.Element("#exec").Click() }, `has no commands in its attribute "data-no"`},
		{"loop", func(v *livetest.View) { v.Element("#loop").Click() }, "the command exec leads to itself"},
		{"to", func(v *livetest.View) { v.Element("#to").Click() }, "want a selector"},
		{"target", func(v *livetest.View) { v.Element("#target").Click() }, "want a component's number or a selector"},
		{"exec elsewhere", func(v *livetest.View) { v.Element("#inner").Click() }, `<body> has no commands`},
		{"cid", func(v *livetest.View) { v.Element("#cid").Click() }, "component 7, which is not on the page"},
		{"no target", func(v *livetest.View) { v.Element("#none").Click() }, `phx-target "#nobody" matches nothing`},
		{"key", func(v *livetest.View) { v.Element("#key").Keydown("a") }, `its phx-key is "Escape", so the key "a" sends nothing`},
		{"keyup", func(v *livetest.View) { v.Element("#key").Keyup("Escape") }, "it has no phx-keyup and no phx-window-keyup"},
		{"focus", func(v *livetest.View) { v.Element("#key").Focus() }, "it has no phx-focus"},
		{"blur", func(v *livetest.View) { v.Element("#key").Blur() }, "it has no phx-blur"},
		{"away", func(v *livetest.View) { v.Element("#key").ClickAway() }, "it has no phx-click-away"},
		{"scroll", func(v *livetest.View) { v.Element("#empty").ScrollToTop() }, "it is empty"},
		{"hook", func(v *livetest.View) { v.Element(".hook").HookEvent("a", nil) }, "has no hook: it needs phx-hook and an id"},
		{"change", func(v *livetest.View) { v.Element("#form").Change(nil) }, "it has no phx-change"},
		{"change no form", func(v *livetest.View) { v.Element("#loose").Change(nil) }, "it is no form and no field of one"},
		{"change by command", func(v *livetest.View) { v.Element("#js").Change(nil) }, "send nothing to the server"},
		{"submit", func(v *livetest.View) { v.Element("#form").Submit(nil) }, "it is no form with phx-submit"},
		{"submit by broken command", func(v *livetest.View) { v.Element("#js").Submit(nil) }, "the commands [["},
		{"back", func(v *livetest.View) { v.Back() }, "the history ends here: [/wrong]"},
		{"forward", func(v *livetest.View) { v.Forward() }, "the history ends here"},
		{"follow", func(v *livetest.View) { v.Follow() }, "the page has not been sent anywhere"},
		{"patch", func(v *livetest.View) { v.WantPatch("/a") }, "no patch to /a; the page is at /wrong, and its moves were\n  none"},
		{"navigate", func(v *livetest.View) { v.WantNavigate("/a") }, "no navigation to /a"},
		{"redirect", func(v *livetest.View) { v.WantRedirect("/a") }, "no redirect to /a"},
		{"push", func(v *livetest.View) { livetest.WantPush[int](v, "a") }, `no event "a" was pushed; there are none`},
		{"stuck", func(v *livetest.View) { v.Element("button", "hang").Click(); v.Settle() }, "background tasks have not ended within 5s: slow job"},
		{"no child", func(v *livetest.View) { v.Child("a") }, `no view is nested in the page with the id "a"; there are none`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				wait := make(chan struct{})
				app := newApp(io.Discard, bennu.Options{})
				app.Live("/wrong", func() live.View { return &Wrong{wait} })
				got := livetest.FailureOf(t, func(t testing.TB) {
					defer time.AfterFunc(time.Minute, func() { close(wait) })
					tt.do(livetest.Mount(t, app, "/wrong", livetest.Options{AllowLeakedGoroutines: true}))
				})
				if !strings.Contains(got, tt.want) || !strings.HasPrefix(got, "livetest: ") {
					t.Errorf("failed with %q, want in it %q", got, tt.want)
				}
				time.Sleep(2 * time.Minute)
			})
		})
	}
}

func TestFailuresOfMoves(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		do   func(v *livetest.View)
		want string
	}{
		{"a patch too many", func(v *livetest.View) { v.Element("a", "second page").Click(); v.RefutePatch() },
			"the page was not to move, but there was a patch to /list?page=2"},
		{"a navigation too many", func(v *livetest.View) { v.Element("a", "item 1").Click(); v.RefuteNavigate() }, "there was a navigation to /item/1"},
		{"a redirect too many", func(v *livetest.View) { v.Element("a", "plain page").Click(); v.RefuteRedirect() }, "there was a redirect to /plain"},
		{"another patch", func(v *livetest.View) { v.Element("button", "save").Click(); v.WantPatch("/list?page=8") },
			"no patch to /list?page=8; the page is at /list?page=7, and its moves were\n  patch to /list?page=7"},
		{"a push too many", func(v *livetest.View) { v.Element("button", "tell").Click(); livetest.RefutePush(v, "scores") },
			`no event "scores" was to be pushed, but there are "scores" {"best":12,"of":["Ann"]}, "scores" {"best":13}`},
		{"another payload", func(v *livetest.View) { v.Element("button", "tell").Click(); livetest.WantPush[int](v, "scores") }, `its payload is {"best":12`},
		{"elsewhere", func(v *livetest.View) { v.Element("button", "abroad").Click(); v.Follow() }, "it leads to another host"},
		{"once away", func(v *livetest.View) { v.Element("button", "leave").Click(); v.Element("button", "turn").Click() },
			"the view has sent the page away to /item/3; Follow goes there"},
		{"closed", func(v *livetest.View) { v.Element("button", "leave").Click(); v.Close(); v.Follow() }, "the View is closed"},
		{"no view", func(v *livetest.View) {
			v.Element("a", "plain page").Click()
			v.Follow()
			v.Event("turn", nil)
		}, "the page has no live view"},
		{"a page that is not there", func(v *livetest.View) { v.Event("note", nil); v.Element("a", "elsewhere").Click(); v.Follow() }, "it leads to another host"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				app := newShop(t, new(List))
				got := livetest.FailureOf(t, func(t testing.TB) { tt.do(livetest.Mount(t, app, "/list")) })
				if !strings.Contains(got, tt.want) {
					t.Errorf("failed with %q, want in it %q", got, tt.want)
				}
			})
		})
	}
}
