package render

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/a-h/templ"
	"golang.org/x/net/html"
)

// A place is where a template may write a value that somebody else chose. What
// a browser makes of it is found with the parser of package x/net/html, which
// knows nothing of our escaping.
type place struct {
	name   string
	before string
	after  string
	write  func(t *testing.T, w *Writer, v string)
	want   func(v string) string // what a browser is to find
	found  func(raw string) string
}

// mark is the element that holds the value, and the attribute if it is there.
const mark = `data-here`

func same(v string) string { return v }

var places = []place{
	{"text", "<p data-here>", "</p>", writeText, same, same},
	{"title", "<title data-here>", "</title>", writeText, same, same},
	{"textarea", "<textarea data-here>", "</textarea>", writeText, func(v string) string { return settled(strings.TrimPrefix(lines.Replace(v), "\n")) }, same},
	{"option", "<select><option data-here>", "</option></select>", writeText, same, same},
	{"pre", "<pre data-here>x", "</pre>", writeText, func(v string) string { return "x" + v }, same},
	{"table cell", "<table><tr><td data-here>", "</td></tr></table>", writeText, same, same},
	{"svg text", "<svg><text data-here>", "</text></svg>", writeText, same, same},
	{"attribute", `<p data-here="`, `"></p>`, func(_ *testing.T, w *Writer, v string) { Attr(w, 0, v) }, same, same},
	{"id", `<p data-here id="x" title="y"></p><b data-here="`, `"></b>`, writeText, same, same},
	{"class", `<p data-here="`, `"></p>`, func(_ *testing.T, w *Writer, v string) { Class(w, 0, v) }, same, same},
	{"class list", `<p data-here="`, `"></p>`, func(_ *testing.T, w *Writer, v string) {
		w.BeginClass(0)
		w.ClassName("a")
		w.ClassIf("b "+v, true)
		w.EndClass()
	}, func(v string) string { return "a b " + v }, same},
	{"style", `<p data-here="`, `"></p>`, func(t *testing.T, w *Writer, v string) {
		s, err := Style(v)
		if err != nil {
			t.Error(err)
		}
		w.Str(0, s)
	}, func(v string) string {
		s, _ := Style(v) // as above
		return s
	}, same},
	{"address", `<a data-here="`, `"></a>`, func(_ *testing.T, w *Writer, v string) { URL(w, 0, v) }, func(v string) string { return string(templ.URL(v)) }, same},
	{"srcdoc", `<iframe data-here="`, `"></iframe>`, func(_ *testing.T, w *Writer, v string) { Document(w, 0, v) }, same, html.UnescapeString},
	{"set", `<p`, `></p>`, func(t *testing.T, w *Writer, v string) {
		if err := w.Spread(0, templ.Attributes{mark: v}); err != nil {
			t.Error(err)
		}
	}, same, same},
	{"computed attribute", `<p`, `></p>`, func(_ *testing.T, w *Writer, v string) { Attribute(w, 0, "p", mark, v) }, same, same},
	{"script", `<script data-here>`, `</script>`, func(t *testing.T, w *Writer, v string) { w.Raw(0, must(t)(ScriptOut(v))) }, same, fromJSON},
	{"JSON", `<script type="application/json" data-here>`, `</script>`, func(t *testing.T, w *Writer, v string) {
		w.Raw(0, must(t)(ScriptOut(map[string]any{"v": []string{v}})))
	}, same, func(raw string) string {
		var x struct{ V []string }
		if err := json.Unmarshal([]byte(raw), &x); err != nil || len(x.V) != 1 {
			return fmt.Sprint("no JSON: ", raw, err)
		}
		return x.V[0]
	}},
	{"text of a script", `<script data-here>`, `</script>`, func(t *testing.T, w *Writer, v string) { w.Raw(0, must(t)(ScriptIn(v))) }, same, func(raw string) string {
		if strings.ContainsAny(raw, "'`\"<") || strings.Contains(raw, "${") || strings.HasSuffix(raw, "$") {
			return "ends the literal: " + raw
		}
		return fromJSON(`"` + raw + `"`)
	}},
}

func writeText(_ *testing.T, w *Writer, v string) { w.Str(0, v) }

func must(t *testing.T) func(string, error) string {
	return func(s string, err error) string {
		if err != nil {
			t.Error(err)
		}
		return s
	}
}

func fromJSON(raw string) string {
	var s string
	if err := json.Unmarshal([]byte(raw), &s); err != nil {
		return fmt.Sprint("no string: ", raw, err)
	}
	return s
}

// lines makes all line ends those of HTML.
var lines = strings.NewReplacer("\r\n", "\n", "\r", "\n")

// settled leaves out what no browser keeps: the kind of line ends, NUL, and
// bytes that are no character.
func settled(s string) string {
	s = lines.Replace(strings.ToValidUTF8(s, "\uFFFD"))
	return strings.NewReplacer("\x00", "", "\uFFFD", "").Replace(s)
}

