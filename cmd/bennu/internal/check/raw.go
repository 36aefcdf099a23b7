package check

import (
	"go/ast"
	"go/parser"
	"go/types"
	"strings"
)

// unsafeNames are what turns text into HTML, URLs, styles or scripts as it is:
// names of package templ, and HTML of html/template, which srcdoc takes.
var unsafeNames = map[string]string{
	"HTML":             "HTML",
	"Raw":              "HTML",
	"SafeURL":          "a URL",
	"SafeClass":        "a class",
	"SafeCSS":          "a style",
	"SafeCSSProperty":  "a style",
	"JSUnsafeFuncCall": "a script",
	"JSExpression":     "a script",
	"ComponentScript":  "a script",
}

func unsafeName(pkg, name string) bool {
	if name == "HTML" {
		return pkg == "html/template"
	}
	return pkg == templPath && unsafeNames[name] != ""
}

// listRaw lists the places of templates and Go code where text goes out as it
// is, for reviews: whoever can choose the text owns the page.
func (p *program) listRaw() []Finding {
	var found []Finding
	for _, pkg := range p.pkgs {
		for _, file := range pkg.Syntax {
			generated := strings.HasSuffix(p.fset.File(file.FileStart).Name(), "_templ.go")
			var made []*ast.CallExpr
			ast.Inspect(file, func(n ast.Node) bool {
				if c, ok := n.(*ast.CallExpr); ok {
					made = append(made, c)
				}
				id, ok := n.(*ast.Ident)
				if !ok {
					return true
				}
				o := pkg.TypesInfo.Uses[id]
				if o == nil || o.Pkg() == nil || !unsafeName(o.Pkg().Path(), o.Name()) {
					return true
				}
				at := p.place(id.Pos())
				if generated && !strings.HasSuffix(at.file, ".templ") {
					return true // the generator's own
				}
				found = append(found, rawFinding(at, o.Pkg().Name(), o.Name(), isConstantCall(pkg.TypesInfo, made, id)))
				return true
			})
		}
	}
	return tidy(append(found, p.rawCalls(found)...))
}

// rawCalls are the calls in templates that the generator has made into something
// else than calls, so that the Go has no trace of them.
func (p *program) rawCalls(known []Finding) []Finding {
	seen := map[place]bool{}
	for _, f := range known {
		seen[place{f.File, f.Line, f.Col}] = true
	}
	var found []Finding
	for _, f := range p.files {
		for _, t := range f.templates {
			calls(t.nodes, func(c *call) {
				x, err := parser.ParseExpr(c.expr)
				if err != nil {
					return
				}
				ast.Inspect(x, func(n ast.Node) bool {
					made, ok := n.(*ast.CallExpr)
					if !ok {
						return true
					}
					sel, ok := made.Fun.(*ast.SelectorExpr)
					if !ok || !unsafeName(templPath, sel.Sel.Name) {
						return true
					}
					if id, ok := sel.X.(*ast.Ident); !ok || id.Name != f.templName {
						return true
					}
					at := f.after(c.at, int(sel.Sel.Pos())-1)
					if !seen[at] {
						found = append(found, rawFinding(at, "templ", sel.Sel.Name, p.constantArguments(t, c.expr, made.Args)))
					}
					return true
				})
			})
		}
	}
	return found
}

// constantArguments reports whether all arguments of a call in a template are
// constants.
func (p *program) constantArguments(t *template, expr string, args []ast.Expr) bool {
	for _, a := range args {
		if _, ok := p.constantText(t, expr[a.Pos()-1:a.End()-1]); !ok {
			return false
		}
	}
	return true
}

func rawFinding(at place, pkg, name string, constant bool) Finding {
	text := "text goes out as " + unsafeNames[name] + " by " + pkg + "." + name
	if constant {
		text += ", a constant"
	}
	return note(finding("raw", at, "", "%s", text))
}

// isConstantCall reports whether the name is that of a call whose arguments are
// all constants.
func isConstantCall(info *types.Info, calls []*ast.CallExpr, id *ast.Ident) bool {
	for _, c := range calls {
		if id.Pos() < c.Fun.Pos() || id.End() > c.Fun.End() {
			continue
		}
		for _, a := range c.Args {
			if info.Types[a].Value == nil {
				return false
			}
		}
		return true
	}
	return false
}
