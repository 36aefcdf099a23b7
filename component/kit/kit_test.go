package kit_test

import (
	"strings"
	"testing"

	"github.com/a-h/templ"

	"bennu/component/kit"
	"bennu/js"
	"bennu/live"
)

func html(t *testing.T, c templ.Component, inside string) string {
	t.Helper()
	var b strings.Builder
	if err := c.Render(templ.WithChildren(t.Context(), templ.Raw(inside)), &b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// has reports what a text does not have, in this order.
func has(t *testing.T, text string, parts ...string) {
	t.Helper()
	rest := text
	for _, part := range parts {
		_, after, found := strings.Cut(rest, part)
		if !found {
			t.Errorf("no %s (after what comes before it) in\n%s", part, text)
			return
		}
		rest = after
	}
}

func TestButtons(t *testing.T) {
	t.Parallel()
	has(t, html(t, kit.Button(kit.Primary, templ.Attributes{"phx-click": js.Push("save")}), "Save"),
		`<button class="btn btn-primary"`, `phx-click="[[&#34;push&#34;,{&#34;event&#34;:&#34;save&#34;}]]"`, `Save`, `</button>`)
	has(t, html(t, kit.ButtonLink(kit.Plain, "/x"), "X"), `<a href="/x" class="btn" data-phx-link="redirect"`, `X`)
	has(t, html(t, kit.ButtonLink(kit.Plain, "/x", templ.Attributes{"class": "mine"}), "X"), `class="mine"`)
}

func TestIcon(t *testing.T) {
	t.Parallel()
	has(t, html(t, kit.Icon("hero-x-mark"), ""), `<span class="hero-x-mark size-5" aria-hidden="true">`)
	has(t, html(t, kit.Icon("hero-x-mark", "size-3", "text-error"), ""), `class="hero-x-mark size-3 text-error"`)
}

func TestHeaderAndList(t *testing.T) {
	t.Parallel()
	has(t, html(t, kit.Header(kit.Head{Title: "Posts", Subtitle: "All", Actions: templ.Raw("<b>new</b>")}), ""), "<h1", "Posts", "<p", "All", "<b>new</b>")
	if text := html(t, kit.Header(kit.Head{Title: "Posts"}), ""); strings.Contains(text, "<p") {
		t.Errorf("an empty subtitle: %s", text)
	}
	has(t, html(t, kit.List(kit.Fact{Name: "Title", Text: "<x>"}, kit.Fact{Name: "By", Slot: templ.Raw("<i>me</i>")}), ""),
		"<dl", "<dt", "Title", "<dd", "&lt;x&gt;", "<dt", "By", "<i>me</i>")
}

func TestFlashGroup(t *testing.T) {
	t.Parallel()
	s := new(live.Socket)
	has(t, html(t, kit.FlashGroup(s), ""), `aria-live="polite"`, `id="flash-lost"`, `phx-disconnected=`, `phx-connected=`, `id="flash-crashed"`)
	s.PutFlash(live.Error, "No & no")
	has(t, html(t, kit.FlashGroup(s), ""), `id="flash-error"`, `role="alert"`, "No &amp; no", `aria-label="Dismiss"`, "lv:clear-flash")
}

func TestModal(t *testing.T) {
	t.Parallel()
	text := html(t, kit.Modal("m", kit.Dialog{Title: "Rename", Closed: js.Push("closed"), Actions: templ.Raw("<b>ok</b>")}), "inside")
	has(t, text, `id="m"`, `data-cancel="`, `closed`, `phx-remove=`, `id="m-box"`, `phx-hook="Phoenix.FocusWrap"`, `aria-labelledby="m-title"`,
		`aria-modal="true"`, `phx-click-away`, `phx-key="escape"`, `role="dialog"`, `id="m-title"`, "Rename", `aria-label="Close"`, "inside", "<b>ok</b>")
	if strings.Contains(text, "phx-mounted") {
		t.Error("a dialog that is not Shown opens when it is drawn")
	}
	has(t, html(t, kit.Modal("m", kit.Dialog{Shown: true}), ""), "phx-mounted=")
}

type post struct{ ID, Title string }

func TestTable(t *testing.T) {
	t.Parallel()
	columns := []kit.Column[post]{
		{Label: "Title", Text: func(p post) string { return p.Title }},
		{Label: "Link", Cell: func(p post) templ.Component { return templ.Raw("<i>" + p.ID + "</i>") }},
	}
	rows := kit.Rows[post]{
		ID: "posts", Caption: "Posts", Columns: columns, List: []post{{"1", "a<"}, {"2", "b"}}, Key: func(p post) string { return p.ID },
		Actions: func(p post) templ.Component { return templ.Raw("<b>" + p.ID + "</b>") },
		Click:   func(p post) js.Commands { return js.Navigate("/posts/" + p.ID) },
	}
	has(t, html(t, kit.Table(rows), ""), "<caption", "Posts", `<th scope="col">Title`, `<th scope="col">Link`, "Actions", `<tbody id="posts">`, `<tr id="posts-1">`,
		`phx-click="`, "/posts/1", "a&lt;", "<i>1</i>", "<b>1</b>", `<tr id="posts-2">`, "b", "<i>2</i>")

	var stream live.Stream[post]
	stream.Init("posts", func(p post) string { return p.ID })
	stream.Append(post{"7", "seven"})
	text := html(t, kit.Table(kit.Rows[post]{ID: "posts", Stream: &stream, Columns: columns}), "")
	has(t, text, `<tbody id="posts" phx-update="stream">`, `<tr id="posts-7">`, "seven")
	if strings.Contains(text, "Actions") || strings.Contains(text, "phx-click") {
		t.Errorf("a table without actions: %s", text)
	}
}

func TestDropdown(t *testing.T) {
	t.Parallel()
	has(t, html(t, kit.Dropdown("d", "Menu"), "<li>x</li>"), `id="d"`, "phx-click-away=", `phx-key="escape"`, `id="d-button"`, `aria-expanded="false"`,
		`aria-controls="d-items"`, "phx-click=", "Menu", `id="d-items"`, `aria-labelledby="d-button"`, "<li>x</li>")
}