// checkPlace writes a value into a page and into a view.
func checkPlace(t *testing.T, p place, v string) {
	t.Helper()
	tpl := New(1<<40, 0, `<main>`+p.before, p.after+`<i>after</i></main>`)
	view := func(v string) Func {
		return func(w *Writer, slot int) error {
			w.Nest(slot, tpl)
			p.write(t, w, v)
			w.End()
			return nil
		}
	}
	shape, _ := readPage(t, htmlOf(t, view("harmless")))
	for way, page := range map[string]string{"HTML": htmlOf(t, view(v)), "view": liveOf(t, tpl, view(v))} {
		got, raw := readPage(t, page)
		if got != shape {
			t.Errorf("%s, %s: %q gives the page\n%s, want\n%s", p.name, way, v, got, shape)
		}
		if !utf8.ValidString(v) && strings.Contains(v, "\x00") {
			continue // parsers drop the NUL, and what stood around it may then be a character
		}
		if found, want := settled(p.found(raw)), settled(p.want(v)); found != want {
			t.Errorf("%s, %s: %q is found as %q, want %q", p.name, way, v, found, want)
		}
	}
}

// liveOf puts together what a client shows after joining.
func liveOf(t *testing.T, tpl *Template, view Func) string {
	t.Helper()
	var s State
	diff, err := s.AppendDiff(t.Context(), nil, view)
	if err != nil {
		t.Fatal(err)
	}
	var tree map[string]any
	if err := json.Unmarshal([]byte("{"+string(diff)+"}"), &tree); err != nil {
		t.Fatalf("%v: %s", err, diff)
	}
	var b strings.Builder
	for i, static := range tpl.statics {
		b.WriteString(static)
		text, _ := tree[strconv.Itoa(i)].(string)
		b.WriteString(text)
	}
	return b.String()
}

// readPage returns the elements and attributes of a page, and the value: that of
// the marked attribute or the content of the marked element.
func readPage(t *testing.T, page string) (shape, value string) {
	t.Helper()
	root, err := html.Parse(strings.NewReader("<!doctype html><body>" + page))
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for n := range root.Descendants() {
		if n.Type != html.ElementNode {
			if n.Type != html.TextNode {
				fmt.Fprintf(&b, "%v ", n.Type)
			}
			continue
		}
		b.WriteString(n.Data)
		for _, a := range n.Attr {
			b.WriteString(" " + a.Key)
			switch {
			case a.Key != mark:
				b.WriteString("=" + a.Val)
			case a.Val != "":
				value = a.Val
			default:
				for c := range n.Descendants() {
					value += c.Data
				}
			}
		}
		b.WriteString("; ")
	}
	return b.String(), value
}

// hostile is what attackers type.
var hostile = []string{
	"", "plain", `<script>alert(1)</script>`, `"><script>alert(1)</script>`, `'><img src=x onerror=alert(1)>`, `" onmouseover="alert(1)`, `' onmouseover='alert(1)`,
	`</title><script>alert(1)</script>`, `</textarea><script>alert(1)</script>`, `</script><script>alert(1)</script>`, `</style><script>alert(1)</script>`, `<!--`, `-->`, `<!--<script>`, `]]>`, `<![CDATA[`,
	`</p></div></main></body>`, `</main><main>`, `&lt;script&gt;`, `&quot;`, `&#34;`, `&#x22 onclick=x`, `&amp`, "a\x00b", "\xff\xfe", "<\x00script>", "\u2028\u2029", "\r\n", "\n<", "`", "${alert(1)}", "a$", "\\", `\"`, `\u003c`, "\\x3c", `'-alert(1)-'`, `";alert(1)//`,
	"expression(alert(1))", "color:red;background:url(javascript:alert(1))", "url('x", "}</style>", "/*", `\65xpression`, "javascript:alert(1)", "java\tscript:alert(1)", "data:text/html,<script>", "a b", "a.b#c", `x" y`, "é\u00a0\u200d😀", "=", "/", "{{ . }}", "<%= %>",
}

func checkPlaces(t *testing.T, names ...string) {
	t.Parallel()
	checked := 0
	for _, p := range places {
		for _, name := range names {
			if p.name != name {
				continue
			}
			checked++
			for _, v := range hostile {
				checkPlace(t, p, v)
			}
		}
	}
	if checked != len(names) {
		t.Errorf("checked %d of the places %q", checked, names)
	}
}

func TestFault40MarkupInText(t *testing.T) {
	checkPlaces(t, "text", "title", "textarea", "option", "pre", "table cell", "svg text")
}

func TestFault41QuotesInAttributes(t *testing.T) {
	checkPlaces(t, "attribute", "class", "class list", "set", "computed attribute", "address", "srcdoc")
}

func TestFault42StylesOfOthers(t *testing.T) { checkPlaces(t, "style") }

func TestFault43DataInScripts(t *testing.T) {
	checkPlaces(t, "script", "JSON", "text of a script")
}

func TestFault46IDs(t *testing.T) { checkPlaces(t, "id") }

func FuzzPlaces(f *testing.F) {
	for _, v := range hostile {
		f.Add(v)
	}
	f.Fuzz(func(t *testing.T, v string) {
		for _, p := range places {
			checkPlace(t, p, v)
		}
	})
}
