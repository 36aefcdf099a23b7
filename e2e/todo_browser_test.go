package e2e

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"
)

func TestTodoInTheBrowser(t *testing.T) {
	t.Parallel()
	s := showcase(t)
	p := newTab(t)
	p.visit(s.url + "/todo")
	stays := p.stay()
	items := func(want ...string) {
		t.Helper()
		p.wait(`[...document.querySelectorAll("#items label")].map(l => l.textContent).join() === "` + strings.Join(want, ",") + `"`)
	}
	focused := func(id string) {
		t.Helper()
		p.wait(`document.activeElement.id === "` + id + `"`)
	}
	items("Land on the first stone", "Cry once", "Set time going")

	// One after the other, by keyboard alone: the field is empty again each time.
	p.click("#new-text")
	p.key("Rest" + kb.Enter)
	items("Land on the first stone", "Cry once", "Set time going", "Rest")
	p.same(`document.querySelector("#new-text").value`, "")
	p.key("Fly" + kb.Enter)
	items("Land on the first stone", "Cry once", "Set time going", "Rest", "Fly")
	focused("new-text")

	// A mistake stays in the field, with a word about it, until it is mended.
	p.key("rest" + kb.Enter)
	p.waitText("#new [role=alert]", "That is on the list already.")
	p.same(`document.querySelector("#new-text").value`, "rest")
	p.same(`document.querySelector("#new-text[aria-invalid]") != null`, "true")
	p.key(" well" + kb.Enter)
	p.wait(`!document.querySelector("#new [role=alert]")`)
	items("Land on the first stone", "Cry once", "Set time going", "Rest", "Fly", "rest well")
	p.waitText("#left", "5")

	// Edited in place, and not, after all.
	p.click(`[aria-label="Edit: Cry once"]`)
	focused("edit-text")
	p.same(`document.querySelector("#edit-text").value`, "Cry once")
	p.key(kb.End + " more" + kb.Enter)
	items("Land on the first stone", "Cry once more", "Set time going", "Rest", "Fly", "rest well")
	p.click(`[aria-label="Edit: Fly"]`)
	focused("edit-text")
	p.key("nonsense" + kb.Escape)
	items("Land on the first stone", "Cry once more", "Set time going", "Rest", "Fly", "rest well")

	// Done, and filtered by the address.
	p.click("#done-2")
	p.waitText("#left", "4")
	p.same(`document.querySelector("#done-2").checked`, "true")
	p.click(`nav a[href="/todo?show=open"]`)
	items("Set time going", "Rest", "Fly", "rest well")
	p.same(`location.search`, "?show=open")
	p.click("#done-3")
	items("Rest", "Fly", "rest well")
	p.same(`document.querySelector("#done-4").checked`, "false") // the next one has moved up, and is not done
	p.click(`nav a[href="/todo?show=done"]`)
	items("Land on the first stone", "Cry once more", "Set time going")
	p.back()
	items("Rest", "Fly", "rest well")
	p.back()
	p.wait(`location.search === ""`)
	p.forward()
	p.wait(`location.search === "?show=open"`)
	p.same(`document.querySelector("nav [aria-current]").pathname + document.querySelector("nav [aria-current]").search`, "/todo?show=open")

	p.click(`[aria-label="Remove: Rest"]`)
	items("Fly", "rest well")
	p.click(`[phx-click="clear"]`)
	p.wait(`!document.querySelector("[phx-click=clear]")`)
	p.click(`nav a[href="/todo"]`)
	items("Fly", "rest well")
	p.waitText("#left", "2")
	stays()

	// The address is a page of its own.
	p.visit(s.url + "/todo?show=done")
	items("Land on the first stone")
}
