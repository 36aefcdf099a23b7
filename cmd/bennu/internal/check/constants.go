package check

import (
	"go/ast"
	"go/constant"
	"go/scanner"
	"go/token"
	"go/types"
)

// constantText is the value of a constant string expression in a template, as
// the functions of the template see its names.
func (p *program) constantText(t *template, expr string) (string, bool) {
	fn := p.owners[t]
	body := p.funcs[fn]
	if twin := p.bodies[fn]; twin != nil {
		body = p.funcs[twin]
	}
	if body == nil || body.decl.Body == nil {
		return "", false
	}
	tv, err := types.Eval(p.fset, body.pkg.Types, body.decl.Body.Lbrace+1, expr)
	if err != nil || tv.Value == nil || tv.Value.Kind() != constant.String || p.shadows(body, expr) {
		return "", false
	}
	return constant.StringVal(tv.Value), true
}

// shadows reports whether a name in the expression is declared again somewhere
// in the function, so that it may mean something else where it stands.
func (p *program) shadows(f *function, expr string) bool {
	names := identifiers(expr)
	found := false
	ast.Inspect(f.decl.Body, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && names[id.Name] && f.pkg.TypesInfo.Defs[id] != nil {
			found = true
		}
		return !found
	})
	return found
}

// identifiers are the names in Go code.
func identifiers(code string) map[string]bool {
	names := map[string]bool{}
	var s scanner.Scanner
	file := token.NewFileSet().AddFile("", -1, len(code))
	s.Init(file, []byte(code), nil, 0)
	for {
		switch _, tok, lit := s.Scan(); tok {
		case token.EOF:
			return names
		case token.IDENT:
			names[lit] = true
		}
	}
}
