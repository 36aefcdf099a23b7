package e2e

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"bennu/js"
)

// asked is a command and the call of the client's own JavaScript interface that
// does the same.
type asked struct {
	Commands js.Commands `json:"commands"`
	Call     string      `json:"call"`
	Query    string      `json:"query"` // of the elements that it is called for
	From     string      `json:"from"`  // how they are looked for: "", "inner" or "closest"
	Args     []any       `json:"args"`
}

// dice makes random commands.
type dice struct{ *rand.Rand }

func (d dice) of(all ...string) string { return all[d.IntN(len(all))] }

// target is a selector and how a script finds the same elements.
func (d dice) target() (js.Selector, string, string) {
	switch d.IntN(6) {
	case 0:
		return js.Self, "", "self"
	case 1:
		return js.Inner("i, b"), "i, b", "inner"
	case 2:
		return js.Closest(".box"), ".box", "closest"
	case 3:
		return js.ID(`odd.id:"1"`), `#odd\.id\:\"1\"`, ""
	case 4:
		return js.Having("data-x", `a"b\c`), `[data-x="a\"b\\c"]`, ""
	}
	s := d.of("#stage p", "#stage .a", "#src", "#stage i", "#stage .nobody")
	return js.Selector(s), s, ""
}

func (d dice) classes() string { return d.of("a", "b", "a b", "c d", "x:y", "w-1/2") }

// slowly are options about time, the same for both.
func (d dice) slowly(opts map[string]any) (TimeAndBlocking []any) {
	if d.IntN(2) == 0 {
		ms := 100 + d.IntN(60)
		opts["time"] = ms
		TimeAndBlocking = append(TimeAndBlocking, js.Time(time.Duration(ms)*time.Millisecond))
	}
	if d.IntN(3) == 0 {
		opts["blocking"] = false
		TimeAndBlocking = append(TimeAndBlocking, js.Blocking(false))
	}
	return TimeAndBlocking
}

func options[T any](all ...any) []T {
	var out []T
	for _, o := range all {
		out = append(out, o.(T))
	}
	return out
}

// next is a random command.
func (d dice) next() asked {
	to, query, from := d.target()
	opts := map[string]any{}
	timed := d.slowly(opts)
	moved := d.IntN(2) == 0
	change := func(name string) { opts[name] = []string{"during", "begins", "ends"} }
	a := asked{Query: query, From: from}
	switch d.IntN(9) {
	case 0:
		if d.IntN(2) == 0 {
			opts["display"] = "flex"
			timed = append(timed, js.Display("flex"))
		}
		if moved {
			change("transition")
			timed = append(timed, js.In("during").From("begins").To("ends"))
		}
		a.Commands, a.Call, a.Args = js.Show(to, options[js.ShowOption](timed...)...), "show", []any{opts}
	case 1:
		if moved {
			change("transition")
			timed = append(timed, js.Out("during").From("begins").To("ends"))
		}
		a.Commands, a.Call, a.Args = js.Hide(to, options[js.HideOption](timed...)...), "hide", []any{opts}
	case 2:
		if moved {
			change("in")
			change("out")
			timed = append(timed, js.In("during").From("begins").To("ends"), js.Out("during").From("begins").To("ends"))
		}
		a.Commands, a.Call, a.Args = js.Toggle(to, options[js.ToggleOption](timed...)...), "toggle", []any{opts}
	case 3, 4, 5:
		if moved {
			change("transition")
			timed = append(timed, js.During("during").From("begins").To("ends"))
		}
		names, how := d.classes(), options[js.ClassOption](timed...)
		switch d.IntN(3) {
		case 0:
			a.Commands, a.Call = js.AddClass(to, names, how...), "addClass"
		case 1:
			a.Commands, a.Call = js.RemoveClass(to, names, how...), "removeClass"
		default:
			a.Commands, a.Call = js.ToggleClass(to, names, how...), "toggleClass"
		}
		a.Args = []any{names, opts}
	case 6:
		a.Commands = js.Transition(to, js.During("during").From("begins").To("ends"), options[js.TransitionOption](timed...)...)
		a.Call, a.Args = "transition", []any{[]string{"during", "begins", "ends"}, opts}
	case 7:
		name, value := d.of("title", "data-y", "aria-expanded"), d.of("true", "", `<"&'>`, "\u2028ü")
		a.Commands, a.Call, a.Args = js.SetAttr(to, name, value), "setAttribute", []any{name, value}
		if d.IntN(3) == 0 {
			a.Commands, a.Call, a.Args = js.RemoveAttr(to, name), "removeAttribute", []any{name}
		}
	default:
		name := d.of("aria-expanded", "data-y")
		a.Commands, a.Call, a.Args = js.SwapAttr(to, name, "true", "false"), "toggleAttribute", []any{name, "true", "false"}
	}
	return a
}

