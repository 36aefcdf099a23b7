package templgen

import (
	"fmt"
	"go/ast"
	goparser "go/parser"
	"go/token"
	"slices"
	"strings"

	"github.com/a-h/templ/parser/v2"
)

// The rows of a loop over live.Each are evaluated again when something changed
// that the body reads beside them. What that is, its Go says: of
//
//	for _, o := range live.Each(v.Orders) {
//		{{ total := o.Price * o.Count }}
//		if o.ID == v.Selected.ID {
//			<b>{ money(total, v.Currency) }</b>
//		}
//	}
//
// the Go alone is
//
//	for _, o := range x {
//		total := o.Price * o.Count
//		if o.ID == v.Selected.ID {
//			_ = []any{money(total, v.Currency)}
//		}
//	}
//
// in which the names v and money come from outside. Go's parser finds them. As
// far as fields are selected without anything else they are followed: the loop
// reads v.Selected.ID and v.Currency. What money reads cannot be seen, which is
// worth a warning.

// readsOf returns the Go of the word that stands for what a loop reads.
func (t *template) readsOf(n *parser.ForExpression, l *liveLoop) string {
	body := &bodyGo{file: t.file}
	body.add("package p\nfunc _() {\nfor ")
	variable := func(x *item) string {
		if x == nil {
			return "_"
		}
		return x.src
	}
	body.add(variable(l.key) + ", " + variable(l.value) + " := range 0 {\n")
	body.nodes(n.Children)
	body.add("}\n}\n")
	parsed, err := goparser.ParseFile(token.NewFileSet(), "", body.text.String(), 0)
	if err != nil { // some piece is no Go, which is told where it stands
		return "bennurender.UnknownReads"
	}
	r := &reader{template: t, body: body, free: map[*ast.Ident]bool{}, warned: map[string]bool{}, unknown: body.children}
	for _, id := range parsed.Unresolved {
		r.free[id] = true
	}
	ast.Inspect(parsed, r.visit)
	if r.unknown {
		return "bennurender.UnknownReads"
	}
	if len(r.reads) == 0 {
		return "bennurender.NoReads"
	}
	var b strings.Builder
	for _, x := range r.reads {
		fmt.Fprintf(&b, "\nfunc(bennuR uint64) uint64 { return bennurender.Read(bennuR, %s) },", t.user(x))
	}
	return "bennurender.Reads(" + b.String() + "\n)"
}

// A reader finds what a body reads.
type reader struct {
	*template
	body    *bodyGo
	free    map[*ast.Ident]bool // names from outside
	path    []ast.Node          // from the root to the node being visited
	reads   []item
	unknown bool
	warned  map[string]bool
}

func (r *reader) visit(n ast.Node) bool {
	if n == nil {
		r.path = r.path[:len(r.path)-1]
		return true
	}
	r.path = append(r.path, n)
	if id, ok := n.(*ast.Ident); ok && (r.free[id] || r.keyOfMap(id)) {
		r.name(id)
	}
	return true
}

// keyOfMap reports whether a name is a key in the literal of a map, which the
// parser leaves open because it could be a field of a struct.
func (r *reader) keyOfMap(id *ast.Ident) bool {
	if at := len(r.path) - 3; at >= 0 && id.Obj == nil {
		if pair, ok := r.path[at+1].(*ast.KeyValueExpr); ok && pair.Key == id {
			l, ok := r.path[at].(*ast.CompositeLit)
			_, isMap := l.Type.(*ast.MapType)
			return ok && isMap
		}
	}
	return false
}

// name judges a name from outside.
func (r *reader) name(id *ast.Ident) {
	switch {
	case id.Name == "ctx":
		r.allRows(id, "reads ctx", "read what you need of it before the loop, in {{ }}")
		return
	case r.predeclared(id.Name) && isPredeclared(id.Name):
		return
	}
	at := len(r.path) - 1 // of the expression that is read, as far as it goes
	pkg := r.importOf(id.Name)
	for at > 0 {
		sel, ok := r.path[at-1].(*ast.SelectorExpr)
		if !ok || sel.X != r.path[at] || r.called(at-1) {
			break
		}
		at--
	}
	switch {
	case r.called(at):
		r.call(id, id.Name, "")
	case pkg != "" && r.path[at] == ast.Node(id):
		r.call(id, id.Name+"."+r.path[at-1].(*ast.SelectorExpr).Sel.Name, pkg)
	case r.assigned(at):
		r.allRows(id, "assigns to "+id.Name, "number and sum up rows before the loop, in {{ }}")
	case pkg != "" && pure(pkg):
	case r.isValue(at):
		r.read(r.little(at))
	}
}

// little returns the expression at an index of the path, or the one around it
// when that tells all of the value that is used: a length, or whether it is nil.
func (r *reader) little(at int) ast.Expr {
	e := r.path[at].(ast.Expr)
	switch p := r.path[at-1].(type) {
	case *ast.BinaryExpr:
		other := p.X
		if other == e {
			other = p.Y
		}
		if id, ok := other.(*ast.Ident); ok && id.Name == "nil" && r.free[id] && (p.Op == token.EQL || p.Op == token.NEQ) {
			return p
		}
	case *ast.CallExpr:
		if id, ok := p.Fun.(*ast.Ident); ok && id.Name == "len" && r.free[id] && r.predeclared("len") && len(p.Args) == 1 {
			return p
		}
	}
	return e
}

