package check

import (
	"go/types"
	"strings"

	"go/ast"
	"golang.org/x/tools/go/packages"
)

// checkScripts looks for scripts in what a live view renders: browsers run the
// ones that come with the page, and none that a patch adds.
func (p *program) checkScripts() []Finding {
	var found []Finding
	for t := range p.patched() {
		elements(t.nodes, func(e *element) {
			if e.name == "script" && e.runs(p, t) {
				found = append(found, e.about(finding(checkScript, e.at, fixScript, "a script in a live view runs when the page is loaded and never when it is patched in")))
			}
			for i := range e.attrs {
				a := &e.attrs[i]
				if strings.HasPrefix(a.name, "on") && !a.constant {
					for _, fn := range p.used(a.valueAt, a.to) {
						if p.isScriptTemplate(fn) {
							found = append(found, e.about(finding(checkScript, a.valueAt, fixScript,
								"%s is a script template: its function is defined by a script beside the element, which does not run when it is patched in", fn.Name())))
						}
					}
				}
			}
		})
		calls(t.nodes, func(c *call) {
			for _, fn := range p.used(c.at, c.to) {
				if s := fn.Signature(); s.Results().Len() == 1 && isTempl(s.Results().At(0).Type(), "ComponentScript") {
					found = append(found, finding(checkScript, c.at, fixScript,
						"@%s renders a script, which runs when the page is loaded and never when it is patched in", fn.Name()))
				}
			}
		})
	}
	return found
}

const fixScript = "make it a hook (phx-hook) in web/assets/app.js, or move it to the root layout if it is to run once"

// patched are the templates that live views and their layouts lead to.
func (p *program) patched() map[*template]bool {
	all := map[*template]bool{}
	for _, v := range p.views {
		for _, t := range v.templates {
			all[t] = true
		}
	}
	layouts, _ := p.reach(p.layouts()...)
	for _, t := range layouts {
		all[t] = true
	}
	return all
}

// layouts are the functions that the program uses as a live.Layout.
func (p *program) layouts() []*types.Func {
	var out []*types.Func
	for _, pkg := range p.pkgs {
		for _, file := range pkg.Syntax {
			p.conversions(pkg, file, func(target, _ types.Type, x ast.Expr) {
				if isLive(target, "Layout") {
					out = append(out, namedFunc(pkg, x)...)
				}
			})
		}
	}
	return out
}

// namedFunc is the function that an expression names, or those that a function
// literal mentions.
func namedFunc(pkg *packages.Package, x ast.Expr) []*types.Func {
	var out []*types.Func
	for _, o := range mentioned(pkg.TypesInfo, x) {
		if fn, ok := o.(*types.Func); ok {
			out = append(out, fn)
		}
	}
	return out
}

// runs reports whether a browser would run the script: one with another type is
// data, and the client itself runs those that define hooks.
func (e *element) runs(p *program, t *template) bool {
	if e.attr("data-phx-runtime-hook") != nil {
		return false
	}
	a := e.attr("type")
	if a == nil {
		return !e.unknown
	}
	value, constant := p.text(t, a)
	switch kind := strings.ToLower(strings.TrimSpace(value)); {
	case !constant:
		return false
	case kind == "", kind == "module":
		return true
	default:
		return strings.Contains(kind, "javascript") || strings.Contains(kind, "ecmascript")
	}
}

// isTempl reports whether t is a type of package templ by its name.
func isTempl(t types.Type, name string) bool {
	n, ok := types.Unalias(t).(*types.Named)
	return ok && n.Obj().Name() == name && n.Obj().Pkg() != nil && n.Obj().Pkg().Path() == templPath
}

// isScriptTemplate reports whether a function is one of templ's script templates.
func (p *program) isScriptTemplate(fn *types.Func) bool {
	f := p.funcs[fn]
	if f == nil {
		return false
	}
	generated := p.fset.File(f.decl.Pos()).Name()
	for _, file := range p.files {
		if strings.TrimSuffix(file.path, ".templ")+"_templ.go" == generated {
			return file.scripts[fn.Name()]
		}
	}
	return false
}