// stage is what commands are tried on, made anew for each, and what is seen of it
// afterwards: by attributes and commands, or by the client's own interface.
const stage = `window.tryOut = async (all) => {
	const stage = document.querySelector("#stage");
	const frame = () => new Promise(done => requestAnimationFrame(done));
	const settled = async () => {
		await new Promise(done => setTimeout(done, 250));
		for (let i = 0; i < 6; i++) await frame();
	};
	const set = () => {
		stage.innerHTML = ` + "`" + `<div class="box a"><button id="src" class="a c" data-y="true"><i>i</i><b style="display:none">b</b></button></div>
			<p class="b">p</p><p id="odd.id:&quot;1&quot;" data-x="a&quot;b\\c" title="t" style="display:none">q</p>` + "`" + `;
		return document.querySelector("#src");
	};
	const differs = async (one) => {
		let src = set();
		liveSocket.execJS(src, JSON.stringify(one.commands));
		await settled();
		const byCommands = stage.innerHTML;
		src = set();
		const els = one.from == "self" ? [src] : one.from == "inner" ? src.querySelectorAll(one.query) :
			one.from == "closest" ? [src.closest(one.query)] : document.querySelectorAll(one.query);
		for (const el of els) liveSocket.js()[one.call](el, ...one.args);
		await settled();
		return byCommands !== stage.innerHTML && {commands: one.commands, call: one.call, args: one.args, byCommands, byCall: stage.innerHTML};
	};
	// The client's timers and frames may overtake each other: what differs, does so
	// each time.
	const wrong = [];
	for (const one of all) {
		let found = false;
		for (let i = 0; i < 5 && (i == 0 || found); i++) found = await differs(one);
		if (found) wrong.push(found);
	}
	return JSON.stringify(wrong);
}`

// Random commands do what the client's own JavaScript interface does for the
// same words: classes, attributes, styles, on whichever elements they select.
func TestCommandsDoWhatTheClientDoes(t *testing.T) {
	t.Parallel()
	seed := rand.Uint64()
	d := dice{rand.New(rand.NewPCG(seed, 1))}
	a := tourApp(t)
	const rounds, each = 4, 15
	for range rounds {
		var all []asked
		for range each {
			all = append(all, d.next())
		}
		p := newTab(t)
		p.visit(a.url + "/tour/commands")
		p.run(stage)
		text, err := json.Marshal(all)
		if err != nil {
			t.Fatal(err)
		}
		if wrong := p.await(fmt.Sprintf("tryOut(%s)", text)); wrong != "[]" {
			t.Fatalf("seed %d: %s", seed, wrong)
		}
	}
}

