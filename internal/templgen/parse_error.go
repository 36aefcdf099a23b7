package templgen

import (
	"errors"
	"regexp"
	"strings"

	"github.com/a-h/templ/parser/v2"
)

// templ's parser stops at the first mistake and says where it stood, which can
// be far from the cause: an element without end is noticed at the end of the
// file, and the cause inside a for, an if or a block is not told at all. What
// it had understood so far helps to find the place.

// failParse records what templ's parser says of a file.
func (f *file) failParse(parsed *parser.TemplateFile, err error) {
	if errors.Is(err, parser.ErrLegacyFileFormat) {
		f.fail(position{1, 1}, "an old release of templ converts it with \"templ migrate\"", "the file has the syntax that templ had before 2021")
		return
	}
	at, msg, ok := located(err)
	if !ok {
		f.fail(position{1, 1}, "", "%v", err)
		return
	}
	p := &mistake{text: f.src.text, at: at, msg: msg}
	p.find(parsed, 0)
	message, hint := p.explain()
	f.fail(f.src.at(p.at), hint, "%s", message)
}

// located returns the offset and message of an error of templ's parser.
func located(err error) (at int, msg string, ok bool) {
	var missing parser.UntilNotFoundError
	parse := missing.ParseError // its type belongs to a package that is not ours to import
	switch {
	case errors.As(err, &missing):
		return missing.Pos.Index, missing.Msg, true
	case errors.As(err, &parse):
		return parse.Pos.Index, parse.Msg, true
	}
	return 0, "", false
}

// A mistake is an error of templ's parser on the way to its cause.
type mistake struct {
	text  string
	at    int
	msg   string
	block string // what is open at at, if it is no template
}

// nameless begins an element whose name the parser does not take for one.
var nameless = regexp.MustCompile(`<[^a-z/!\s]`)

var elseStart = regexp.MustCompile(`^\}\s*else(\s+if [^\n]*)?\s*\{\s*?\n?`)

// find follows the error inwards. The text that was parsed began shift bytes
// before the mistake's.
func (m *mistake) find(parsed *parser.TemplateFile, shift int) {
	if parsed == nil || len(parsed.Nodes) == 0 {
		return
	}
	t, ok := parsed.Nodes[len(parsed.Nodes)-1].(*parser.HTMLTemplate)
	if !ok || t == nil {
		return
	}
	switch {
	case strings.HasSuffix(m.msg, "expected nodes, but none were found"):
		m.findInside(t, shift)
	case strings.HasPrefix(m.msg, "<>"):
		if open := nameless.FindAllStringIndex(m.text[:min(m.at, len(m.text))], -1); open != nil {
			m.at = open[len(open)-1][0]
		}
	case strings.HasSuffix(m.msg, "close tag not found"):
		if e := unclosed(t.Children, m.msg); e != nil {
			m.at = int(e.NameRange.From.Index) - 1 + shift
		}
	case strings.HasPrefix(m.msg, "closing brace or case"):
		if n := openSwitch(t.Children); n != nil {
			m.at = max(strings.LastIndex(m.text[:int(n.Expression.Range.From.Index)+shift], "switch"), 0)
		}
	case m.at >= len(m.text) && m.block == "":
		m.at = int(t.Expression.Range.From.Index) + shift
	}
}

// findInside parses the block whose error the parser dropped on its own.
func (m *mistake) findInside(t *parser.HTMLTemplate, shift int) {
	start, body := 0, 0
	if e := elseStart.FindString(m.text[min(m.at, len(m.text)):]); e != "" {
		start, body = m.at, m.at+len(e)
	} else if start, body = openBlock(t.Children, m.text, shift); body == 0 {
		return
	}
	const prefix = "package p\ntempl x() {\n"
	parsed, err := parser.ParseString(prefix + m.text[body:])
	at, msg, ok := located(err)
	if !ok {
		return
	}
	m.block = m.text[start:body]
	m.at, m.msg = at-len(prefix)+body, msg
	if strings.HasPrefix(msg, "template closing brace") && m.at >= len(m.text) {
		m.at = start
		return
	}
	m.find(parsed, body-len(prefix))
}

