package check

import (
	"go/ast"
	goparser "go/parser"
	"go/token"
	"html"
	"os"
	"regexp"
	"sort"
	"strings"

	"github.com/a-h/templ/parser/v2"
)

// templImport is an import of package templ under another name.
var templImport = regexp.MustCompile(`(?m)^\s*(?:import\s+)?(\w+)\s+"` + regexp.QuoteMeta(templPath) + `"`)

// readTemplate parses a file. It returns nil for one that does not parse: the
// generator has said what is wrong with it.
func readTemplate(path string) (*templFile, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	f := &templFile{path: path, text: string(text), lines: []int{0}, scripts: map[string]bool{}}
	for i := range f.text {
		if f.text[i] == '\n' {
			f.lines = append(f.lines, i+1)
		}
	}
	parsed := f.parse()
	if parsed == nil {
		return nil, nil
	}
	f.templName = "templ"
	for _, n := range parsed.Nodes {
		switch n := n.(type) {
		case *parser.TemplateFileGoExpression:
			if m := templImport.FindStringSubmatch(n.Expression.Value); m != nil {
				f.templName = m[1]
			}
		case *parser.HTMLTemplate:
			if t := f.template(n); t != nil {
				f.templates = append(f.templates, t)
			}
		case *parser.ScriptTemplate:
			f.scripts[strings.TrimSpace(n.Name.Value)] = true
		}
	}
	return f, nil
}

// parse calls templ's parser, which panics on some input.
func (f *templFile) parse() (parsed *parser.TemplateFile) {
	defer func() {
		if recover() != nil {
			parsed = nil
		}
	}()
	parsed, err := parser.ParseString(f.text)
	if err != nil {
		return nil
	}
	return parsed
}

// place is the position of a byte of the file.
func (f *templFile) place(offset int64) place {
	at := min(max(int(offset), 0), len(f.text))
	n := sort.SearchInts(f.lines, at+1) - 1
	return place{f.path, n + 1, at - f.lines[n] + 1}
}

// after is the position n bytes after another.
func (f *templFile) after(at place, n int) place {
	return f.place(int64(f.lines[at.line-1] + at.col - 1 + n))
}

// code is where the Go of an expression begins and ends.
func (f *templFile) code(e parser.Expression) (from, to place) {
	at := min(max(int(e.Range.From.Index), 0), len(f.text))
	if value := strings.TrimSpace(e.Value); value != "" {
		if i := strings.Index(f.text[at:], value); i >= 0 {
			at += i
		}
		return f.place(int64(at)), f.place(int64(at + len(value)))
	}
	return f.place(int64(at)), f.place(int64(at))
}

// template is nil when the declaration is no Go; the generator says so.
func (f *templFile) template(n *parser.HTMLTemplate) *template {
	const prefix = "package p\nfunc "
	from := int(n.Expression.Range.From.Index)
	decl, err := goparser.ParseFile(token.NewFileSet(), "", prefix+n.Expression.Value+" {\n}", goparser.SkipObjectResolution)
	if err != nil || len(decl.Decls) == 0 {
		return nil
	}
	fn, ok := decl.Decls[0].(*ast.FuncDecl)
	if !ok {
		return nil
	}
	name := fn.Name.Name
	if fn.Recv != nil && len(fn.Recv.List) > 0 {
		name = receiver(fn.Recv.List[0].Type) + "." + name
	}
	if i := strings.Index(f.text[min(max(from, 0), len(f.text)):], strings.TrimSpace(n.Expression.Value)); i > 0 {
		from += i
	}
	return &template{
		file: f, name: name,
		at:    f.place(int64(from + int(fn.Name.Pos()) - 1 - len(prefix))),
		nodes: f.nodes(n.Children),
		root:  f.rootOf(n.Children),
	}
}

// receiver is the name of the type of a method.
func receiver(x ast.Expr) string {
	switch x := x.(type) {
	case *ast.StarExpr:
		return receiver(x.X)
	case *ast.IndexExpr:
		return receiver(x.X)
	case *ast.IndexListExpr:
		return receiver(x.X)
	case *ast.Ident:
		return x.Name
	}
	return "?"
}

func (f *templFile) nodes(nodes []parser.Node) []node {
	var out []node
	for _, n := range nodes {
		if n := f.node(n); n != nil {
			out = append(out, n)
		}
	}
	return out
}

func (f *templFile) node(n parser.Node) node {
	switch n := n.(type) {
	case *parser.Element:
		e := f.element(n.Name, n.Range, n.Attributes)
		e.nodes = f.nodes(n.Children)
		return e
	case *parser.ScriptElement:
		return f.element("script", n.Range, n.Attributes)
	case *parser.RawElement:
		return f.element(n.Name, n.Range, n.Attributes)
	case *parser.IfExpression:
		c := &choice{branches: [][]node{f.nodes(n.Then), f.nodes(n.Else)}}
		for _, e := range n.ElseIfs {
			c.branches = append(c.branches, f.nodes(e.Then))
		}
		return c
	case *parser.SwitchExpression:
		c := &choice{}
		for _, e := range n.Cases {
			c.branches = append(c.branches, f.nodes(e.Children))
		}
		return c
	case *parser.ForExpression:
		l := &loop{expr: strings.TrimSpace(n.Expression.Value), nodes: f.nodes(n.Children)}
		l.at, l.to = f.code(n.Expression)
		return l
	case *parser.TemplElementExpression:
		c := &call{expr: strings.TrimSpace(n.Expression.Value), nodes: f.nodes(n.Children)}
		c.at, c.to = f.code(n.Expression)
		return c
	case *parser.CallTemplateExpression:
		c := &call{}
		c.at, c.to = f.code(n.Expression)
		return c
	}
	return nil
}

func (f *templFile) element(name string, r parser.Range, attrs []parser.Attribute) *element {
	at := min(max(int(r.From.Index), 0), len(f.text))
	if i := strings.IndexByte(f.text[at:], '<'); i >= 0 {
		at += i
	}
	e := &element{name: strings.ToLower(name), at: f.place(int64(at))}
	f.attributes(e, attrs, false)
	return e
}

func (f *templFile) attributes(e *element, attrs []parser.Attribute, conditional bool) {
	for _, a := range attrs {
		switch a := a.(type) {
		case *parser.ConstantAttribute:
			f.attribute(e, a.Key, attribute{
				value: html.UnescapeString(a.Value), constant: true, conditional: conditional,
				valueAt: f.place(a.ValueRange.From.Index),
			})
		case *parser.BoolConstantAttribute:
			f.attribute(e, a.Key, attribute{constant: true, bare: true, conditional: conditional})
		case *parser.BoolExpressionAttribute:
			f.attribute(e, a.Key, attribute{constant: true, bare: true, conditional: true, asked: true})
		case *parser.ExpressionAttribute:
			x := attribute{expr: strings.TrimSpace(a.Expression.Value), conditional: conditional}
			x.valueAt, x.to = f.code(a.Expression)
			f.attribute(e, a.Key, x)
		case *parser.ConditionalAttribute:
			f.attributes(e, a.Then, true)
			f.attributes(e, a.Else, true)
		default: // a map of attributes
			e.unknown = true
		}
	}
}

func (f *templFile) attribute(e *element, key parser.AttributeKey, a attribute) {
	k, ok := key.(parser.ConstantAttributeKey)
	if !ok {
		e.unknown = true
		return
	}
	a.name, a.at = strings.ToLower(k.Name), f.place(k.NameRange.From.Index)
	if a.valueAt.file == "" {
		a.valueAt = a.at
	}
	e.attrs = append(e.attrs, a)
}
