package templgen

import (
	"bytes"
	"errors"
	"fmt"
	"go/ast"
	goparser "go/parser"
	"go/token"
	"html"
	"strconv"
	"strings"

	"github.com/a-h/templ"
	"github.com/a-h/templ/generator"
	"github.com/a-h/templ/parser/v2"
)

// The skeleton of a generated file is the HTML that it writes, in the order of
// the source, with § for a value and @ for a component. Those of templ's file
// and of ours must be equal, which can be held without compiling anything.

const valueMark, componentMark = "§", "@"

// skeletons returns the skeleton of each function of a file: those of blocks of
// calls come on their own.
type skeletons struct {
	out   []string
	cur   []*strings.Builder
	known map[string]string // value of a variable of templ's file, if it is constant

	templates map[string][]string
	open      []*openTemplate
}

type openTemplate struct {
	statics  []string
	written  int  // statics that are in the skeleton already
	function bool // it is the template of a function, not of a slot
}

func (s *skeletons) begin() { s.cur = append(s.cur, &strings.Builder{}) }

func (s *skeletons) end() {
	last := len(s.cur) - 1
	if text := s.cur[last].String(); text != "" { // an empty block is no block for us
		s.out = append(s.out, text)
	}
	s.cur = s.cur[:last]
}

func (s *skeletons) write(text string) {
	if len(s.cur) > 0 {
		s.cur[len(s.cur)-1].WriteString(text)
	}
}

