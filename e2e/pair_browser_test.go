package e2e

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// diffs are the keys of the diffs that came after the first n frames, one text
// for each diff.
func diffs(t *testing.T, frames []string, n int) []string {
	t.Helper()
	var all []string
	for _, frame := range frames[n:] {
		var parts []json.RawMessage
		var event string
		var payload struct {
			Response struct{ Diff map[string]json.RawMessage }
		}
		if json.Unmarshal([]byte(frame), &parts) != nil || len(parts) != 5 || json.Unmarshal(parts[3], &event) != nil {
			t.Fatalf("no frame of five parts: %.200s", frame)
		}
		if err := json.Unmarshal(parts[4], &payload); err != nil {
			t.Fatal(err)
		}
		diff := payload.Response.Diff
		if event == "diff" {
			if err := json.Unmarshal(parts[4], &diff); err != nil {
				t.Fatal(err)
			}
		}
		if diff != nil {
			keys := make([]string, 0, len(diff))
			for key := range diff {
				keys = append(keys, key)
			}
			slices.Sort(keys)
			all = append(all, strings.Join(keys, " "))
		}
	}
	return all
}

func TestPairOfComponentsInTheBrowser(t *testing.T) {
	t.Parallel()
	s := showcase(t)
	p := newTab(t)
	p.visit(s.url + "/pair")
	write := func(id, degrees string) {
		t.Helper()
		p.do(chromedp.Evaluate[chromedp.Void](fmt.Sprintf(`document.querySelector("#%s").select()`, id)),
			chromedp.SendKeys(chromedp.CSS("#"+id), degrees))
	}
	field := func(id, want string) {
		t.Helper()
		p.wait(fmt.Sprintf(`document.querySelector("#%s").value === %q`, id, want))
	}

	// Through the page, both ways.
	write("Celsius", "100")
	field("Fahrenheit", "212")
	p.waitText("#water", "steam")
	write("Fahrenheit", "14")
	field("Celsius", "-10")
	p.waitText("#water", "ice")
	write("Fahrenheit", "warm")
	p.waitText("#in-Fahrenheit [role=alert]", "Write a number.")
	field("Celsius", "-10")

	// Straight to each other: nothing but components in the diffs.
	_, got := p.frames()
	before := len(got)
	p.click(`[phx-value-hour="Night"]`)
	p.waitText("#changes", "1")
	p.same(`document.querySelector("#sky").dataset.hour`, "Night")
	p.click(`[phx-click="pass"]`)
	p.waitText(`[aria-pressed=true]`, "Dawn")
	p.same(`document.querySelector("#sky").dataset.hour`, "Dawn")

	// The same of a card's own event.
	p.click(`#card-Ibis [phx-click="ring"]`)
	p.waitText("#card-Ibis .rings", "1")
	_, got = p.frames()
	if all := diffs(t, got, before); len(all) < 3 || slices.ContainsFunc(all, func(keys string) bool { return keys != "c" }) {
		t.Errorf("the diffs of components have the parts %q, want c alone in each", all)
	}

	// Cards move with what is theirs, and as the elements that they are.
	show := func(want string) {
		t.Helper()
		p.wait(`[...document.querySelectorAll("#cards li")].map(l => l.querySelector("b").textContent + " " + l.querySelector(".rings").textContent).join(", ") === "` + want + `"`)
	}
	show("Heron 0, Ibis 1, Spoonbill 0")
	p.js(`(window.ibis = document.querySelector("#card-Ibis"), 1)`)
	p.click(`#card-Ibis [phx-click="up"]`)
	show("Ibis 1, Heron 0, Spoonbill 0")
	p.click(`[phx-click="reverse"]`)
	show("Spoonbill 0, Heron 0, Ibis 1")
	p.same(`document.querySelector("#card-Ibis") === ibis`, "true")
	p.click(`#card-Ibis [phx-click="ring"]`)
	show("Spoonbill 0, Heron 0, Ibis 2")
	p.click(`#card-Heron [phx-click="remove"]`)
	show("Spoonbill 0, Ibis 2")
	p.click(`[phx-click="deal"]`)
	show("Spoonbill 0, Ibis 2, Heron 0")
	p.click(`#card-Heron [phx-click="ring"]`)
	show("Spoonbill 0, Ibis 2, Heron 1")
	// What was removed begins anew, once the browser has said that it is gone.
	gone := func() int {
		_, got := p.frames()
		return strings.Count(strings.Join(got, "\n"), `"cids":[`)
	}
	before = gone()
	p.click(`#card-Ibis [phx-click="remove"]`)
	until(t, "the end of the component", func() bool { return gone() > before })
	p.click(`[phx-click="deal"]`)
	show("Spoonbill 0, Heron 1, Ibis 0")
}
