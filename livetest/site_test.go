package livetest_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/a-h/templ"

	"bennu"
	"bennu/live"
	"bennu/livetest"
	"bennu/token"
)

// List is a page of a shop that uses what live views can.
type List struct {
	Page    int
	Note    string
	Found   live.Async[[]string]
	release chan struct{} // the background work waits for it
}

var listPage = newPage(`<p role="status">`, `</p><p id="page">page `, `</p><p id="note">`, `</p><p id="found">`, `</p>
<a data-phx-link="patch" data-phx-link-state="push" href="/list?page=2">second page</a>
<a data-phx-link="patch" data-phx-link-state="replace" href="/list?page=3">third page</a>
<a data-phx-link="patch" data-phx-link-state="push" href="/item/9">wrong link</a>
<a data-phx-link="redirect" data-phx-link-state="push" href="/item/1">item 1</a>
<a data-phx-link="redirect" data-phx-link-state="push" href="/admin">admin</a>
<a href="/plain">plain page</a><a href="https://elsewhere.test/">elsewhere</a>
<button phx-click="save">save</button><button phx-click="leave">leave</button><button phx-click="out">out</button>
<button phx-click="abroad">abroad</button><button phx-click="turn">turn</button><button phx-click="search">search</button>
<button phx-click="tell">tell</button><button phx-click='[["hide",{"to":"#page"}],["push",{"event":"note","value":{"note":"by command"}}]]'>command</button>
<button phx-click='[["patch",{"href":"/list?page=5"}]]'>patch command</button>
<button phx-click='[["navigate",{"href":"/item/2","replace":true}]]'>navigate command</button>
<button phx-click='[["exec",{"attr":"data-go","to":"#go"}]]'>exec command</button><i id="go" data-go='[["push",{"event":"note","value":{"note":"executed"}}]]'></i>
<div id="keys" phx-window-keydown="key" phx-key="Enter" phx-keyup="key" phx-value-from="div"></div>
<input id="focus" phx-focus="seen" phx-blur="seen" phx-value-note="focus" value="v"><div id="menu" phx-click-away="seen" phx-value-note="away"></div>
<ul id="scroll" phx-viewport-top="shown" phx-viewport-bottom="shown"><li id="first"></li><li id="last"></li></ul>
<b id="hook" phx-hook="Chart"></b><button phx-click="lv:clear-flash" phx-value-key="info">close</button>
<form id="f" phx-change="typed" phx-submit="sent"><input name="user[name]" value="Ann"><input type="hidden" name="id" value="7">
<select name="size"><option value="s">S</option><option selected value="m">M</option></select><textarea name="text">
a</textarea><input type="checkbox" name="ok" value="yes"><input type="checkbox" name="news" checked><input name="off" disabled value="x">
<button name="go" value="now">send</button></form>`)

func (l *List) Mount(s *live.Socket, p live.Params) error {
	if p.Get("gone") != "" && s.Connected() {
		s.PushEvent("bye", nil)
		s.Redirect("/plain")
	}
	s.SetTitle("List")
	return nil
}

func (l *List) HandleParams(s *live.Socket, p live.Params) error {
	l.Page, _ = strconv.Atoi(p.Get("page"))
	return nil
}

type note struct {
	Note, Key, From, Value, ID string
}

