package livetest_test

import (
	"fmt"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/a-h/templ"

	"bennu"
	"bennu/live"
	"bennu/livetest"
	"bennu/render"
)

// Card is a live component.
type Card struct {
	Name string
	N    int
}

var cardPage = newElement(`<li><b>`, `</b> has <i>`, `</i><button phx-click="add" phx-target="`, `">add to `, `</button></li>`)

func (c *Card) Events() live.Events {
	return live.Events{"add": live.Do(func(*live.Socket) error { c.N++; return nil })}
}

func (c *Card) Render() templ.Component {
	return cardPage.with(c.Name, c.N, func(w *render.Writer, slot int) error {
		w.Str(slot, live.Target(w.Ctx()))
		return nil
	}, c.Name)
}

// Desk is a page with cards, and a feed of them.
type Desk struct {
	Names []string
	Feed  live.Stream[string]
	N     int
}

var (
	deskPage = newPage(`<ul id="cards">`, `</ul><ol id="feed" phx-update="stream">`, `</ol><p>`, `</p>
<div id="map" phx-update="ignore" data-n="`, `" title="`, `">drawn by a script: `, `</div>`)
	cardRow = newPage(``, ``)
	feedRow = newPage(`<li id="`, `">`, `</li>`)
)

func (d *Desk) Mount(*live.Socket, live.Params) error {
	d.Names = []string{"Ann", "Bob", "Cy"}
	d.Feed.Init("feed", func(s string) string { return strings.ToLower(s) })
	d.Feed.Append("A", "B", "C")
	return nil
}

type order struct {
	Names []string
	Item  string
	At    int
	Limit int
}

func (d *Desk) Events() live.Events {
	do := func(f func(o order)) live.Handler {
		return live.On(func(_ *live.Socket, o order) error { f(o); return nil })
	}
	return live.Events{
		"names":  do(func(o order) { d.Names = o.Names }),
		"count":  do(func(order) { d.N++ }),
		"insert": do(func(o order) { d.Feed.Insert(o.At, o.Limit, o.Item) }),
		"update": do(func(o order) { d.Feed.Update(o.Item) }),
		"delete": do(func(o order) { d.Feed.Delete(o.Item) }),
		"move":   do(func(o order) { d.Feed.Delete(o.Item); d.Feed.Insert(o.At, 0, o.Item) }),
		"reset":  do(func(o order) { d.Feed.Reset(o.Names...) }),
	}
}

func (d *Desk) Render() templ.Component {
	var cards [][]any
	for _, name := range d.Names {
		cards = append(cards, []any{live.Component(name, func(c *Card) { c.Name = name })})
	}
	return deskPage.with(rows(cardRow, cards...), items(feedRow, &d.Feed, func(id, item string) []any { return []any{id, item} }), d.N, d.N, d.N, d.N)
}

func openDesk(t testing.TB) *livetest.View {
	app := newApp(io.Discard, bennu.Options{})
	app.Live("/desk", func() live.View { return new(Desk) })
	return livetest.Mount(t, app, "/desk")
}

func TestComponents(t *testing.T) {
	t.Parallel()
	v := openDesk(t)
	v.Element("button", "add to Bob").Click()
	v.Element("button", "add to Bob").Click()
	v.Element("button", "add to Cy").Click()
	v.RequireText("Bob has 2")
	v.Event("names", order{Names: []string{"Cy", "Bob"}})
	v.RequireText("Cy has 1 add to Cy Bob has 2 add to Bob")
	v.RefuteText("Ann")
	var gone []string
	for _, f := range v.Frames() {
		if strings.HasPrefix(f.Event, "cids_") {
			gone = append(gone, f.Event+string(f.Payload))
		}
	}
	if fmt.Sprint(gone) != `[cids_will_destroy{"cids":[1]} cids_destroyed{"cids":[1]}]` {
		t.Errorf("of what went the server heard %s", gone)
	}
	v.Event("names", order{Names: []string{"Ann", "Bob"}})
	v.RequireText("Ann has 0 add to Ann Bob has 2")
	if cid, _ := v.Element("li", "Ann has 0").Attr("data-phx-component"); cid != "4" {
		t.Errorf("the new card is component %s, want a new one, 4", cid)
	}
}

