package templgen

import (
	"fmt"
	"go/ast"
	"go/token"
	"strconv"
)

// What can be said about the type of an expression without a type checker.
type kind int

const (
	unknown  kind = iota
	literal       // an untyped constant string
	stringly      // some type whose kind is string
	str           // string
	integer       // one of int, int8, … int64
)

// text reports whether the value is a string of some type.
func (k kind) text() bool { return k == literal || k == stringly || k == str }

// stringFuncs are functions of well-known packages that return one string.
var stringFuncs = map[string]map[string]bool{
	"fmt":                  set("Sprint", "Sprintf", "Sprintln"),
	"strconv":              set("FormatBool", "FormatFloat", "FormatInt", "FormatUint", "Itoa", "Quote"),
	"strings":              set("Join", "Map", "Repeat", "Replace", "ReplaceAll", "ToLower", "ToTitle", "ToUpper", "ToValidUTF8", "Trim", "TrimFunc", "TrimLeft", "TrimPrefix", "TrimRight", "TrimSpace", "TrimSuffix"),
	"path":                 set("Base", "Clean", "Dir", "Ext", "Join"),
	"net/url":              set("PathEscape", "QueryEscape"),
	"html":                 set("EscapeString", "UnescapeString"),
	"github.com/a-h/templ": set("GetNonce"),
}

func set(names ...string) map[string]bool {
	m := make(map[string]bool, len(names))
	for _, n := range names {
		m[n] = true
	}
	return m
}

// kindOf judges an expression of the template.
func (t *template) kindOf(e ast.Expr) kind {
	k := t.kindIgnoringShadows(e)
	if k == integer && !t.predeclared("int64") || k == stringly && !t.predeclared("string") {
		return unknown // the output could not convert it
	}
	return k
}

func (t *template) kindIgnoringShadows(e ast.Expr) kind {
	switch e := e.(type) {
	case *ast.BasicLit:
		if e.Kind == token.STRING {
			return literal
		}
	case *ast.ParenExpr:
		return t.kindOf(e.X)
	case *ast.Ident:
		if !t.declared[e.Name] {
			return t.params[e.Name]
		}
	case *ast.BinaryExpr:
		if e.Op == token.ADD {
			return concatenation(t.kindOf(e.X), t.kindOf(e.Y))
		}
	case *ast.CallExpr:
		return t.kindOfCall(e)
	}
	return unknown
}

func concatenation(x, y kind) kind {
	switch {
	case x == str || y == str:
		return str
	case x == literal && y == literal:
		return literal
	case x.text() || y.text():
		return stringly
	}
	return unknown
}

func (t *template) kindOfCall(c *ast.CallExpr) kind {
	switch fn := c.Fun.(type) {
	case *ast.Ident:
		if !t.predeclared(fn.Name) {
			return unknown
		}
		if fn.Name == "len" || fn.Name == "cap" {
			return integer
		}
		return basicTypes[fn.Name]
	case *ast.SelectorExpr:
		if pkg, ok := fn.X.(*ast.Ident); ok && stringFuncs[t.importOf(pkg.Name)][fn.Sel.Name] {
			return str
		}
	}
	return unknown
}

var basicTypes = map[string]kind{
	"string": str, "int": integer, "int8": integer, "int16": integer, "int32": integer, "int64": integer,
}

// predeclared reports whether a name that Go declares still means that here.
func (t *template) predeclared(name string) bool {
	if t.declared[name] || t.file.pkg.names[name] {
		return false
	}
	_, shadowed := t.params[name]
	return !shadowed
}

// importOf returns the path of the package that a name stands for here.
func (t *template) importOf(name string) string {
	if t.declared[name] {
		return ""
	}
	if _, shadowed := t.params[name]; shadowed {
		return ""
	}
	return t.file.imports[name]
}

// mayFail reports whether an expression could return an error beside its value.
func (t *template) mayFail(e ast.Expr) bool {
	c, ok := e.(*ast.CallExpr)
	return ok && t.kindOfCall(c) == unknown
}

// constantOf returns the text that an expression is known to have.
func (t *template) constantOf(e ast.Expr) (string, bool) {
	if id, ok := e.(*ast.Ident); ok && id.Name == "nil" && t.predeclared("nil") {
		return fmt.Sprint(nil), true
	}
	return constant(e)
}

// constant returns the text of an expression that is a plain literal.
func constant(e ast.Expr) (string, bool) {
	l, ok := e.(*ast.BasicLit)
	if !ok {
		return "", false
	}
	switch l.Kind {
	case token.STRING:
		s, err := strconv.Unquote(l.Value)
		return s, err == nil
	case token.INT:
		n, err := strconv.ParseInt(l.Value, 0, 64)
		return strconv.FormatInt(n, 10), err == nil
	}
	return "", false
}