// called reports whether the expression at an index of the path is called, or
// an element of it, which cannot be told from a generic function.
func (r *reader) called(at int) bool {
	switch p := r.path[at-1].(type) {
	case *ast.CallExpr:
		return p.Fun == r.path[at]
	case *ast.IndexExpr:
		return p.X == r.path[at] && r.called(at-1)
	case *ast.IndexListExpr:
		return p.X == r.path[at] && r.called(at-1)
	}
	return false
}

// call warns of a function that may read what cannot be seen.
func (r *reader) call(id *ast.Ident, name, pkg string) {
	if pkg == "" {
		if !r.atPackageLevel(id.Name) { // a variable that is a function
			r.read(id)
			return
		}
		if r.pkg.templates[id.Name] != nil {
			return
		}
	} else if pure(pkg) && !impure[name] {
		return
	}
	if r.warned[name] {
		return
	}
	r.warned[name] = true
	r.warn(r.body.position(id.Pos()), "if it reads anything but its arguments, let the loop read that and pass it; a method of the row is not warned of",
		"rows of live.Each are evaluated when they or what the loop reads changed; what %s reads is not known", name)
}

// allRows notes that all rows have to be evaluated every time.
func (r *reader) allRows(id *ast.Ident, why, hint string) {
	r.unknown = true
	if r.warned[why] {
		return
	}
	r.warned[why] = true
	r.warn(r.body.position(id.Pos()), hint, "the loop over live.Each %s, so that all its rows are evaluated each time", why)
}

// read notes an expression that is read.
func (r *reader) read(e ast.Expr) {
	src := r.body.source(e)
	if slices.ContainsFunc(r.reads, func(x item) bool { return x.src == src }) {
		return
	}
	r.reads = append(r.reads, item{src: src, node: e, pos: r.body.position(e.Pos())})
}

// assigned reports whether the expression at an index of the path, or a part
// of it, is assigned to or may be through its address.
func (r *reader) assigned(at int) bool {
	for ; at > 0; at-- {
		switch p := r.path[at-1].(type) {
		case *ast.SelectorExpr, *ast.ParenExpr, *ast.StarExpr:
			continue
		case *ast.IndexExpr:
			if p.X == r.path[at] {
				continue
			}
			return false
		case *ast.IncDecStmt:
			return true
		case *ast.UnaryExpr:
			return p.Op == token.AND
		case *ast.AssignStmt:
			return slices.Contains(p.Lhs, r.path[at].(ast.Expr))
		case *ast.RangeStmt:
			return p.Key == r.path[at] || p.Value == r.path[at]
		}
		return false
	}
	return false
}

// isValue reports whether the expression at an index of the path stands where
// a value does: names of types are not told from those of variables.
func (r *reader) isValue(at int) bool {
	e := r.path[at]
	switch p := r.path[at-1].(type) {
	case *ast.CallExpr:
		if fn, ok := p.Fun.(*ast.Ident); ok && (fn.Name == "make" || fn.Name == "new") && p.Args[0] == e {
			return false
		}
		return p.Fun != e
	case *ast.CompositeLit:
		return p.Type != e
	case *ast.KeyValueExpr:
		return true
	case *ast.TypeAssertExpr:
		return p.X == e
	case *ast.IndexExpr:
		return (p.X == e || !r.called(at-1)) && r.isValue(at-1)
	case *ast.ParenExpr:
		return r.isValue(at - 1)
	case *ast.StarExpr:
		return r.isValue(at - 1)
	case *ast.CaseClause:
		_, types := r.path[at-3].(*ast.TypeSwitchStmt)
		return !types
	case *ast.BinaryExpr, *ast.UnaryExpr, *ast.SelectorExpr, *ast.SliceExpr, *ast.AssignStmt, *ast.ReturnStmt, *ast.IfStmt,
		*ast.SwitchStmt, *ast.RangeStmt, *ast.ForStmt, *ast.SendStmt, *ast.ExprStmt, *ast.IncDecStmt:
		return true
	}
	return false
}

func isPredeclared(name string) bool {
	return predeclaredFuncs[name] || basicTypes[name] != unknown || predeclaredRest[name]
}

var (
	predeclaredFuncs = set("append", "cap", "clear", "close", "complex", "copy", "delete", "imag", "len", "make", "max", "min", "new", "panic", "print", "println", "real", "recover")
	predeclaredRest  = set("true", "false", "nil", "iota", "any", "bool", "byte", "complex64", "complex128", "error", "float32", "float64", "rune", "uint", "uint8", "uint16", "uint32", "uint64", "uintptr")
)

// purePackages have functions that read nothing but their arguments, and
// constants.
var purePackages = set("bytes", "cmp", "errors", "fmt", "html", "maps", "math", "math/big", "math/bits", "net/url", "path", "path/filepath",
	"regexp", "slices", "sort", "strconv", "strings", "time", "unicode", "unicode/utf8", templPath)

// impure are functions of such packages that are not.
var impure = set("time.Now", "time.Since", "time.Until")

func pure(pkg string) bool {
	return purePackages[pkg] || strings.HasPrefix(pkg, "bennu/")
}