func (l *List) Events() live.Events {
	say := func(f func(note) string) live.Handler {
		return live.On(func(_ *live.Socket, n note) error { l.Note = f(n); return nil })
	}
	return live.Events{
		"save": live.Do(func(s *live.Socket) error {
			s.PutFlash(live.Info, "saved")
			s.Patch("/list?page=7", live.Replace)
			return nil
		}),
		"leave": live.Do(func(s *live.Socket) error {
			s.PutFlash(live.Info, "bought")
			s.Navigate("/item/3")
			return nil
		}),
		"out": live.Do(func(s *live.Socket) error {
			s.PutFlash(live.Info, "logged out")
			s.Redirect("/item/4")
			return nil
		}),
		"abroad": live.Do(func(s *live.Socket) error { s.RedirectExternal("https://elsewhere.test/"); return nil }),
		"turn":   live.Do(func(s *live.Socket) error { s.SetTitle("Turned"); return nil }),
		"search": live.Do(func(s *live.Socket) error {
			wait := l.release
			live.Load(s, &l.Found, func(ctx context.Context) ([]string, error) {
				select {
				case <-wait:
					return []string{"spade", "fork"}, nil
				case <-ctx.Done():
					return nil, ctx.Err()
				}
			})
			return nil
		}),
		"tell": live.Do(func(s *live.Socket) error {
			s.PushEvent("scores", map[string]any{"best": 12, "of": []string{"Ann"}})
			s.PushEvent("scores", map[string]any{"best": 13})
			live.Go(s, "later", func(context.Context) (int, error) { return 14, nil },
				func(s *live.Socket, n int, _ error) error { s.PushEvent("late", n); return nil })
			return nil
		}),
		"note": say(func(n note) string { return n.Note }),
		"key":  say(func(n note) string { return n.Key + " from " + n.From }),
		"seen": say(func(n note) string { return n.Note + n.Value }),
		"shown": say(func(n note) string {
			return "shown " + n.ID
		}),
		"ask": live.On(func(s *live.Socket, n note) error {
			s.Reply(map[string]string{"answer": n.Note})
			return nil
		}),
		"typed": live.On(func(_ *live.Socket, in map[string]any) error { l.Note = fmt.Sprint("typed ", in); return nil }),
		"sent":  live.On(func(_ *live.Socket, in map[string]any) error { l.Note = fmt.Sprint("sent ", in); return nil }),
	}
}

func (l *List) Render() templ.Component {
	found := "nothing"
	if l.Found.OK {
		found = strings.Join(l.Found.Value, ", ")
	} else if l.Found.Loading {
		found = "searching"
	}
	return listPage.with("", l.Page, l.Note, found)
}

// Item is another page of it.
type Item struct{ ID, Home string }

var itemPage = newPage(`<h1>item `, `</h1><a data-phx-link="redirect" data-phx-link-state="push" href="/list">back</a>`)

func (i *Item) HandleParams(s *live.Socket, p live.Params) error { i.ID = p.Get("id"); return nil }
func (i *Item) Render() templ.Component                          { return itemPage.with(i.ID) }

// flashed is a live layout that shows the flash.
func flashed(s *live.Socket) templ.Component {
	return flashLayout.with(s.Flash(live.Info), childrenOf{})
}

var flashLayout = newPage(`<aside>`, `</aside>`, ``)

// newShop is the app.
func newShop(t *testing.T, list *List) *bennu.App {
	t.Helper()
	app := bennu.New(bennu.Options{SecretKeyBase: token.NewSecret(), Logger: slog.New(slog.NewTextHandler(io.Discard, nil)),
		RootLayout: layout, LiveLayout: flashed})
	app.Live("/list", func() live.View { l := *list; return &l }, bennu.Title("Shop"))
	app.Live("/item/{id}", func() live.View { return new(Item) }, bennu.Title("Item"))
	app.Get("/plain", func(w http.ResponseWriter, r *http.Request) error {
		_, err := io.WriteString(w, `<!DOCTYPE html><html><head><title>Plain</title></head><body><h1>a plain page</h1><a href="/list">to the list</a></body></html>`)
		return err
	})
	app.LiveSession("admin", func(g *bennu.Group) {
		g.Live("/admin", func() live.View { return new(Item) })
	})
	return app
}

func openList(t *testing.T, path string) *livetest.View {
	t.Helper()
	return livetest.Mount(t, newShop(t, new(List)), path)
}