// Every command on a page: what it sends, and what it changes.
func TestJSCommandsOnAPage(t *testing.T) {
	t.Parallel()
	a, p := tourApp(t), newTab(t)
	p.visit(a.url + "/tour/commands")
	said := func(class string) {
		p.t.Helper()
		p.wait(`document.querySelector("#said").classList.contains("` + class + `")`)
	}
	heard := func(n int, want string) {
		p.t.Helper()
		p.waitText(fmt.Sprintf("#heard li:nth-child(%d)", n), want)
	}
	p.run(`window.kinds = []; addEventListener("phx:page-loading-start", e => kinds.push(e.detail.kind))`)
	p.click("#push")
	heard(1, `one {"k":"v","n":7,"text":"\u003c\"\u0026'\u003e"}`)
	p.same(`String(kinds)`, "element")
	p.wait(`!document.querySelector(".phx-click-loading")`)
	p.click("#both")
	heard(2, `one {"n":1}`)
	heard(3, `two {"n":1}`) // the client hands the value on
	said("both")
	p.wait(`!document.querySelector(".phx-click-loading")`)
	p.click("#target")
	p.waitText("#inbox b", "5")
	p.click("#text")
	p.do(chromedp.KeyEvent("x"))
	heard(4, `typed {"_target":["text"],"by":"command","text":"x"}`)

	p.run(`document.querySelector("#said").addEventListener("copied", e => { window.copied = e.detail.n + " " + e.detail.dispatcher.id + " " + e.bubbles })`)
	p.click("#dispatch")
	p.same(`copied`, "3 dispatch true")
	p.click("#exec")
	said("executed")
	p.wait(`document.querySelector("#holder").dataset.done == "yes"`)

	p.click("#focus")
	p.wait(`document.activeElement.id == "text"`)
	p.click("#first")
	p.wait(`document.activeElement.id == "inside"`)
	p.click("#pop")
	p.wait(`document.activeElement.id == "focus"`)

	// Two menus on one page do not open each other.
	shown := func(id string) string {
		return `getComputedStyle(document.querySelector("#menu-` + id + ` b")).display`
	}
	p.click("#toggle-a")
	p.wait(shown("a") + ` == "none" && ` + shown("b") + ` != "none" && document.querySelector("#menu-a").classList.contains("open")`)

	// The server carries out commands.
	p.run(`addEventListener("phx:carry-out", e => document.querySelectorAll(e.detail.to).forEach(el => liveSocket.execJS(el, e.detail.commands)))`)
	p.click("#order")
	p.wait(`getComputedStyle(document.querySelector("#hidden-by-server")).display == "none"`)
	said("pushed")

	// What commands changed outlives patches; what is ignored stays.
	p.click("#mark")
	p.wait(`getComputedStyle(document.querySelector("#latent")).display == "block"`)
	p.click("#summary")
	p.wait(`document.querySelector("#details").open`)
	p.click("#redraw")
	p.waitText("#redraw", "redraw true")
	p.wait(`document.querySelector("#guest.here")`)
	p.same(`[...document.querySelector("#said").classList].sort().join(" ") + " " + document.querySelector("#said").title`, "both executed kept plain pushed kept")
	p.same(`getComputedStyle(document.querySelector("#latent")).display + " " + document.querySelector("#details").open`, "block true")
	p.click("#redraw") // and what leaves does so slowly
	p.wait(`document.querySelector("#guest.leaving")`)
	p.wait(`!document.querySelector("#guest")`)

	length := p.js(`history.length`)
	p.click("#turn")
	p.waitText("#page", "2")
	p.click("#turn-over")
	p.waitText("#page", "3")
	p.same(`history.length - `+length, "1")
	p.keep()
	p.click("#leave")
	p.waitText("h1", "Cards")
	p.same(sameDocument, "true")
}

// What users wrote stays a value in the browser too (row 44).
func TestFault44HostileTextsInCommands(t *testing.T) {
	t.Parallel()
	a, p := tourApp(t), newTab(t)
	p.visit(a.url + "/tour/commands")
	for _, hostile := range []string{`"],["exec",{"attr":"data-do","to":"#holder"}],["a`, `#holder"); alert(1); ("`, "</script><img src=x onerror=alert(1)>", `'&quot;\`, "a\u2028b\nc"} {
		c := js.SetAttr(js.Self, "data-text", hostile).AddClass(js.Having("data-text", hostile), "found")
		text, err := json.Marshal(string(c))
		if err != nil {
			t.Fatal(err)
		}
		want, err := json.Marshal(hostile)
		if err != nil {
			t.Fatal(err)
		}
		p.run(fmt.Sprintf(`document.querySelector("#said").className = ""; liveSocket.execJS(document.querySelector("#said"), %s)`, text))
		p.wait(fmt.Sprintf(`document.querySelector("#said.found").dataset.text === %s`, strings.ReplaceAll(string(want), "\u2028", `\u2028`)))
		p.same(`document.querySelector("#holder").dataset.done`, "undefined")
	}
}
