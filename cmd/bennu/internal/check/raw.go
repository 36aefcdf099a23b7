package check

import (
	"go/ast"
	"go/types"
	"strings"
)

// unsafeNames are what turns text into HTML, URLs, styles or scripts as it is.
var unsafeNames = map[string]string{
	"Raw":              "HTML",
	"SafeURL":          "a URL",
	"SafeClass":        "a class",
	"SafeCSS":          "a style",
	"SafeCSSProperty":  "a style",
	"JSUnsafeFuncCall": "a script",
	"JSExpression":     "a script",
	"ComponentScript":  "a script",
}

// listRaw lists the places of templates and Go code where text goes out as it
// is, for reviews: whoever can choose the text owns the page.
func (p *program) listRaw() []Finding {
	var found []Finding
	for _, pkg := range p.pkgs {
		for _, file := range pkg.Syntax {
			generated := strings.HasSuffix(p.fset.File(file.FileStart).Name(), "_templ.go")
			var calls []*ast.CallExpr
			ast.Inspect(file, func(n ast.Node) bool {
				if c, ok := n.(*ast.CallExpr); ok {
					calls = append(calls, c)
				}
				id, ok := n.(*ast.Ident)
				if !ok {
					return true
				}
				o := pkg.TypesInfo.Uses[id]
				if o == nil || o.Pkg() == nil || o.Pkg().Path() != templPath || unsafeNames[o.Name()] == "" {
					return true
				}
				at := p.place(id.Pos())
				if generated && !strings.HasSuffix(at.file, ".templ") {
					return true // the generator's own
				}
				text := "text goes out as " + unsafeNames[o.Name()] + " by templ." + o.Name()
				if isConstantCall(pkg.TypesInfo, calls, id) {
					text += ", a constant"
				}
				found = append(found, note(finding("raw", at, "", "%s", text)))
				return true
			})
		}
	}
	return tidy(found)
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