// openBlock returns where the outermost statement or call that did not end
// starts and where its body starts.
func openBlock(nodes []parser.Node, text string, shift int) (start, body int) {
	if len(nodes) == 0 {
		return 0, 0
	}
	var header parser.Range
	keyword := ""
	switch n := nodes[len(nodes)-1].(type) {
	case *parser.ForExpression:
		header, keyword = n.Expression.Range, "for"
	case *parser.IfExpression:
		header, keyword = n.Expression.Range, "if"
	case *parser.TemplElementExpression:
		header, keyword = n.Expression.Range, "@"
	case *parser.Element:
		return openBlock(n.Children, text, shift)
	case *parser.SwitchExpression:
		if len(n.Cases) == 0 {
			return 0, 0
		}
		return openBlock(n.Cases[len(n.Cases)-1].Children, text, shift)
	default:
		return 0, 0
	}
	end := min(int(header.To.Index)+shift, len(text))
	brace := strings.IndexByte(text[end:], '{')
	start = strings.LastIndex(text[:min(int(header.From.Index)+shift, end)], keyword)
	if brace < 0 || start < 0 {
		return 0, 0
	}
	return start, end + brace + 1
}

// openSwitch returns the innermost switch that did not end.
func openSwitch(nodes []parser.Node) *parser.SwitchExpression {
	if len(nodes) == 0 {
		return nil
	}
	switch n := nodes[len(nodes)-1].(type) {
	case *parser.Element:
		return openSwitch(n.Children)
	case *parser.SwitchExpression:
		if len(n.Cases) > 0 {
			if inner := openSwitch(n.Cases[len(n.Cases)-1].Children); inner != nil {
				return inner
			}
		}
		return n
	}
	return nil
}

// unclosed returns the innermost open element that an error names.
func unclosed(nodes []parser.Node, msg string) *parser.Element {
	if len(nodes) == 0 {
		return nil
	}
	var children []parser.Node
	var found *parser.Element
	switch n := nodes[len(nodes)-1].(type) {
	case *parser.Element:
		if strings.HasPrefix(msg, "<"+n.Name+">") {
			found = n
		}
		children = n.Children
	case *parser.SwitchExpression:
		if len(n.Cases) > 0 {
			children = n.Cases[len(n.Cases)-1].Children
		}
	}
	if inner := unclosed(children, msg); inner != nil {
		return inner
	}
	return found
}

// explain puts the mistake into words.
func (m *mistake) explain() (message, hint string) {
	rest := m.text[min(max(m.at, 0), len(m.text)):]
	msg, _, _ := strings.Cut(m.msg, " - https://")
	msg, _, escaped := strings.Cut(msg, " - to escape ")
	switch {
	case escaped:
		keyword, _, _ := strings.Cut(msg, ":")
		return "expected { and a line break after " + keyword, "text that begins with the word is written { \"" + keyword + "\" }"
	case strings.HasPrefix(msg, "<>"):
		return "expected the name of an element after <, in small letters", "text that begins with < is written &lt;"
	case strings.HasSuffix(msg, "close tag not found"):
		name, _, _ := strings.Cut(msg, ":")
		return name + " is not closed", "write </" + strings.TrimPrefix(name, "<") + " where it ends, or <name/> for an element without content"
	case strings.HasSuffix(msg, " not found") && strings.HasPrefix(rest, "</"):
		tag, _, _ := strings.Cut(rest, ">")
		return "unexpected " + tag + ">", "no element of that name is open here"
	case strings.HasPrefix(msg, "template closing brace not found"):
		if m.block != "" {
			return "the block is not closed", "write } where it ends"
		}
		return "the template is not closed", "write } on a line of its own where it ends; perhaps the } of a block inside it is missing"
	case strings.HasPrefix(msg, "closing brace or case expression not found"):
		return "the switch is not closed", "write } where it ends"
	case strings.HasPrefix(msg, "package literal not terminated"):
		return "the package clause is not whole", "begin the file with \"package name\" and a line break"
	case strings.HasPrefix(msg, "templ: malformed"), strings.HasPrefix(msg, "invalid templ  declaration"):
		return "expected a template such as \"templ Name(p Param) {\"", ""
	}
	return msg, ""
}
