package e2e

import (
	"context"
	"fmt"
	"io"
	"runtime"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"bennu"
	"bennu/examples/showcase/web/chat"
	"bennu/examples/showcase/web/dashboard"
	"bennu/examples/showcase/web/feed"
	"bennu/examples/showcase/web/reorder"
	"bennu/examples/showcase/web/table"
	"bennu/examples/showcase/web/todo"
	"bennu/live"
	"bennu/livetest"
)

// same waits until what a page shows of its views is what the server draws of
// them, and its lists what the data says. What is still on its way comes. Shown
// is asked for anew each time: the markup in the page's element, and in those of
// the views in it, by their ids; ok is false once the page has gone elsewhere.
func same(t testing.TB, app *bennu.App, page string, shown func() (views map[string]string, ok bool)) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	for wrong := "nothing was compared"; ; runtime.Gosched() {
		views, ok := shown()
		if !ok {
			return
		}
		now := differs(ctx, app, page, views)
		switch {
		case now == "":
			return
		case ctx.Err() != nil: // now says that there was no time
			t.Error(wrong)
			return
		}
		wrong = now
	}
}

// differs says in what a page differs from the server's.
func differs(ctx context.Context, app *bennu.App, page string, views map[string]string) string {
	for id, markup := range views {
		ref := app.View(id, page)
		text, err := live.Snapshot(ctx, ref)
		if err != nil {
			return fmt.Sprintf("the view %q: %v", id, err)
		}
		var tree livetest.Tree
		if err := tree.Apply(text); err != nil {
			return fmt.Sprintf("the snapshot of %q: %v", id, err)
		}
		if got, want := stripped(markup), stripped(tree.HTML()); got != want {
			got, want = apart(got, want)
			return fmt.Sprintf("the view %q shows\n%s\nthe server draws\n%s", id, got, want)
		}
		data, err := live.Call(ctx, ref, truth)
		if err != nil {
			return fmt.Sprintf("the data of %q: %v", id, err)
		}
		if data.list == "" {
			continue
		}
		if wrong := data.compare(rowsOf(markup, data.list)); wrong != "" {
			return fmt.Sprintf("the list %q of %q: %s", data.list, id, wrong)
		}
	}
	return ""
}

// apart is what two texts that differ have around the first difference.
func apart(a, b string) (string, string) {
	i := 0
	for i < min(len(a), len(b)) && a[i] == b[i] {
		i++
	}
	cut := func(s string) string { return fmt.Sprintf("…%s…", s[max(0, i-300):min(len(s), i+300)]) }
	return cut(a), cut(b)
}

// row is an item of a list. White space in its text does not count.
type row struct{ id, text string }

// anyText is that of a row of which the data says only that it is there.
const anyText = "*"

// content is what a list of a page must show. The list is named by its id, or by
// its tag; "" is none.
type content struct {
	list string
	rows []row
	// most is not 0 for a list that ends with the rows: of those before them the
	// data is gone, but there must be no more than that many in all.
	most int
}

// truth is the content of a view's list by its data. Streams keep nothing on the
// server, so that a snapshot has nothing of them.
func truth(v live.View) content {
	var rows []row
	switch v := v.(type) {
	case *feed.Page:
		for _, p := range v.OnPage() {
			like := "Like"
			if p.Liked {
				like = "Liked"
			}
			rows = append(rows, row{fmt.Sprint("posts-", p.ID), p.By + "on " + p.About + ", no. " + thousands(p.ID) + p.Text + like + "Delete"})
		}
		return content{list: "posts", rows: rows}
	case *dashboard.Page:
		for i := range v.Written {
			rows = append(rows, row{fmt.Sprint("sightings-", i+1), anyText})
		}
		return content{list: "sightings", rows: rows}
	case *todo.Page:
		for _, i := range v.Items {
			text := i.Text
			if i.ID == v.Editing {
				text = anyText
			}
			if v.Filter != "open" && v.Filter != "done" || i.Done == (v.Filter == "done") {
				rows = append(rows, row{fmt.Sprint("item-", i.ID), text})
			}
		}
		return content{list: "items", rows: rows}
	case *reorder.Page:
		for n, stop := range v.Stops {
			rows = append(rows, row{fmt.Sprint("stop-", stop.ID), fmt.Sprint(n+1, stop.Name, "km", stop.Km, "↑↓")})
		}
		return content{list: "stops", rows: rows}
	case *chat.Page:
		room, err := v.Rooms.Room(v.Room)
		if err != nil {
			return content{list: "lines", rows: []row{{"", err.Error()}}}
		}
		for _, m := range room.Said() {
			rows = append(rows, row{"lines-" + m.ID, m.By + m.At.Format("15:04") + m.Text})
		}
		return content{list: "lines", rows: rows, most: 100}
	case *table.Table:
		for _, h := range v.Rows {
			rows = append(rows, row{"", fmt.Sprint(h.ID) + h.Name + h.Site + fmt.Sprint(h.Year) + fmt.Sprint(h.Wing) + fmt.Sprint(h.Mass) + h.Sex + fmt.Sprint(h.Seen)})
		}
		return content{list: "tbody", rows: rows}
	}
	return content{}
}

