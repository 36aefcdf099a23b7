package templgen

import (
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// marked takes the marks ▲ out of a text and returns their positions.
func marked(text string) (string, []position) {
	var at []position
	var b strings.Builder
	for i, part := range strings.Split(text, "▲") {
		if i > 0 {
			at = append(at, newSource("", b.String()).at(b.Len()))
		}
		b.WriteString(part)
	}
	return b.String(), at
}

// brokenTemplate has a mistake of types at every ▲.
const brokenTemplate = `package broken

import "fmt"

var _ = ▲undefinedInGo

type row struct{ ID string }

templ signature(a ▲undefinedType) {
	<p></p>
}

css styled(n int) {
	color: { ▲undefinedCSS };
	width: { ▲n };
}

templ known(s string, n int) {
	{ s }
}

templ all(r row, rows []row, s string) {
	<p
		id={ r.▲Missing }
		class={ "a", templ.KV("b", r.▲Missing), s + r.▲Missing }
		hidden?={ ▲undefinedBool }
		style={ ▲undefinedStyle }
		{ ▲undefinedSpread... }
		{ ▲undefinedKey }={ ▲undefinedValue }
		if ▲undefinedCondition {
			title={ ▲undefinedTitle }
		}
		onclick={ ▲undefinedScript }
	>
		{ r.▲Missing } text { ▲undefinedCall() }
		{ fmt.▲Missing(s) }
	</p>
	<a class={ ▲undefinedClass } href={ ▲undefinedAddress }></a>
	if ▲undefinedCondition {
		<b></b>
	} else if ▲undefinedCondition {
		<i></i>
	}
	switch ▲undefinedTag {
		case ▲undefinedCase:
			<b></b>
	}
	for _, r := range ▲undefinedRows {
		<b>{ r }</b>
	}
	for _, r := range rows {
		<b :key={ r.▲Missing }></b>
	}
	@▲undefinedComponent()
	@known(▲undefinedArgument, 1)
	@known("a", ▲undefinedArgument)
	@known(
		"a",
		▲undefinedArgument,
	)
	@known("a", 1) {
		<b>{ ▲undefinedChild }</b>
	}
	{{ x := ▲undefinedCode
		_ = x
		y := ▲undefinedCode2
		_ = y }}
	<script>let x = {{ ▲undefinedJS }};</script>
}

templ types(r row, n int, err error) {
	<p>
		{ ▲r } text { ▲err }
		{ r.ID, ▲1 }
	</p>
	<a href={ ▲n } hidden?={ ▲n } { ▲r... } onclick={ templ.ComponentScript(▲r.ID) }></a>
	<p { ▲r }={ n } { ▲r } { ▲err }="constant" class={ templ.KV("a", ▲n) }></p>
	for _, f := range []func(){} {
		<b :key={ ▲f }></b>
	}
	for i := range ▲r {
		{ i }
	}
	if ▲n {
		<b></b>
	}
	switch n {
		case ▲"a":
			<b></b>
	}
	@▲r
	@templ.Raw(▲n)
	@templ.Join(▲r, templ.NopComponent)
	@handle.Once(▲1)
	@▲undefinedHandle.Once()
	{{ ▲unused := 1 }}
	<img src={ ▲undefinedSource } srcset={ ▲undefinedSources }/>
	<iframe srcdoc={ ▲undefinedDocument }></iframe>
}

var handle = templ.NewOnceHandle()
`

// vettedTemplate compiles; vet finds fault at ▲.
const vettedTemplate = `package vetted

import "fmt"

templ all(s string) {
	<p title={ fmt.Sprintf("▲%d", s) }>
		if s != "" {
			{ fmt.Sprintf("▲%d", s) }
		}
	</p>
}
`

func TestCompilersNameTheTemplate(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("compiles a module")
	}
	m := newModule(t)
	for _, c := range []struct {
		pkg, template string
		command       []string
	}{
		{"broken", brokenTemplate, []string{"build", "-gcflags=-e", "./broken"}},
		{"vetted", vettedTemplate, []string{"vet", "./vetted"}},
	} {
		text, want := marked(c.template)
		m.write(t, c.pkg+"/x_templ.go", string(translate(t, c.pkg+"/x.templ", text)))
		_, out, err := m.tryGo(c.command...)
		if err == nil {
			t.Errorf("go %s accepts it", strings.Join(c.command, " "))
		}
		got := reported(t, string(out))
		for _, p := range want {
			if !slices.Contains(got, p) {
				t.Errorf("%s: nothing reported at %d:%d", c.pkg, p.line, p.col)
			}
		}
		for _, p := range got {
			if !slices.Contains(want, p) {
				t.Errorf("%s: reported at %d:%d, where nothing is wrong", c.pkg, p.line, p.col)
			}
		}
		if t.Failed() {
			t.Logf("%s", out)
		}
	}
}

var report = regexp.MustCompile(`(?m)^\S*?(x\w*\.\w+):(\d+):(\d+): `)

// reported returns the positions in the output of a compiler.
func reported(t *testing.T, out string) []position {
	t.Helper()
	var at []position
	for _, m := range report.FindAllStringSubmatch(out, -1) {
		if m[1] != "x.templ" {
			t.Errorf("reported in %s: %s", m[1], m[0])
		}
		var p position
		if _, err := fmt.Sscan(m[2]+" "+m[3], &p.line, &p.col); err != nil {
			t.Fatal(err)
		}
		at = append(at, p)
	}
	return at
}