func TestPatchLinks(t *testing.T) {
	t.Parallel()
	v := openList(t, "/list")
	v.RequireText("page 0")
	v.Element("a", "second page").Click()
	v.RequireText("page 2")
	v.WantPatch("/list?page=2")
	v.RefutePatch()
	v.Element("a", "third page").Click()
	v.Element("button", "patch command").Click()
	v.RequireText("page 5")
	if got, at := v.History(); fmt.Sprint(got, at) != "[/list /list?page=3 /list?page=5] 2" {
		t.Errorf("History = %q, %d", got, at)
	}
	v.Back()
	v.RequireText("page 3")
	v.Back()
	v.RequireText("page 0")
	v.Forward()
	if v.Path() != "/list?page=3" {
		t.Errorf("Path = %s", v.Path())
	}
	v.Element("button", "save").Click()
	v.RequireText("saved")
	v.WantPatch("/list?page=7")
	v.Element("button", "close").Click()
	v.RefuteText("saved")
	if got, at := v.History(); fmt.Sprint(got, at) != "[/list /list?page=7 /list?page=5] 1" {
		t.Errorf("History after a replace = %q, %d", got, at)
	}
}

func TestNavigation(t *testing.T) {
	t.Parallel()
	v := openList(t, "/list?page=1")
	if v.Title() != "List" {
		t.Errorf("Title = %q", v.Title())
	}
	v.Element("a", "item 1").Click()
	v.RequireText("item 1")
	v.WantNavigate("/item/1")
	v.RefuteNavigate()
	if v.Path() != "/item/1" || v.Title() != "Item" || v.Redirected() != "" {
		t.Errorf("Path, Title, Redirected = %q, %q, %q", v.Path(), v.Title(), v.Redirected())
	}
	v.Back()
	v.RequireText("page 1")
	v.Forward()
	v.Element("a", "back").Click()
	v.Element("a", "wrong link").Click() // another view's page
	v.RequireText("item 9")
	v.WantNavigate("/item/9")
	v.Back()
	v.Element("button", "navigate command").Click()
	v.RequireText("item 2")
	// Once reached by navigation, a page joins by its address alone.
	v.Disconnect()
	v.Rejoin()
	v.RequireText("item 2")
	frames := v.Frames()
	last := frames[len(frames)-2].Text
	if !strings.Contains(last, `"redirect":"http://localhost/item/2"`) || !strings.Contains(last, `"_mounts":1`) || !strings.Contains(last, `"_live_referer":"http://localhost/list"`) {
		t.Errorf("rejoin by %s", last)
	}
}

// For each check of moves that a Phoenix user knows there is one: assert_patch
// and assert_patched (WantPatch, which waits), refute_patched, assert_redirect
// and assert_redirected (WantNavigate, WantRedirect), refute_redirected,
// follow_redirect, live_redirect, render_patch.
func TestTEST08ChecksOfMoves(t *testing.T) {
	t.Parallel()
	v := openList(t, "/list")
	v.RefutePatch()
	v.RefuteNavigate()
	v.RefuteRedirect()
	v.Patch("/list?page=4") // render_patch
	v.WantPatch("/list?page=4")
	v.RefutePatch()
	v.RequireText("page 4")
	v.Back()
	v.RequireText("page 0")
	v.Patch("/item/5") // another view's: the client navigates
	v.WantNavigate("/item/5")
	v.RequireText("item 5")
	v.Navigate("/item/6") // live_redirect
	v.WantNavigate("/item/6")
	v.RefuteNavigate()
	v.RequireText("item 6")
	v.Navigate("/list")
	v.Element("button", "leave").Click()
	v.WantNavigate("/item/3")
	v.Follow()
	v.RequireText("bought")
	v.Navigate("/admin") // of another live session
	v.WantRedirect("http://localhost/admin")
	v.RefuteRedirect()
	v.Follow()
	v.RequireText("item")
	if v.Path() != "/admin" {
		t.Errorf("Path = %s, want /admin", v.Path())
	}
	for _, tt := range []struct {
		do   func(*livetest.View)
		want string
	}{
		{func(v *livetest.View) { v.Navigate("https://elsewhere.test/"); v.Follow() }, "it leads to another host"},
		{func(v *livetest.View) { v.Patch("::") }, "patch to ::: parse"},
		{func(v *livetest.View) { v.Close(); v.Navigate("/list") }, "the View is closed"},
		{func(v *livetest.View) { v.Element("button", "out").Click(); v.Patch("/list") }, "sent the page away to /item/4"},
	} {
		app := newShop(t, new(List))
		if got := livetest.FailureOf(t, func(t testing.TB) { tt.do(livetest.Mount(t, app, "/list")) }); !strings.Contains(got, tt.want) {
			t.Errorf("failed with %q, want in it %q", got, tt.want)
		}
	}
}