// thousands writes a number with a comma, 1,200.
func thousands(n int) string {
	if n < 1000 {
		return fmt.Sprint(n)
	}
	return fmt.Sprintf("%d,%03d", n/1000, n%1000)
}

// rowsOf are the elements in a list, which its id or its tag names.
func rowsOf(markup, list string) (rows []row) {
	for n := range fragment(markup).Descendants() {
		if n.Type != html.ElementNode || attrs(n)["id"] != list && n.Data != list {
			continue
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			if c.Type != html.ElementNode {
				continue
			}
			var text strings.Builder
			for d := range c.Descendants() {
				if d.Type == html.TextNode {
					text.WriteString(d.Data)
				}
			}
			rows = append(rows, row{attrs(c)["id"], text.String()})
		}
	}
	return rows
}

func (c content) compare(got []row) string {
	want := c.rows
	if c.most > 0 {
		got = slices.DeleteFunc(got, func(r row) bool { return strings.HasSuffix(r.id, "-none") }) // what an empty list shows
		if len(got) > c.most {
			return fmt.Sprintf("%d items are shown, %d are the most", len(got), c.most)
		}
		got = got[max(0, len(got)-len(want)):]
	}
	for i := range max(len(got), len(want)) {
		switch {
		case i >= len(got):
			return fmt.Sprintf("%d items are shown, the data has %d; the first missing is %+v", len(got), len(want), want[i])
		case i >= len(want):
			return fmt.Sprintf("%d items are shown, the data has %d; the first too many is %+v", len(got), len(want), got[i])
		case got[i].id != want[i].id || want[i].text != anyText && letters(got[i].text) != letters(want[i].text):
			return fmt.Sprintf("item %d is %+v, the data says %+v", i, got[i], want[i])
		}
	}
	return ""
}

// letters is a text without white space.
func letters(text string) string { return strings.Join(strings.Fields(text), "") }

// stripped is a page without what is no part of its view: the content of the
// views within it, the items of streams, which truth knows, and what the client
// writes by itself.
func stripped(markup string) string {
	top := fragment(markup)
	strip(top)
	var b strings.Builder
	for c := top.FirstChild; c != nil; c = c.NextSibling {
		if err := html.Render(io.Writer(&b), c); err != nil {
			return err.Error()
		}
	}
	return b.String()
}

func strip(n *html.Node) {
	inner := false
	for i, a := range n.Attr {
		if a.Key == "class" {
			kept := slices.DeleteFunc(strings.Fields(a.Val), func(c string) bool { return strings.HasPrefix(c, "phx-") })
			n.Attr[i].Val = strings.Join(kept, " ")
		}
	}
	n.Attr = slices.DeleteFunc(n.Attr, func(a html.Attribute) bool {
		inner = inner || a.Key == "data-phx-session" || a.Key == "phx-update" && (a.Val == "stream" || a.Val == "ignore")
		switch a.Key {
		case "data-phx-session", "data-phx-static", "data-phx-root-id", "data-phx-parent-id", "data-phx-id", "data-phx-skip", "data-phx-view", "data-phx-hook":
			return true
		case "class":
			return a.Val == ""
		case "value", "checked", "selected": // which a user has changed
			return n.Data == "input" || n.Data == "option"
		}
		return false
	})
	slices.SortFunc(n.Attr, func(a, b html.Attribute) int { return strings.Compare(a.Key, b.Key) })
	// A noscript is text to those who run scripts; what is in a template the client
	// draws elsewhere.
	if inner || slices.Contains([]string{"textarea", "noscript", "template"}, n.Data) {
		for n.FirstChild != nil {
			n.RemoveChild(n.FirstChild)
		}
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		strip(c)
	}
}
