package templgen

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"go/ast"
	"strconv"
	"strings"
	"unicode"

	"github.com/a-h/templ/parser/v2"
)

// cssTemplate writes the function of a css declaration. It returns what
// templ's does, so its class has the same name.
func (f *file) cssTemplate(n *parser.CSSTemplate) {
	f.out.back()
	f.out.printf("func %s templ.CSSClass {\n", f.user(f.whole(n.Expression)))
	f.out.own("var bennuCSS string")
	for _, p := range n.Properties {
		switch p := p.(type) {
		case *parser.ConstantCSSProperty:
			f.out.own("bennuCSS += %s", quote(p.String(true)))
		case *parser.ExpressionCSSProperty:
			x, ok := f.one(p.Value.Expression, "a css property")
			if !ok {
				return
			}
			f.out.printf("bennuCSS += string(%s%q, %s))\n", f.calls("templ.SanitizeCSS", x.pos), p.Name, f.user(x))
		}
	}
	f.out.own("bennuID := templ.CSSID(%q, bennuCSS)", n.Name)
	f.out.own("return templ.ComponentCSSClass{ID: bennuID, Class: templ.SafeCSS(`.` + bennuID + `{` + bennuCSS + `}`)}\n}\n")
}

// scriptTemplate writes the function of a script declaration. The name of the
// JavaScript function is the one that templ gives it.
func (f *file) scriptTemplate(n *parser.ScriptTemplate) {
	params, ok := f.parameters(n.Parameters)
	if !ok {
		return
	}
	sum := sha256.Sum256([]byte(n.Value)) // with the carriage returns that templ's output has no more
	function := "__templ_" + n.Name.Value + "_" + hex.EncodeToString(sum[:])[:4]
	args := strconv.Quote(function)
	if len(params) > 0 {
		args += ", " + strings.Join(params, ", ")
	}
	body := fmt.Sprintf("function %s(%s){%s}", function, strings.Join(params, ", "), strings.ReplaceAll(strings.TrimLeftFunc(n.Value, unicode.IsSpace), "\r", ""))

	f.out.back()
	f.out.printf("func %s(%s) templ.ComponentScript {\n", f.user(f.whole(n.Name)), n.Parameters.Value)
	f.out.own("return templ.ComponentScript{\nName: %q,\nFunction: %s,\nCall: templ.SafeScript(%s),\nCallInline: templ.SafeScriptInline(%s),\n}\n}\n",
		function, quote(body), args, args)
}

// parameters returns the names of the parameters of a script.
func (f *file) parameters(e parser.Expression) ([]string, bool) {
	list, ok := f.statements(e, "_ = func(", ") {}")
	if !ok || len(list) != 1 {
		return nil, ok
	}
	return funcParameters(list[0]), true
}

// funcParameters returns the names of the parameters in _ = func(…) {}.
func funcParameters(s ast.Stmt) []string {
	assign, ok := s.(*ast.AssignStmt)
	if !ok || len(assign.Rhs) != 1 {
		return nil
	}
	fn, ok := assign.Rhs[0].(*ast.FuncLit)
	if !ok {
		return nil
	}
	var names []string
	for _, field := range fn.Type.Params.List {
		for _, n := range field.Names {
			names = append(names, n.Name)
		}
	}
	return names
}
