package templgen

import (
	"strings"
	"testing"
)

// An errorCase is a template whose mistake is at ▲. The mark is not part of it.
type errorCase struct {
	name string
	text string
	want string // message, then the hint after |
}

var errorCases = []errorCase{
	{"no package", "▲templ x() {\n}\n", "the file has no package clause|begin the file with \"package name\""},
	{"package is no name", "▲package 1\n\ntempl x() {\n}\n", "the file has no package clause|begin the file with \"package name\""},
	{"no line after the package", "package ▲p", "the package clause is not whole|begin the file with \"package name\" and a line break"},
	{"a template without a name", "package p\n\n▲templ \n", "expected a template such as \"templ Name(p Param) {\"|"},
	{"a method without a name", "package p\n\n▲templ (p *Page) () {\n}\n", "expected a template such as \"templ Name(p Param) {\"|"},
	{"old syntax", "▲{% package p %}\n", "the file has the syntax that templ had before 2021|an old release of templ converts it with \"templ migrate\""},
	{"element in capitals", page("<p></p>\n▲<A>text</A>"), "expected the name of an element after <, in small letters|text that begins with < is written &lt;"},
	{"unclosed element", page("▲<p>text"), "<p> is not closed|write </p> where it ends, or <name/> for an element without content"},
	{"unclosed inner element", page("<div>\n\t▲<p>\n</div>"), "<p> is not closed|write </p> where it ends, or <name/> for an element without content"},
	{"unclosed element in a loop", page("for range 3 {\n\t<i></i>\n\t▲<b>text\n}"), "<b> is not closed|write </b> where it ends, or <name/> for an element without content"},
	{"unclosed element in else", page("if x {\n\t<i></i>\n} else {\n\t<div>\n\t\t▲<b>text\n\t</div>\n}"), "<b> is not closed|write </b> where it ends, or <name/> for an element without content"},
	{"unclosed element in a block", page("<div>\n\t@y() {\n\t\tif x {\n\t\t\t▲<b>text\n\t\t}\n\t}\n</div>"), "<b> is not closed|write </b> where it ends, or <name/> for an element without content"},
	{"unclosed element in a case", page("switch x {\n\tcase 1:\n\t\t▲<b>text\n}"), "<b> is not closed|write </b> where it ends, or <name/> for an element without content"},
	{"unexpected end of an element", page("▲</div>"), "unexpected </div>|no element of that name is open here"},
	{"unclosed template", "package p\n\ntempl ▲x() {\n\t<p></p>\n", "the template is not closed|write } on a line of its own where it ends; perhaps the } of a block inside it is missing"},
	{"unclosed if", "package p\n\ntempl ▲x() {\n\tif x {\n\t\ttext\n}\n", "the template is not closed|write } on a line of its own where it ends; perhaps the } of a block inside it is missing"},
	{"unclosed for", "package p\n\ntempl x() {\n\t▲for range 3 {\n\t\ttext\n", "the block is not closed|write } where it ends"},
	{"unclosed switch", "package p\n\ntempl x() {\n\t▲switch x {\n\t\tcase 1:\n\t\t\ttext\n", "the switch is not closed|write } where it ends"},
	{"keyword in text", page("▲if you wait"), "expected { and a line break after if|text that begins with the word is written { \"if\" }"},
	{"broken condition", page("▲if x := {\n\ttext\n}"), "expected { and a line break after if|text that begins with the word is written { \"if\" }"},
	{"fallthrough in the last case", page("switch x {\n\tcase 1:\n\t\ttext\n\t\t▲fallthrough\n}"), "switch: fallthrough cannot be used in the last case of a switch statement|"},
	{"signature", "package p\n\ntempl x(▲1) {\n}\n", "invalid Go: expected ')', found 1|"},
	{"result", "package p\n\n▲templ x() string {\n}\n", "expected a template such as \"templ Name(p Param) {\"|"},
	{"reserved parameter", "package p\n\ntempl ▲x(bennuW int) {\n}\n", "the name bennuW is reserved for generated code|rename it"},
	{"two of a name", "package p\n\ntempl x() {\n}\n\ntempl ▲x() {\n}\n", "x is declared at dir/x.templ:3:7 too|rename one of them"},
	{"no name", "package p\n\ntempl ▲_() {\n}\n", "a template needs a name|"},
	{"expression", page("<p>{ a ▲b }</p>"), "invalid Go: expected one expression, or a comma between two|"},
	{"expression in a loop", page("for range 3 {\n\t<p>\n\t\t{ a ▲b }\n\t</p>\n}"), "invalid Go: expected one expression, or a comma between two|"},
	{"pair", page("<p>{ ▲a: b }</p>"), "expected an expression, found a pair with a colon|"},
	{"attribute", page("<p title={ a ▲b }></p>"), "invalid Go: expected one expression, or a comma between two|"},
	{"attribute without value", page("<p ▲title={ }></p>"), "the attribute title has no value|write a Go expression or remove the attribute"},
	{"attribute with two names", page("<p { ▲\"a b\" }={ x }></p>"), "\"a b\" cannot be the name of an attribute|an attribute's name has no space, / or ="},
	{"attribute without name", page("<p { ▲}={ x }></p>"), "the attribute has no name|"},
	{"two conditions", page("<p hidden?={ ▲a, b }></p>"), "a condition takes one expression, found 2|"},
	{"two scripts", page("<p onclick={ ▲a, b }></p>"), "an event attribute takes one expression, found 2|"},
	{"script without value", page("<script>▲{{ }}</script>"), "{{ }} in a script has no value|write the Go value that JavaScript should see"},
	{"script value as code", page("<script>let a = `x ${f(▲{{ x }})}`;</script>"), "{{ }} inside ${ } would be written as code|put the value into a variable before: let x = {{ … }}; `${x}`"},
	{"script value in braces of code", page("<script>let a = \"`${\", b = `\\${ ${ \"}\" + {a: ▲{{ x }} } }`;</script>"), "{{ }} inside ${ } would be written as code|put the value into a variable before: let x = {{ … }}; `${x}`"},
	{"header", page("if x ▲y {\n\ttext\n}"), "invalid Go: expected ';', found y|"},
	{"code", page("{{ x :=▲ }}"), "invalid Go: expected operand, found '}'|"},
	{"call", page("@▲x(}"), "templ element: invalid go expression: unbalanced '}'|"},
	{"call of a type", page("@▲func()x"), "expected a component after @, found the type func()x|"},
	{"call of nothing", page("@▲\n<p></p>"), "expected a component after @|begin with a name, or put the expression into parentheses"},
	{"css", "package p\n\ncss c() {\n\tcolor: { a ▲b };\n}\n", "invalid Go: expected one expression, or a comma between two|"},
	{"script", "package p\n\nscript s(a ▲1) {\n}\n", "invalid Go: missing ',' in parameter list|"},
	{"declaration", "package p\n\nfunc f( ▲{}\n\ntempl x() {\n}\n", "invalid Go: expected ')', found '{'|"},
	{"second declaration", "package p\n\nvar a = 1\nvar b = ▲)\n\ntempl x() {\n}\n", "invalid Go: expected operand, found ')'|"},
	{"text after a template", "package p\n\ntempl x() {\n\ta } ▲b\n}\n", "invalid Go: expected declaration, found b|a } inside text ends the template; write { \"}\" }"},
	{"stream in a memo", "package p\n\nimport \"bennu/live\"\n\ntempl x() {\n\t@live.Memo(1) {\n\t\tfor id, p := range live.Items(▲s) {\n\t\t\t<p id={ id }>{ p }</p>\n\t\t}\n\t}\n}\n", "a stream inside what is passed over while it stays the same; its items would be lost|move the loop out of live.Memo and live.Each"},
	{"break", page("for range 3 {\n\t{{ ▲break }}\n\t<p></p>\n}"), "break inside {{ }} would leave the template half written|leave rows out before the loop, or put if around what may be left out"},
	{"continue in a condition", page("for range 3 {\n\t{{ if true {\n\t\t▲continue\n\t} }}\n\t<p></p>\n}"), "continue inside {{ }} would leave the template half written|leave rows out before the loop, or put if around what may be left out"},
	{"break in a select", page("for range 3 {\n\t{{ for { select { default: break } }; ▲break }}\n}"), "break inside {{ }} would leave the template half written|leave rows out before the loop, or put if around what may be left out"},
	{"continue in a switch", page("for range 3 {\n\t{{ switch { default: ▲continue } }}\n}"), "continue inside {{ }} would leave the template half written|leave rows out before the loop, or put if around what may be left out"},
	{"break to a label outside", page("for range 3 {\n\t{{ for {\n\t\t▲break outer\n\t} }}\n}"), "break inside {{ }} would leave the template half written|leave rows out before the loop, or put if around what may be left out"},
	{"return", page("{{ ▲return nil }}"), "return inside {{ }} would leave the template half written|put if around what may be left out"},
	{"goto", page("{{ ▲goto done }}"), "goto inside {{ }} would leave the template half written|leave rows out before the loop, or put if around what may be left out"},
	{"fallthrough as code", page("switch x {\n\tcase \"a\":\n\t\ta\n\t\t{{ ▲fallthrough }}\n\tdefault:\n\t\tb\n}"), "fallthrough inside {{ }} would leave the template half written|write fallthrough on a line of its own at the end of the case, without {{ }}"},
	{"reserved variable", page("{{ a, ▲bennuW := 1, 2 }}"), "the name bennuW is reserved for generated code|rename it"},
	{"reserved constant", page("{{ const ▲bennurender = 1 }}"), "the name bennurender is reserved for generated code|rename it"},
	{"reserved loop variable", page("for ▲bennuSlot := range 3 {\n\ttext\n}"), "the name bennuSlot is reserved for generated code|rename it"},
	{"reserved name in a condition", page("if ▲bennuW := x; true {\n\ttext\n}"), "the name bennuW is reserved for generated code|rename it"},
	{"reserved function", "package p\n\nfunc ▲bennuR_x() {}\n\ntempl x() {\n}\n", "the name bennuR_x is reserved for generated code|rename it"},
	{"reserved import", "package p\n\nimport ▲bennurender \"fmt\"\n\ntempl x() {\n}\n", "the name bennurender is reserved for generated code|rename it"},
	{"endless for", page("▲for  {\n\t<p></p>\n}"), "a for without an end|give it a condition or a range"},
	{"key outside of a loop", page("<p ▲:key={ x }></p>"), ":key names the rows of a for; this is not the row's element|put it on the first element directly inside the for"},
	{"key of an inner element", page("for range 3 {\n\t<p><b ▲:key={ x }></b></p>\n}"), ":key names the rows of a for; this is not the row's element|put it on the first element directly inside the for"},
	{"key of the second element", page("for range 3 {\n\t<p></p>\n\t<b ▲:key={ x }></b>\n}"), ":key names the rows of a for; this is not the row's element|put it on the first element directly inside the for"},
	{"key in a branch", page("for range 3 {\n\tif x {\n\t\t<b ▲:key={ x }></b>\n\t}\n}"), ":key names the rows of a for; this is not the row's element|put it on the first element directly inside the for"},
	{"empty key", page("for range 3 {\n\t<b ▲:key={ }></b>\n}"), "the key is empty|write what tells the rows apart, such as row.ID"},
}