func TestFollow(t *testing.T) {
	t.Parallel()
	v := openList(t, "/list")
	v.Element("button", "leave").Click()
	v.WantNavigate("/item/3")
	v.Follow()
	v.RequireText("bought")
	v.RequireText("item 3")
	v.Back()
	v.RefuteText("bought")
	v.Element("button", "out").Click()
	v.WantRedirect("/item/4")
	v.RefuteRedirect()
	v.Follow()
	v.RequireText("item 4")
	v.RequireText("logged out")
	v.Back() // the page before was another one: it is loaded
	v.RequireText("page 0")
	v.Element("a", "plain page").Click()
	v.WantRedirect("/plain")
	v.Follow()
	if v.Title() != "Plain" || !v.Has("h1", "a plain page") {
		t.Errorf("the plain page: %q\n%s", v.Title(), v.HTML())
	}
	v.Element("a", "to the list").Click()
	v.Follow()
	v.Element("a", "admin").Click() // out of the live session
	v.WantNavigate("/admin")
	v.WantRedirect("http://localhost/admin")
	v.Follow()
	v.RequireText("item")
	if v.Path() != "/admin" {
		t.Errorf("Path = %s", v.Path())
	}
}

func TestRedirectInAConnectedMount(t *testing.T) {
	t.Parallel()
	v := openList(t, "/list?gone=1")
	v.WantRedirect("/plain")
	livetest.WantPush[any](v, "bye")
	v.Follow()
	v.RequireText("a plain page")
}

func TestPushedEvents(t *testing.T) {
	t.Parallel()
	v := openList(t, "/list")
	livetest.RefutePush(v, "scores")
	v.Element("button", "tell").Click()
	type scores struct {
		Best int
		Of   []string
	}
	if got := livetest.WantPush[scores](v, "scores"); got.Best != 12 || len(got.Of) != 1 {
		t.Errorf("scores %+v", got)
	}
	if got := livetest.WantPush[scores](v, "scores"); got.Best != 13 {
		t.Errorf("scores %+v", got)
	}
	livetest.RefutePush(v, "scores")
	if got := livetest.WantPush[int](v, "late"); got != 14 {
		t.Errorf("late = %d", got)
	}
	v.Element("button", "turn").Click()
	if v.Title() != "Turned" {
		t.Errorf("Title = %q", v.Title())
	}
}

func TestSettle(t *testing.T) {
	t.Parallel()
	release := make(chan struct{})
	v := livetest.Mount(t, newShop(t, &List{release: release}), "/list")
	v.Element("button", "search").Click()
	v.RequireText("searching")
	close(release)
	v.Settle()
	if got := v.Element("#found").Text(); got != "spade, fork" {
		t.Errorf("found %q", got)
	}
	synctest.Test(t, func(t *testing.T) {
		release := make(chan struct{})
		v := livetest.Mount(t, newShop(t, &List{release: release}), "/list")
		v.Element("button", "search").Click()
		time.AfterFunc(4*time.Second, func() { close(release) })
		v.Settle()
		if got := v.Element("#found").Text(); got != "spade, fork" {
			t.Errorf("in a bubble: found %q", got)
		}
	})
}

// A page that is open for long says now and then that it is there.
func TestHeartbeat(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		v := openList(t, "/list")
		time.Sleep(time.Hour)
		v.Element("button", "turn").Click()
	})
}

