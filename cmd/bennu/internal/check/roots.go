package check

import (
	"go/ast"
	"go/types"
	"strings"

	"github.com/a-h/templ/parser/v2"
)

// A root is why a template is not one element, as that of a live component has
// to be. The zero root is fit.
type root struct {
	at  place
	why string
}

// rootOf looks at what stands at the root of a template, as the generator does
// when it marks those that are one element.
func (f *templFile) rootOf(nodes []parser.Node) root {
	var first string
	for _, n := range nodes {
		at, what := place{}, ""
		switch n := n.(type) {
		case *parser.GoCode, *parser.GoComment, *parser.Whitespace:
			continue
		case *parser.HTMLComment:
			if !strings.ContainsAny(n.Contents, "<>\r\n") {
				continue
			}
			at, what = f.place(n.Range.From.Index), "a comment with a line break or a tag in it"
		case *parser.Element:
			at, what = f.place(n.Range.From.Index), "<"+n.Name+">"
			if first == "" {
				first = what
				continue
			}
		case *parser.Text:
			at, what = f.place(n.Range.From.Index), "text"
		case *parser.StringExpression:
			at, _ = f.code(n.Expression)
			what = "a value"
		case *parser.IfExpression:
			at, _ = f.code(n.Expression)
			what = "an if"
		case *parser.SwitchExpression:
			at, _ = f.code(n.Expression)
			what = "a switch"
		case *parser.ForExpression:
			at, _ = f.code(n.Expression)
			what = "a loop"
		case *parser.TemplElementExpression:
			at, _ = f.code(n.Expression)
			what = "the call of another template"
		case *parser.CallTemplateExpression:
			at, _ = f.code(n.Expression)
			what = "the call of another template"
		case *parser.ChildrenExpression:
			at, what = f.place(n.Range.From.Index), "children"
		case *parser.ScriptElement:
			at, what = f.place(n.Range.From.Index), "<script>"
		case *parser.RawElement:
			at, what = f.place(n.Range.From.Index), "<"+n.Name+">"
		default:
			return root{} // the generator refuses it
		}
		if first == "" {
			return root{at, "it has " + what + " at its root"}
		}
		if what == first {
			return root{at, "it has a second " + what}
		}
		return root{at, "it has " + what + " beside its " + first}
	}
	if first == "" {
		return root{why: "it is empty"}
	}
	return root{}
}

// checkComponents looks for live components whose template is not one element:
// the client finds a component by its element, and there would be none, or more
// than the first would be lost.
func (p *program) checkComponents() []Finding {
	var found []Finding
	for _, v := range p.views {
		if !v.component {
			continue
		}
		for _, t := range p.returned(v.method("Render")) {
			r := t.root
			if r.why == "" {
				continue
			}
			at := r.at
			if at.file == "" {
				at = t.at
			}
			found = append(found, finding(checkComponent, at, "put one element around all of "+t.name,
				"the template of component %s is to be one element, and %s", v.name, r.why))
		}
	}
	return found
}

// returned are the templates that a function returns as they are.
func (p *program) returned(fn *types.Func) []*template {
	if fn == nil {
		return nil
	}
	if t := p.texts[p.plain(fn)]; t != nil { // Render is a template itself
		return []*template{t}
	}
	f := p.funcs[fn.Origin()]
	if f == nil || f.decl.Body == nil {
		return nil
	}
	var out []*template
	ast.Inspect(f.decl.Body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.ReturnStmt:
			if len(n.Results) != 1 {
				return true
			}
			call, ok := ast.Unparen(n.Results[0]).(*ast.CallExpr)
			if !ok {
				return true
			}
			if to := callee(f.pkg.TypesInfo, call); to != nil {
				if t := p.texts[p.plain(to)]; t != nil {
					out = append(out, t)
				}
			}
		}
		return true
	})
	return out
}
