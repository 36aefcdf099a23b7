package e2e

import (
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/chromedp/chromedp"
)

// keptFiles are a live page and a plain one with fields, for a site in
// development. The text after "build" tells which program answers.
var keptFiles = map[string]string{
	"web/kept/kept.templ": `package kept

templ page(p *Page) {
	<p id="build">{ build }</p>
	<p id="told">told { p.Told }</p>
	<form id="live" phx-change="told">
		<input id="live-note" name="note" value={ p.Told }/>
	</form>
	@fields()
}

templ plain() {
	<!DOCTYPE html>
	<html lang="en">
		<head><title>plain</title></head>
		<body>
			<p id="build">{ build }</p>
			@fields()
		</body>
	</html>
}

templ fields() {
	<form id="fields" data-note="two forms have fields of the same names">
		<input name="name" value="from the server"/>
		<textarea name="text"></textarea>
		<select name="colour"><option>red</option><option>green</option><option>blue</option></select>
		<select name="many" multiple><option selected>a</option><option>b</option><option>c</option></select>
		<input type="checkbox" name="tag" value="x"/>
		<input type="checkbox" name="tag" value="y" checked/>
		<input type="radio" name="size" value="s" checked/>
		<input type="radio" name="size" value="l"/>
		<input type="range" name="range" min="0" max="10" value="1"/>
		<input type="password" name="secret"/>
		<input name="again" autocomplete="current-password"/>
		<input type="hidden" name="hidden" value="from the server"/>
	</form>
	<form><input name="name"/></form>
	<div id="box" style="height: 50px; overflow: auto"><div style="height: 500px"></div></div>
	<div style="height: 3000px"></div>
}
`,
	"web/kept/kept.go": `package kept

import (
	"net/http"

	"github.com/a-h/templ"

	"bennu"
	"bennu/live"
)

const build = "build one"

type Page struct{ Told string }

type form struct{ Note string }

func (p *Page) Events() live.Events { return live.Events{"told": live.On(p.told)} }

func (p *Page) told(_ *live.Socket, f form) error { p.Told = f.Note; return nil }

func (p *Page) Render() templ.Component { return page(p) }

func Plain(w http.ResponseWriter, r *http.Request) error {
	return bennu.HTML(w, r, http.StatusOK, plain())
}
`,
}

// fill types into the page as a person does, where that matters, and by
// script where a person would take long.
const fillFields = `(() => {
	const f = document.querySelector("#fields")
	const set = (e, change) => { change(e); e.dispatchEvent(new Event("input", {bubbles: true})) }
	set(f.text, e => e.value = "two\nlines")
	set(f.colour, e => e.value = "blue")
	set(f.many, e => { e.options[0].selected = false; e.options[2].selected = true })
	set(f.tag[0], e => e.checked = true)
	set(f.tag[1], e => e.checked = false)
	set(f.size[1], e => e.checked = true)
	set(f.range, e => e.value = "7")
	set(f.secret, e => e.value = "hunter2")
	set(f.again, e => e.value = "hunter2")
	set(document.forms[document.forms.length - 1].name, e => e.value = "the other form")
	f.hidden.value = "by a script"
	document.querySelector("#box").scrollTop = 120
	window.scrollTo(0, 700)
})()`

// fieldsNow is the state of all fields, the caret and how far things are scrolled.
const fieldsNow = `JSON.stringify((() => {
	const f = document.querySelector("#fields"), at = document.activeElement
	return [f.name.value, f.text.value, f.colour.value, [...f.many.selectedOptions].map(o => o.value).join(), f.tag[0].checked,
		f.tag[1].checked, f.size.value, f.range.value, f.secret.value, f.again.value, f.hidden.value,
		document.forms[document.forms.length - 1].name.value,
		at.name, at.selectionStart, document.querySelector("#box").scrollTop, scrollY]
})())`

const fieldsWanted = `["Ada","two\nlines","blue","c",true,false,"l","7","","","from the server","the other form","name",2,120,700]`

// What somebody has typed is still there when a saved file loads the page
// again, on live pages and on others; secrets are not.
func TestInputIsKeptOverAReload(t *testing.T) {
	s, d := devShowcase(t)
	for name, text := range keptFiles {
		path := filepath.Join(d.dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	d.edit(t, "web/routes.go", `"bennu/examples/showcase/web/inspect"`, `"bennu/examples/showcase/web/inspect"
	"bennu/examples/showcase/web/kept"`)
	mark := s.mark()
	d.edit(t, "web/routes.go", `	app.Static("/static", static.Files)`, `	app.Static("/static", static.Files)
	app.Live("/kept", func() live.View { return new(kept.Page) }, bennu.WithLayout(nil))
	app.Get("/kept/plain", kept.Plain)`)
	s.line(mark, "running in")

	livePage, plain := newTab(t), newTab(t)
	livePage.visit(s.url + "/kept")
	plain.open(s.url + "/kept/plain")
	livePage.do(chromedp.SendKeys(chromedp.CSS("#live-note"), "for the server"))
	livePage.waitText("#told", "told for the server")
	for _, p := range []*tab{livePage, plain} {
		p.js(fillFields)
		p.js(`document.querySelector("#fields [name=name]").select()`)
		p.do(chromedp.SendKeys(chromedp.CSS("#fields [name=name]"), "Ada"))
		p.js(`document.querySelector("#fields [name=name]").setSelectionRange(2, 2)`)
		p.js(`window.scrollTo(0, 700)`)
		p.keep()
	}

	// The second time nothing is typed in between: what was put back counts as
	// typed.
	for _, step := range []struct{ old, text string }{{"one", "two"}, {"two", "three"}} {
		d.edit(t, "web/kept/kept.go", `"build `+step.old, `"build `+step.text)
		for _, p := range []*tab{livePage, plain} {
			p.wait(`document.readyState === "complete" && (document.querySelector("#build") || {}).textContent === "build ` + step.text + `"`)
		}
		livePage.wait(connected)
		livePage.waitText("#told", "told for the server") // the new view has heard of it
		if got := livePage.js(`document.querySelector("#live-note").value`); got != "for the server" {
			t.Errorf("build %s: the live form's field has %q", step.text, got)
		}
		for name, p := range map[string]*tab{"live": livePage, "plain": plain} {
			p.wait(fieldsNow + ` !== ""`)
			if got := p.js(fieldsNow); got != fieldsWanted {
				t.Errorf("build %s, the %s page has\n%s, want\n%s", step.text, name, got, fieldsWanted)
			}
			if p.js(sameDocument) == "true" {
				t.Errorf("build %s: the %s page was not loaded again", step.text, name)
			}
			p.keep()
		}
	}

	// A page that fails has no fields. What was typed waits until it is mended.
	d.edit(t, "web/kept/kept.go", "return page(p) }", "panic(\"kept is broken\") }")
	livePage.wait(`document.body.textContent.includes("kept is broken")`)
	livePage.errors()
	d.edit(t, "web/kept/kept.go", "panic(\"kept is broken\") }", "return page(p) }")
	livePage.wait(connected)
	livePage.wait(fieldsNow + " === " + strconv.Quote(fieldsWanted))

	// What somebody loads again is as the server has it.
	for _, p := range []*tab{livePage, plain} {
		p.do(chromedp.Navigate(p.js("location.href")))
		p.wait(`document.readyState === "complete"`)
		if got := p.js(`document.querySelector("#fields [name=name]").value`); got != "from the server" {
			t.Errorf("a page that was asked for again shows %q", got)
		}
	}
}