func TestEventsOfElements(t *testing.T) {
	t.Parallel()
	v := openList(t, "/list")
	note := func(want string) {
		t.Helper()
		if got := v.Element("#note").Text(); got != want {
			t.Errorf("note is %q, want %q", got, want)
		}
	}
	v.Element("button", "exec command").Click()
	note("executed")
	v.Element("button:not([data-x])", "command").Click()
	note("by command")
	v.Element("#keys").Keydown("enter")
	note("enter from div")
	v.Element("#keys").Keyup("Enter")
	note("Enter from div")
	v.Element("#focus").Focus()
	note("focusv")
	v.Element("#menu").ClickAway()
	note("away")
	v.Element("#focus").Blur()
	note("focusv")
	v.Element("#scroll").ScrollToTop()
	note("shown first")
	v.Element("#scroll").ScrollToBottom()
	note("shown last")
	if got := string(v.Element("#hook").HookEvent("ask", asked{"why"})); got != `{"answer":"why"}` {
		t.Errorf("HookEvent = %s", got)
	}
}

type asked struct {
	Note string `json:"note"`
}

func TestForms(t *testing.T) {
	t.Parallel()
	v := openList(t, "/list")
	sent := func() string {
		t.Helper()
		frames := v.Frames()
		for i := len(frames) - 1; i >= 0; i-- {
			if frames[i].Sent && frames[i].Event == "event" {
				return string(frames[i].Payload)
			}
		}
		t.Fatal("nothing was sent")
		return ""
	}
	v.Element("#f").Change(url.Values{"user[name]": {"B&b"}})
	want := `{"type":"form","event":"typed","value":"user%5Bname%5D=B%26b&id=7&_unused_size=&size=m&_unused_text=&text=a&_unused_news=&news=on","meta":{"_target":"user[name]"},"uploads":{}}`
	if got := sent(); got != want {
		t.Errorf("change sent\n%s\nwant\n%s", got, want)
	}
	v.Element("#f").Change(url.Values{"size": {"s"}, "ok": {"yes"}, "_target": {"size"}})
	want = `{"type":"form","event":"typed","value":"user%5Bname%5D=Ann&id=7&size=s&_unused_text=&text=a&ok=yes&_unused_news=&news=on","meta":{"_target":"size"},"uploads":{}}`
	if got := sent(); got != want {
		t.Errorf("the second change sent\n%s\nwant\n%s", got, want)
	}
	v.Element("#f textarea").Change(url.Values{"text": {"b"}})
	if got := sent(); !strings.Contains(got, `&text=b&`) || !strings.Contains(got, `"_target":"text"`) {
		t.Errorf("the change of a field sent %s", got)
	}
	v.Element("button", "send").Click()
	want = `{"type":"form","event":"sent","value":"user%5Bname%5D=Ann&id=7&size=m&text=a&news=on&go=now","meta":{}}`
	if got := sent(); got != want {
		t.Errorf("the button sent\n%s\nwant\n%s", got, want)
	}
	v.Element("#f").Submit(url.Values{"user[name]": {"Cy"}, "go": {"now"}, "news": nil}) // as with that button
	want = `{"type":"form","event":"sent","value":"user%5Bname%5D=Cy&id=7&size=m&text=a&go=now","meta":{}}`
	if got := sent(); got != want {
		t.Errorf("submit sent\n%s\nwant\n%s", got, want)
	}
	v.RequireText("sent map[")
}

func TestLeakedGoroutines(t *testing.T) {
	t.Parallel()
	stay := make(chan struct{})
	defer close(stay)
	leaky := func() http.Handler {
		app := newApp(io.Discard, bennu.Options{})
		app.Live("/leak", func() live.View { return &leak{stay} })
		return app
	}
	livetest.Mount(t, leaky(), "/leak", livetest.Options{AllowLeakedGoroutines: true})
	if got := livetest.FailureOf(t, func(t testing.TB) {
		livetest.Mount(t, leaky(), "/leak", livetest.Options{Deadline: 50 * time.Millisecond})
	}); !strings.Contains(got, "run on after it was left") || !strings.Contains(got, "(*leak).Mount") {
		t.Errorf("failed with %q", got)
	}
}

type leak struct{ stay chan struct{} }

func (l *leak) Mount(s *live.Socket, _ live.Params) error {
	if s.Connected() {
		go func() { <-l.stay }()
	}
	return nil
}

func (l *leak) Render() templ.Component { return itemPage.with("leak") }