// templSkeletons reads templ's output, nil if it is not Go.
func templSkeletons(text string) ([]string, error) {
	parsed, err := parser.ParseString(text)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if _, err := generator.Generate(parsed, &b, generator.WithFileName("x.templ")); err != nil {
		return nil, err
	}
	file, err := goparser.ParseFile(token.NewFileSet(), "", b.Bytes(), goparser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	for n := range ast.Preorder(file) {
		if call, ok := n.(*ast.CallExpr); ok && len(call.Args) == 0 && calleeName(call) == "templ.JoinStringErrs" {
			return nil, errors.New("an expression of comments alone, which does not compile")
		}
	}
	s := &skeletons{known: map[string]string{}}
	for _, d := range file.Decls {
		ast.Walk(templVisitor{s}, d)
	}
	return s.out, nil
}

type templVisitor struct{ s *skeletons }

func (v templVisitor) Visit(n ast.Node) ast.Visitor {
	switch n := n.(type) {
	case *ast.CallExpr:
		switch name := calleeName(n); name {
		case "templruntime.GeneratedTemplate":
			v.s.begin()
			ast.Walk(templVisitor{v.s}, n.Args[0])
			v.s.end()
			return nil
		case "templruntime.WriteString":
			text, _ := constant(n.Args[2])
			v.s.write(text)
		case "templ_7745c5c3_Buffer.WriteString":
			v.s.write(v.s.value(n.Args[0]))
		default:
			if strings.HasSuffix(name, ".Render") && len(n.Args) == 2 && exprString(n.Args[1]) == "templ_7745c5c3_Buffer" {
				v.s.write(componentMark)
			}
		}
	case *ast.AssignStmt:
		if len(n.Rhs) == 1 {
			v.s.learn(n.Lhs[0], n.Rhs[0])
		}
	case *ast.ValueSpec:
		if len(n.Values) == 1 {
			v.s.learn(n.Names[0], n.Values[0])
		}
	}
	return v
}

// learn notes what our generator would find constant.
func (s *skeletons) learn(l, r ast.Expr) {
	name := exprString(l)
	delete(s.known, name)
	if list, ok := r.(*ast.CompositeLit); ok && strings.HasPrefix(name, "templ_") { // []any{ of a class list
		var names templ.CSSClasses
		for _, e := range list.Elts {
			text, ok := constant(e)
			if l, isLit := e.(*ast.BasicLit); !ok || !isLit || l.Kind != token.STRING {
				return
			}
			names = append(names, text)
		}
		s.known[name] = names.String()
		return
	}
	call, ok := r.(*ast.CallExpr)
	if !ok || len(call.Args) != 1 {
		return
	}
	arg := call.Args[0]
	text, ok := constant(arg)
	if id, isIdent := arg.(*ast.Ident); isIdent && id.Name == "nil" {
		text, ok = "<nil>", true
	}
	if inner, found := strings.CutSuffix(exprString(arg), ").String()"); found { // templ.CSSClasses(x).String()
		if inner, found = strings.CutPrefix(inner, "templ.CSSClasses("); found {
			text, ok = s.known[inner]
		}
	}
	if !ok {
		return
	}
	switch calleeName(call) {
	case "templ.JoinStringErrs", "templ.ResolveAttributeValue":
		s.known[name] = text
		if calleeName(call) == "templ.ResolveAttributeValue" {
			s.known[name] = templ.EscapeString(text)
		}
	case "templ.JoinURLErrs":
		safe, _ := templ.JoinURLErrs(text)
		s.known[name] = string(safe)
	}
}

func (s *skeletons) value(e ast.Expr) string {
	if text, ok := constant(e); ok {
		return text
	}
	if sum, ok := e.(*ast.BinaryExpr); ok {
		return s.value(sum.X) + s.value(sum.Y)
	}
	if call, ok := e.(*ast.CallExpr); ok && len(call.Args) == 1 {
		switch calleeName(call) {
		case "string":
			return s.value(call.Args[0])
		case "templ.EscapeString":
			return html.EscapeString(s.value(call.Args[0]))
		}
	}
	if text, ok := s.known[exprString(e)]; ok {
		return text
	}
	return valueMark
}

// ourSkeletons reads our output.
func ourSkeletons(text []byte) ([]string, error) {
	file, err := goparser.ParseFile(token.NewFileSet(), "", text, goparser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	s := &skeletons{templates: map[string][]string{}}
	for _, d := range file.Decls {
		g, ok := d.(*ast.GenDecl)
		if !ok || g.Tok != token.VAR {
			continue
		}
		for _, spec := range g.Specs {
			v := spec.(*ast.ValueSpec)
			if call, ok := first(v.Values).(*ast.CallExpr); ok && calleeName(call) == "bennurender.New" {
				var statics []string
				for _, a := range call.Args[2:] {
					text, err := strconv.Unquote(a.(*ast.BasicLit).Value)
					if err != nil {
						return nil, err
					}
					statics = append(statics, text)
				}
				s.templates[v.Names[0].Name] = statics
			}
		}
	}
	for _, d := range file.Decls {
		if fn, ok := d.(*ast.FuncDecl); ok && fn.Body != nil {
			ast.Walk(ourVisitor{s}, fn.Body)
		}
	}
	return s.out, nil
}

// escaped is what a value writes into a tag.
func escaped(e ast.Expr) string {
	if text, ok := constant(e); ok {
		return html.EscapeString(text)
	}
	if id, ok := e.(*ast.Ident); ok && id.Name == "nil" {
		return html.EscapeString("<nil>")
	}
	return valueMark
}

func first(list []ast.Expr) ast.Expr {
	if len(list) == 0 {
		return nil
	}
	return list[0]
}

type ourVisitor struct{ s *skeletons }

func (v ourVisitor) Visit(n ast.Node) ast.Visitor {
	call, ok := n.(*ast.CallExpr)
	if !ok {
		return v
	}
	s, name := v.s, calleeName(call)
	switch name {
	case "bennurender.Text", "bennurender.Attr", "bennurender.URL", "bennurender.Link", "bennurender.Media", "bennurender.Addresses",
		"bennurender.Sources", "bennurender.Document", "bennurender.Class", "bennurender.Classes":
		s.slot(call.Args[1], valueMark)
	case "bennurender.AttributeName":
		rest, _ := constant(call.Args[3])
		s.slot(call.Args[1], " "+escaped(call.Args[2])+rest)
	case "bennurender.Attribute":
		s.slot(call.Args[1], " "+escaped(call.Args[3])+`="`+escaped(call.Args[4])+`"`)
	case "bennuW.Str", "bennuW.Int", "bennuW.Raw":
		s.slot(call.Args[0], valueMark)
	case "bennuW.BeginClass":
		s.slot(call.Args[0], valueMark)
	case "bennuW.CSSItems", "bennuW.Scripts", "bennuW.Spread", "bennuW.SpreadOn", "bennuW.Empty":
		s.slot(call.Args[0], "")
	case "bennuW.Flag":
		text, _ := constant(call.Args[1])
		s.slot(call.Args[0], text)
	case "bennuW.Comp", "bennuW.Children", "bennuW.Once":
		s.slot(call.Args[0], componentMark)
	case "bennuW.Nest", "bennuW.For":
		t := &openTemplate{statics: s.templates[exprString(call.Args[1])]}
		if t.function = exprString(call.Args[0]) == "bennuSlot"; t.function {
			s.begin()
		} else {
			s.slot(call.Args[0], "")
		}
		s.open = append(s.open, t)
	case "bennuW.End", "bennuW.EndFor":
		s.close()
	default:
		if strings.HasPrefix(name, "bennuR_") && exprString(call.Args[1]) != "bennuSlot" {
			s.slot(call.Args[1], componentMark)
		}
	}
	return v
}

// slot writes the text before a slot, once for all branches that fill it.
func (s *skeletons) slot(number ast.Expr, what string) {
	n, err := strconv.Atoi(exprString(number))
	if err != nil || len(s.open) == 0 {
		return
	}
	t := s.open[len(s.open)-1]
	for ; t.written <= n; t.written++ {
		s.write(t.statics[t.written])
	}
	s.write(what)
}

func (s *skeletons) close() {
	last := len(s.open) - 1
	t := s.open[last]
	s.open = s.open[:last]
	for ; t.written < len(t.statics); t.written++ {
		s.write(t.statics[t.written])
	}
	if t.function {
		s.end()
	}
}

// calleeName returns f or x.f.
func calleeName(c *ast.CallExpr) string { return exprString(c.Fun) }

func exprString(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.BasicLit:
		return e.Value
	case *ast.SelectorExpr:
		return exprString(e.X) + "." + e.Sel.Name
	case *ast.CallExpr:
		args := make([]string, len(e.Args))
		for i, a := range e.Args {
			args[i] = exprString(a)
		}
		return fmt.Sprintf("%s(%s)", exprString(e.Fun), strings.Join(args, ", "))
	}
	return "?"
}