func TestStreams(t *testing.T) {
	t.Parallel()
	v := openDesk(t)
	want := func(what, want string) {
		t.Helper()
		if got := v.Element("#feed").Text(); got != want {
			t.Errorf("%s: the feed is %q, want %q", what, got, want)
		}
	}
	want("first", "A B C")
	v.Event("count", nil)
	want("something else changes", "A B C")
	v.Event("insert", order{Item: "D", At: -1})
	v.Event("insert", order{Item: "E", At: 0})
	want("two more", "E A B C D")
	v.Event("insert", order{Item: "F", At: 2})
	want("in the middle", "E A F B C D")
	v.Event("insert", order{Item: "G", At: -1, Limit: -4})
	want("the last four", "B C D G")
	v.Event("insert", order{Item: "H", At: 0, Limit: 3})
	want("the first three", "H B C")
	v.Event("update", order{Item: "b"})
	v.Event("update", order{Item: "x"})
	want("an update, of what is there", "H b C")
	v.Event("insert", order{Item: "h", At: -1})
	want("an insert of what is there", "h b C")
	v.Event("move", order{Item: "h", At: -1})
	want("a move", "b C h")
	v.Event("delete", order{Item: "b"})
	want("a delete", "C h")
	v.Event("reset", order{Names: []string{"h", "Z", "C"}})
	want("a reset", "h Z C")
	if !v.Has(`li[data-phx-stream="feed"]`, "Z") {
		t.Errorf("no mark of the stream: %s", v.HTML())
	}
	v.Event("reset", nil)
	want("an empty reset", "")
	v.Disconnect()
	v.Rejoin()
	want("a rejoin", "A B C")
}

func TestIgnored(t *testing.T) {
	t.Parallel()
	v := openDesk(t)
	v.Event("count", nil)
	if got, want := v.Element("#map").HTML(), `<div id="map" phx-update="ignore" data-n="1" title="0">drawn by a script: 0</div>`; got != want {
		t.Errorf("what a script draws: %s, want %s", got, want)
	}
}

// Lost is a component whose button forgot its target.
type Lost struct{}

var (
	lostPage = newElement(`<p><button phx-click="add">add</button></p>`)
	lostDesk = newPage(`<div>`, `</div>`)
)

func (*Lost) Events() live.Events {
	return live.Events{"add": live.Do(func(*live.Socket) error { return nil })}
}
func (*Lost) Render() templ.Component { return lostPage.with() }

type LostDesk struct{}

func (*LostDesk) Render() templ.Component {
	return lostDesk.with(live.Component("lost", func(*Lost) {}))
}

// An event that a live component meant for itself says where it went.
func TestEventWithoutTarget(t *testing.T) {
	t.Parallel()
	got := livetest.FailureOf(t, func(t testing.TB) {
		app := newApp(io.Discard, bennu.Options{})
		app.Live("/lost", func() live.View { return new(LostDesk) })
		livetest.Mount(t, app, "/lost").Element("button").Click()
	})
	if !strings.Contains(got, "stands in a live component and went to the view around it: for the component itself it needs phx-target={ live.Target(ctx) }") ||
		strings.Contains(got, "the page offers") {
		t.Errorf("failed with %s", got)
	}
}

