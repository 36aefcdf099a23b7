package e2e

import (
	"strconv"
	"testing"

	"github.com/chromedp/chromedp"
)

// posts are the numbers of the posts on the page.
const posts = `[...document.querySelectorAll("#posts > li")].map(l => +l.id.slice(6))`

func TestFeedInTheBrowser(t *testing.T) {
	t.Parallel()
	s := showcase(t)
	p := newTabFor(t, 6*patience)
	p.visit(s.url + "/feed")
	p.same(posts+`.length`, "20")
	// The most elements and the worst order that were ever on the page.
	p.do(chromedp.Evaluate[chromedp.Void](`void (window.most = 0, window.gaps = 0, new MutationObserver(() => {
		const all = ` + posts + `;
		most = Math.max(most, all.length);
		if (all.some((n, i) => i > 0 && n !== all[i - 1] - 1)) gaps++;
	}).observe(document.querySelector("#posts"), {childList: true}))`))
	// scrollUntil scrolls to a place until something is so: there and a step away again,
	// because what is scrolled while the client waits for posts asks for no more.
	scrollUntil := func(so, place, away string) {
		t.Helper()
		p.wait(so + ` || (scrollTo(0, ` + place + ` + (window.step = !window.step) * ` + away + `), false)`)
	}
	first := func() int {
		n, err := strconv.Atoi(p.js(posts + `[0]`))
		if err != nil {
			t.Fatal(err)
		}
		return n
	}

	// Down: more come, and the first ones go.
	for first() > 1100 {
		last := p.js(posts + `.at(-1)`)
		scrollUntil(posts+`.at(-1) < `+last, `document.documentElement.scrollHeight - innerHeight`, `-60`)
	}
	p.same(`document.querySelector("#from").textContent > 1`, "true")

	// Up, with the first post at the top of the window but the heading above it:
	// those before come back, and the one that was read stays in sight.
	was := strconv.Itoa(first())
	scrollUntil(posts+`[0] > `+was, `document.querySelector("#posts > li").getBoundingClientRect().top + scrollY - 10`, `60`)
	p.wait(`(r => r.top >= 0 && r.top < innerHeight)(document.querySelector("#posts-` + was + `").getBoundingClientRect())`)

	// A like changes one post where it stands.
	p.click(`#posts-` + was + ` .like`)
	p.waitText(`#posts-`+was+` .like`, "Liked")

	// To the very top, past posts that are not there: the newest come at once.
	scrollUntil(posts+`[0] === 1200`, `0`, `60`)
	sent, _ := p.frames()
	lastWith(t, sent, `"_overran":true`)
	p.same(`most + " " + gaps`, "60 0")
	p.click(`button[phx-click="write"]`)
	p.wait(posts + `[0] === 1201`)

	p.click(`#posts-1200 .delete`)
	p.wait(`!document.querySelector("#posts-1200")`)

	// Filters reset; back restores the one before; none liked is said so.
	p.click(`a[href$="about=sky"]`)
	p.waitText("#all", "400")
	p.wait(posts + `.every(n => n % 3 === 2)`)
	p.click(`a[href$="about=liked"]`)
	p.wait(posts + `.join() === "` + was + `"`)
	p.click(`#posts-` + was + ` .delete`)
	p.wait(`document.querySelector("#empty")`)
	p.do(chromedp.Evaluate[chromedp.Void](`void history.back()`))
	all := "400"
	if n, err := strconv.Atoi(was); err != nil {
		t.Fatal(err)
	} else if n%3 == 2 { // what was deleted was about the sky
		all = "399"
	}
	p.waitText("#all", all)
}