// panicTemplate panics in each of its cases. The frames of the stack trace
// that lie in the template have the lines of the marks, innermost first.
const panicTemplate = `package panics

type row struct{ name *string }

func fails(s string) string { panic(s) }

func attributes() templ.Attributes { panic("attributes") }

templ inner(r *row) {
	<i>
		<b>{ ▲*r.name }</b>
	</i>
}

templ wrapper() {
	<div>
		{ ▲children... }
	</div>
}

templ Text() {
	<p>fine</p>
	<p>{ ▲fails("text") }</p>
}

templ Attribute() {
	<p
		id="a"
		title={ ▲fails("attribute") }
	></p>
}

templ Class() {
	<p class={ "a", templ.KV("b", ▲fails("class") == "") }></p>
}

templ Condition() {
	if true {
		<b></b>
	}
	if ▲fails("condition") == "" {
		<p></p>
	}
}

templ Row() {
	<ul>
		for range 3 {
			<li :key={ ▲fails("key") }></li>
		}
	</ul>
}

templ Nested() {
	<b>{ "a" }</b>
	▲@inner(nil)
}

templ Spread() {
	<p
		id="a"
		{ ▲attributes()... }
	></p>
}

templ Style() {
	<p
		style={ ▲fails("style") }
	></p>
}

templ Address() {
	<a
		href={ ▲fails("address") }
	></a>
}

templ Computed() {
	<p
		title="a"
		{ ▲fails("name") }={ "b" }
	></p>
}

templ Branch() {
	<p
		if ▲fails("branch") == "" {
			title="a"
		}
	></p>
}

templ Script() {
	<script>
		let a = 1;
		let b = {{ ▲fails("script") }};
	</script>
}

templ Else() {
	if false {
		<b></b>
	} else if ▲fails("else") == "" {
		<b></b>
	}
}

templ Tag() {
	switch ▲fails("tag") {
		default:
			<b></b>
	}
}

templ Case() {
	switch "a" {
		case ▲fails("case"):
			<b></b>
	}
}

templ Loop() {
	<b></b>
	for range ▲fails("loop") {
		<b></b>
	}
}

templ InLoop() {
	for range 3 {
		<b></b>
		<b>{ ▲fails("in loop") }</b>
	}
}

templ Argument() {
	@wrapper()
	@argument(
		"a",
		▲fails("argument"),
	)
}

templ argument(a, b string) {
	{ a }{ b }
}

templ Raw() {
	<b></b>
	@templ.Raw(▲fails("raw"))
}

templ List() {
	<b
		class={
			"a",
			▲fails("list"),
			templ.Class("b"),
		}
	></b>
}

templ Block() {
	▲@wrapper() {
		<b>{ "a" + fails("a") }</b>
	}
}

templ Code() {
	<b></b>
	{{
		x := 1
		_ = []int{}[▲x]
	}}
}
`

func TestPanicsNameTheTemplate(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("compiles a module")
	}
	m := newModule(t)
	text, marks := marked(panicTemplate)
	m.write(t, "panics/x_templ.go", string(translate(t, "panics/x.templ", text)))
	var calls strings.Builder
	for _, c := range cases(t, text) {
		fmt.Fprintf(&calls, "\trun(%q, panics.%s())\n", c, c)
	}
	m.write(t, "main.go", panicRunner+calls.String()+"}\n")
	got := string(m.goCommand(t, "run", "."))

	line := func(i int) string { return fmt.Sprintf(" x.templ:%d", marks[i].line) }
	inner, children := line(0), line(1)
	var want strings.Builder
	for i, c := range cases(t, text) {
		fmt.Fprintf(&want, "%s:", c)
		switch at := i + 2; c {
		case "Nested":
			want.WriteString(inner + line(at))
		case "Block":
			want.WriteString(fmt.Sprintf(" x.templ:%d", marks[at].line+1) + children + line(at))
		default:
			want.WriteString(line(at))
		}
		want.WriteString("\n")
	}
	if got != want.String() {
		t.Errorf("frames in the template:\n%swant\n%s", got, &want)
	}
}

const panicRunner = `package main

import (
	"context"
	"fmt"
	"path/filepath"
	"runtime"
	"strings"

	"bennu/render"
	"github.com/a-h/templ"
	"m/panics"
)

// run prints where the panic of a component comes from, innermost first, as
// far as it lies in a template. Wrappers of generated files are left out.
func run(name string, c templ.Component) {
	defer func() {
		recover()
		pcs := make([]uintptr, 100)
		frames := runtime.CallersFrames(pcs[:runtime.Callers(0, pcs)])
		fmt.Print(name, ":")
		for {
			f, more := frames.Next()
			file := filepath.Base(f.File)
			if strings.HasPrefix(file, "x") && file != "x_templ.go" && !strings.HasSuffix(f.Function, "panics.fails") && !strings.HasSuffix(f.Function, "panics.attributes") {
				fmt.Printf(" %s:%d", file, f.Line)
			}
			if !more {
				break
			}
		}
		fmt.Println()
	}()
	var s render.State
	_, _ = s.AppendDiff(context.Background(), nil, c)
}

func main() {
`

// Every directive that leads back names the line after it.
func TestDirectivesLeadBack(t *testing.T) {
	t.Parallel()
	back := regexp.MustCompile(`^//line x_templ\.go:(\d+)$`)
	for _, name := range features(t) {
		for i, line := range strings.Split(readFile(t, filepath.Join("testdata", name, "x_templ.go.golden")), "\n") {
			if m := back.FindStringSubmatch(line); m != nil && m[1] != fmt.Sprint(i+2) {
				t.Errorf("%s: line %d says %s", name, i+1, line)
			}
		}
	}
}