// page puts markup into a template.
func page(markup string) string {
	return "package p\n\ntempl x(x string) {\n\t" + strings.ReplaceAll(markup, "\n", "\n\t") + "\n}\n"
}

func TestErrors(t *testing.T) {
	t.Parallel()
	for _, c := range errorCases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			before, after, _ := strings.Cut(c.text, "▲")
			want := newSource("", before).at(len(before))
			_, ds := generate([]*file{newFile("dir/x.templ", before+after)})
			if len(ds) == 0 {
				t.Fatal("no diagnostic")
			}
			d := ds[0]
			if d.File != "dir/x.templ" || d.Line != want.line || d.Col != want.col {
				t.Errorf("found at %s:%d:%d, want dir/x.templ:%d:%d", d.File, d.Line, d.Col, want.line, want.col)
			}
			if got := d.Message + "|" + d.Hint; got != c.want {
				t.Errorf("says %q, want %q", got, c.want)
			}
		})
	}
}

// A construct that cannot be split is told, and written all the same.
func TestWarnings(t *testing.T) {
	t.Parallel()
	texts, ds := generate([]*file{newFile("dir/x.templ", page("<p></p>\n@templ.Join(list...)"))})
	if len(texts) != 1 || texts[0] == nil {
		t.Fatal("nothing was written")
	}
	want := "dir/x.templ:5:3: warning: the components of a list that is joined are sent together whenever one of them changes (write a for with a call in it)"
	if len(ds) != 1 || ds[0].String() != want {
		t.Errorf("says %v, want %s", ds, want)
	}
}