func TestRender(t *testing.T) {
	t.Parallel()
	f := livetest.Render(t, live.Component("x", func(c *Card) { c.Name = "Ann" }))
	if !strings.Contains(f.HTML(), "<b>Ann</b> has <i>0</i>") || f.Text() != "Ann has 0 add to Ann" {
		t.Errorf("HTML = %s, Text = %q", f.HTML(), f.Text())
	}
	if f.Element("b").Text() != "Ann" || !f.Has("i", "0") || f.Has("i", "1") {
		t.Error("Element or Has is wrong")
	}
	row := livetest.Render(t, templ.Raw(`<tr><td>1</td><td class="x">2</td></tr>`))
	if row.Element("td.x").Text() != "2" || !livetest.Render(t, templ.Raw("<td>3</td>")).Has("td", "3") ||
		!livetest.Render(t, templ.Raw("<tbody><tr><td>3</td></tr></tbody>")).Has("tr") {
		t.Error("parts of tables are lost")
	}
	if page := livetest.Render(t, templ.Raw("<!doctype html><title>T</title>")); !page.Has("title", "") {
		t.Error("a document has no title")
	}
	for _, tt := range []struct {
		name string
		do   func(t testing.TB)
		want string
	}{
		{"twice", func(t testing.TB) { livetest.Render(t, templ.Raw(`<i id="a"></i><b id="a"></b>`)) }, `the id "a" is used 2 times`},
		{"error", func(t testing.TB) { livetest.Render(t, live.Nested("a", "b", nil)) }, "Render: live: nested view"},
		{"act", func(t testing.TB) { livetest.Render(t, templ.Raw("<b>x</b>")).Element("b").Click() }, "what is no live page sends nothing"},
		{"miss", func(t testing.TB) { livetest.Render(t, templ.Raw("<b>x</b>")).Element("i") }, `no element matches "i"`},
	} {
		if got := livetest.FailureOf(t, tt.do); !strings.Contains(got, tt.want) {
			t.Errorf("%s: failed with %q, want in it %q", tt.name, got, tt.want)
		}
	}
}

func TestSavePage(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	v := openDesk(t)
	name := v.SavePage()
	text, err := os.ReadFile(name)
	if err != nil || !strings.Contains(string(text), "<b>Bob</b>") || strings.Contains(string(text), "<script") {
		t.Errorf("SavePage: %v\n%s", err, text)
	}
}

// Board is a component with a stream of other ones.
type Board struct {
	Title string
	Cards live.Stream[string]
}

var (
	boardPage = newElement(`<div><h2>`, `</h2><div id="board" phx-update="stream">`, `</div></div>`)
	boardRow  = newPage(`<ul id="`, `">`, `</ul>`)
)

func (b *Board) Mount(*live.Socket) error {
	b.Cards.Init("card", func(s string) string { return s })
	b.Cards.Append("ann", "bob")
	return nil
}

func (b *Board) Render() templ.Component {
	return boardPage.with(b.Title, items(boardRow, &b.Cards, func(id, name string) []any {
		return []any{id, live.Component(name, func(c *Card) { c.Name = name })}
	}))
}

// Hall is a page with a board.
type Hall struct{ Title string }

func (h *Hall) Events() live.Events {
	return live.Events{
		"both": live.Do(func(s *live.Socket) error {
			live.SendUpdate(s.Self(), "board", func(b *Board) { b.Title = "new" })
			live.SendUpdate(s.Self(), "bob", func(c *Card) { c.N = 7 })
			return nil
		}),
		"title": live.Do(func(s *live.Socket) error {
			h.Title = "hall"
			live.SendUpdate(s.Self(), "ann", func(c *Card) { c.N = 5 })
			return nil
		}),
		"remove": live.Do(func(s *live.Socket) error {
			live.SendUpdate(s.Self(), "board", func(b *Board) { b.Cards.Delete("ann") })
			return nil
		}),
	}
}

func (h *Hall) Render() templ.Component {
	return hallPage.with(h.Title, live.Component("board", func(*Board) {}))
}

var hallPage = newPage(`<h1>`, `</h1>`, ``)

func TestComponentsInAStream(t *testing.T) {
	t.Parallel()
	app := newApp(io.Discard, bennu.Options{})
	app.Live("/hall", func() live.View { return new(Hall) })
	v := livetest.Mount(t, app, "/hall")
	v.Element("button", "add to bob").Click()
	v.RequireText("bob has 1")
	v.Event("both", nil)
	v.RequireText("new")
	v.RequireText("bob has 7")
	v.Event("title", nil)
	v.RequireText("ann has 5")
	v.RequireText("hall")
	v.Event("remove", nil)
	v.Settle()
	v.RefuteText("ann has")
	v.Element("button", "add to bob").Click()
	v.RequireText("bob has 8")
}
