package e2e

import (
	"testing"

	"bennu/e2e/tour"
)

func rowsApp(t *testing.T) *app {
	t.Helper()
	a := newApp(t)
	tour.Rows(a.App)
	return a
}

// focused checks that the field of a note has the focus, its text and its caret.
func (p *tab) focused(id, text string) {
	p.t.Helper()
	p.same(`(e => e.id + " " + e.value + " " + e.selectionStart)(document.activeElement)`, id+" "+text+" 2")
	p.same(`document.activeElement === window.field`, "true")
}

// Whoever writes in an item of a stream goes on writing there, whatever comes
// above it.
func TestSTR02OrderAndFocusAreKept(t *testing.T) {
	t.Parallel()
	a, p := rowsApp(t), newTab(t)
	p.visit(a.url + "/rows/notes")
	p.shows("#notes b", "note 1,note 2,note 3")
	p.click("#write-notes-2")
	p.key("hello")
	p.run(`window.field = document.activeElement; field.setSelectionRange(2, 2)`)
	for _, step := range []struct{ button, want string }{
		{"top", "note 4,note 1,note 2,note 3"},
		{"second", "note 4,note 5,note 1,note 2,note 3"},
		{"update", "note 4,note 5,note 1,second note,note 3"},
	} {
		p.run(`document.querySelector("#` + step.button + `").click()`) // takes no focus, unlike the mouse
		p.shows("#notes b", step.want)
		p.focused("write-notes-2", "hello")
	}
	p.run(`document.querySelector("#notes-1 button").click()`)
	p.shows("#notes b", "note 4,note 5,second note,note 3")
	p.focused("write-notes-2", "hello")
}

// A reset with items that are there already has each of them once, in its new
// place.
func TestSTR03ResetAndRefill(t *testing.T) {
	t.Parallel()
	a, p := rowsApp(t), newTab(t)
	p.visit(a.url + "/rows/notes")
	p.shows("#notes b", "note 1,note 2,note 3")
	p.click("#refill")
	p.shows("#notes b", "note 3,note 2,note 4")
	p.click("#refill")
	p.shows("#notes b", "note 3,note 2,note 5")
	p.same(`document.querySelectorAll("#notes > li").length + " " + new Set([...document.querySelectorAll("#notes > li")].map(l => l.id)).size`, "3 3")
}

// What is said about an empty list comes with the last item's end, and goes with
// the next one.
func TestSTR05EmptyState(t *testing.T) {
	t.Parallel()
	const shown = `getComputedStyle(document.querySelector("#none")).display`
	a, p := rowsApp(t), newTab(t)
	p.visit(a.url + "/rows/notes")
	p.same(shown, "none")
	for _, id := range []string{"1", "3", "2"} {
		p.same(shown, "none")
		p.click("#notes-" + id + " button")
		p.wait(`!document.querySelector("#notes-` + id + `")`)
	}
	p.wait(shown + ` === "block"`)
	p.click("#top")
	p.shows("#notes b", "note 4")
	p.wait(shown + ` === "none"`)
	p.click("#clear")
	p.wait(shown + ` === "block"`)
}

// A list in a list begins anew alone, and an update of what is not there adds
// nothing.
func TestSTR08ListsInLists(t *testing.T) {
	t.Parallel()
	a, p := rowsApp(t), newTab(t)
	p.visit(a.url + "/rows/boards")
	p.shows("#boards li", "a1x,a1y,b1x,b1y")
	p.run(`window.others = [...document.querySelectorAll("#boards-b, #boards-b li")], window.outer = document.querySelector("#boards-a")`)
	p.click("#boards-a .reset")
	p.shows("#boards li", "a2x,a2y,b1x,b1y")
	p.same(`[...document.querySelectorAll("#boards-b, #boards-b li")].every((e, i) => e === others[i]) && document.querySelector("#boards-a") === outer`, "true")
	_, got := p.frames()
	p.click("#boards-a .update")
	until(t, "the answer", func() bool { _, now := p.frames(); return len(now) > len(got) })
	p.click("#boards-b .reset") // after it the update has been drawn
	p.shows("#boards li", "a2x,a2y,b2x,b2y")
}

// Rows that are loaded in the background come into the stream when they are
// there; a failure leaves what is shown.
func TestASYNC08RowsThatComeLater(t *testing.T) {
	t.Parallel()
	a, p := rowsApp(t), newTab(t)
	p.visit(a.url + "/rows/later")
	p.click("#load")
	p.waitText("#state", "loading")
	p.shows("#later li", "first")
	p.click("#fail")
	p.waitText("#state", "the source is away")
	p.shows("#later li", "first")
	p.click("#load")
	p.waitText("#state", "loading")
	p.shows("#later li", "first")
	p.click("#come")
	p.waitText("#state", "here")
	p.shows("#later li", "first,one,two")
}
