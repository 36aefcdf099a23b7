package templgen

import (
	"go/ast"
	"go/parser"
	"go/token"
	"strconv"
	"strings"
	"testing"
)

// made is a template of the output: whether it is marked as a root, and its
// fixed texts.
type made struct {
	root    bool
	statics []string
}

// templates are those that the output for one templ makes.
func templates(t *testing.T, body string) []made {
	t.Helper()
	text := "package p\n\ntempl page(x string, on bool, more templ.Attributes) {\n" + body + "\n}\n"
	file, err := parser.ParseFile(token.NewFileSet(), "x_templ.go", translate(t, "x.templ", text), 0)
	if err != nil {
		t.Fatal(err)
	}
	var all []made
	ast.Inspect(file, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		if f, ok := call.Fun.(*ast.SelectorExpr); !ok || f.Sel.Name != "New" || len(call.Args) < 3 {
			return true
		}
		_, root := call.Args[1].(*ast.SelectorExpr) // bennurender.Root, or 0
		m := made{root: root}
		for _, arg := range call.Args[2:] {
			s, err := strconv.Unquote(arg.(*ast.BasicLit).Value)
			if err != nil {
				t.Fatal(err)
			}
			m.statics = append(m.statics, s)
		}
		all = append(all, m)
		return true
	})
	if len(all) == 0 {
		t.Fatalf("no template in the output of %s", body)
	}
	return all
}

func TestItem76OneElementIsARoot(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]bool{
		`<p>x</p>`:                     true,
		`<!-- note --><p>x</p>`:        true,
		`<p>x</p><p>y</p>`:             false,
		`text <p>x</p>`:                false,
		`<p>x</p> text`:                false,
		`{ x }<p>x</p>`:                false,
		`<p>x</p>{ x }`:                false,
		"<p>x</p>\nif on {\n\tmore\n}": false,
		`text`:                         false,
		`{ x }`:                        false,
		`<p ID="a">x</p>`:              false, // the client looks for id=
		`<p Id={ x }>x</p>`:            false,
	} {
		if got := templates(t, body)[0].root; got != want {
			t.Errorf("%s is marked as a root: %v, want %v", body, got, want)
		}
	}
}

// The client finds the id of a root by reading ` id=` and a quote.
func TestItem77IDsAreWrittenAlike(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		`<p id="a">x</p>`:                                 `<p id="a">`,
		`<p class="c" id='a'>x</p>`:                       `<p class="c" id="a">`,
		"<p\n\tclass=\"c\"\n\tid=\"a\"\n>x</p>":           `<p class="c" id="a">`,
		`<p   id="a"   hidden>x</p>`:                      `<p id="a" hidden>`,
		`<p id={ "a" }>x</p>`:                             `<p id="a">`,
		`<p id={ x }>x</p>`:                               `<p id="⋯">`,
		`<p hidden?={ on } id={ x }>x</p>`:                `<p⋯ id="⋯">`,
		`<p id={ x + "-b" } { more... }>x</p>`:            `<p id="⋯"⋯>`,
		`<p { more... } id="a">x</p>`:                     `<p⋯ id="a">`,
		`<input id="a" name={ x }/>`:                      `<input id="a" name="⋯">`,
		"<p\n\tif on {\n\t\tid={ x }\n\t}\n>x</p>":        ` id="⋯"`,
		"<p\n\tif on {\n\t\tid=\"a\"\n\t}\n>x</p>":        ` id="a"`,
		"for _, y := range x {\n<p id={ string(y) }/>\n}": `<p id="⋯">`,
	} {
		found := false
		for _, m := range templates(t, body) {
			found = found || strings.Contains(strings.Join(m.statics, "⋯"), want)
		}
		if !found {
			t.Errorf("%s: no template with %s in %+v", body, want, templates(t, body))
		}
	}
}
