package check

import (
	"go/ast"
	"go/types"

	"golang.org/x/tools/go/packages"
)

// conversions calls do for every expression that is stored, passed or returned
// as another type than its own.
func (p *program) conversions(pkg *packages.Package, file *ast.File, do func(target, from types.Type, x ast.Expr)) {
	info := pkg.TypesInfo
	try := func(target types.Type, x ast.Expr) {
		if from := info.TypeOf(x); target != nil && from != nil && !types.Identical(target, from) {
			do(target, from, x)
		}
	}
	var results []*types.Tuple // of the functions around
	var walk func(n ast.Node) bool
	walk = func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncDecl:
			if fn, ok := info.Defs[n.Name].(*types.Func); ok && n.Body != nil {
				results = append(results, fn.Signature().Results())
				ast.Inspect(n.Body, walk)
				results = results[:len(results)-1]
			}
			return false
		case *ast.FuncLit:
			if s, ok := info.TypeOf(n).(*types.Signature); ok {
				results = append(results, s.Results())
				ast.Inspect(n.Body, walk)
				results = results[:len(results)-1]
			}
			return false
		case *ast.ReturnStmt:
			if len(results) > 0 && results[len(results)-1].Len() == len(n.Results) {
				for i, x := range n.Results {
					try(results[len(results)-1].At(i).Type(), x)
				}
			}
		case *ast.CallExpr:
			convertedArguments(info, n, try)
		case *ast.AssignStmt:
			if len(n.Lhs) == len(n.Rhs) {
				for i, x := range n.Rhs {
					try(info.TypeOf(n.Lhs[i]), x)
				}
			}
		case *ast.ValueSpec:
			if n.Type != nil {
				for _, x := range n.Values {
					try(info.TypeOf(n.Type), x)
				}
			}
		case *ast.SendStmt:
			if c, ok := underlying(info.TypeOf(n.Chan)).(*types.Chan); ok {
				try(c.Elem(), n.Value)
			}
		case *ast.CompositeLit:
			convertedElements(info, n, try)
		}
		return true
	}
	ast.Inspect(file, walk)
}

func underlying(t types.Type) types.Type {
	if t == nil {
		return nil
	}
	return t.Underlying()
}

func convertedArguments(info *types.Info, n *ast.CallExpr, try func(types.Type, ast.Expr)) {
	if tv, ok := info.Types[n.Fun]; ok && tv.IsType() {
		if len(n.Args) == 1 {
			try(tv.Type, n.Args[0])
		}
		return
	}
	s, ok := underlying(info.TypeOf(n.Fun)).(*types.Signature)
	if !ok {
		return
	}
	for i, x := range n.Args {
		switch {
		case s.Variadic() && i >= s.Params().Len()-1 && !n.Ellipsis.IsValid():
			if list, ok := s.Params().At(s.Params().Len() - 1).Type().(*types.Slice); ok {
				try(list.Elem(), x)
			}
		case i < s.Params().Len():
			try(s.Params().At(i).Type(), x)
		}
	}
}

func convertedElements(info *types.Info, n *ast.CompositeLit, try func(types.Type, ast.Expr)) {
	t := underlying(info.TypeOf(n))
	if pointer, ok := t.(*types.Pointer); ok {
		t = pointer.Elem().Underlying()
	}
	for i, el := range n.Elts {
		pair, keyed := el.(*ast.KeyValueExpr)
		value := el
		if keyed {
			value = pair.Value
		}
		switch t := t.(type) {
		case *types.Struct:
			if !keyed {
				if i < t.NumFields() {
					try(t.Field(i).Type(), value)
				}
				continue
			}
			if id, ok := pair.Key.(*ast.Ident); ok {
				if field := info.ObjectOf(id); field != nil {
					try(field.Type(), value)
				}
			}
		case *types.Slice:
			try(t.Elem(), value)
		case *types.Array:
			try(t.Elem(), value)
		case *types.Map:
			if keyed {
				try(t.Key(), pair.Key)
			}
			try(t.Elem(), value)
		}
	}
}
