package paths

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"net/url"
	"path"
	"slices"
	"strings"
)

// A group is where routes are registered, as far as it is known.
type group struct {
	prefix, host string
	open         bool // more follows the prefix, which is made at run time
}

func (g group) below(path string, whole bool) group {
	g.prefix += path
	g.open = g.open || !whole
	return g
}

// A reader follows the code that registers routes.
type reader struct {
	*module
	names   map[*ast.File]map[int]string // of //bennu:name comments, by line
	visited map[string]bool              // functions with what they were given
	open    map[*ast.FuncLit]bool        // function literals that are being followed
	routes  []Route
	unread  []Unread
}

// A scope is what a function's names stand for: groups, and functions.
type scope map[types.Object]any

// A walker is in one function.
type walker struct {
	*reader
	in    *source
	scope scope
}

// enter follows a function that gets the groups in the scope.
func (r *reader) enter(fn *types.Func, given scope) {
	f := r.funcs[fn.Origin()]
	if f == nil || f.decl.Body == nil || !r.concerns(f.in) {
		return
	}
	key := fmt.Sprint(fn.FullName(), f.decl.Pos())
	params := fn.Origin().Signature().Params()
	for i := range params.Len() {
		if g, ok := given[params.At(i)]; ok {
			key += fmt.Sprint(i, g)
		}
	}
	if r.visited[key] {
		return
	}
	r.visited[key] = true
	w := walker{r, f.in, given}
	w.code(f.decl.Body)
}

// concerns reports whether a package was read with the bodies of its functions.
func (r *reader) concerns(p *source) bool { return r.whole || importsBennu(p.files) }

// code follows statements and expressions in their order.
func (w walker) code(n ast.Node) {
	ast.Inspect(n, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			if len(n.Lhs) == len(n.Rhs) {
				for i, left := range n.Lhs {
					w.assign(left, n.Rhs[i])
				}
			}
		case *ast.ValueSpec:
			if len(n.Names) == len(n.Values) {
				for i, name := range n.Names {
					w.assign(name, n.Values[i])
				}
			}
		case *ast.CallExpr:
			return w.call(n)
		case *ast.FuncLit:
			return !w.takesGroup(n) // followed where it is given one
		}
		return true
	})
}

// takesGroup reports whether a function literal registers routes of a group that
// it is given.
func (w walker) takesGroup(lit *ast.FuncLit) bool {
	return slices.ContainsFunc(lit.Type.Params.List, func(f *ast.Field) bool {
		return typeName(w.in.info.TypeOf(f.Type)) == bennuPath+".Group"
	})
}

// assign notes what a local name stands for from here on.
func (w walker) assign(left, right ast.Expr) {
	id, ok := ast.Unparen(left).(*ast.Ident)
	if !ok {
		return
	}
	o := w.in.info.ObjectOf(id)
	if o == nil {
		return
	}
	if lit, ok := ast.Unparen(right).(*ast.FuncLit); ok {
		w.scope[o] = lit
		return
	}
	if w.isGroup(right) {
		w.scope[o] = w.group(right)
	}
}

// call follows a call, and reports whether its parts are still to be followed.
func (w walker) call(n *ast.CallExpr) bool {
	if sel, ok := ast.Unparen(n.Fun).(*ast.SelectorExpr); ok && w.registers(sel) {
		return w.register(sel, n)
	}
	for _, arg := range n.Args {
		if lit, ok := ast.Unparen(arg).(*ast.FuncLit); ok && w.takesGroup(lit) {
			w.unread = append(w.unread, Unread{"", w.fset.Position(lit.Pos())}) // with whichever group it is called
		}
	}
	fn := w.callee(n.Fun)
	if fn == nil {
		if lit := w.literal(n.Fun); lit != nil {
			w.literalCall(lit, n.Args)
		}
		return true
	}
	given := scope{}
	params := fn.Origin().Signature().Params()
	for i, arg := range n.Args {
		if i >= params.Len() {
			break
		}
		if w.isGroup(arg) {
			given[params.At(i)] = w.group(arg)
		}
	}
	w.enter(fn, given)
	return true
}

// literalCall follows a function literal that is called with groups.
func (w walker) literalCall(lit *ast.FuncLit, args []ast.Expr) {
	var names []*ast.Ident
	for _, field := range lit.Type.Params.List {
		names = append(names, field.Names...)
	}
	for i, arg := range args {
		if i < len(names) && w.isGroup(arg) {
			w.scope[w.in.info.Defs[names[i]]] = w.group(arg)
		}
	}
	w.inside(lit)
}

// inside follows the body of a function literal, unless it calls itself.
func (w walker) inside(lit *ast.FuncLit) {
	if w.open[lit] {
		return
	}
	w.open[lit] = true
	w.code(lit.Body)
	delete(w.open, lit)
}

// registers reports whether a selector is a method of an App or a Group.
func (w walker) registers(sel *ast.SelectorExpr) bool {
	s := w.in.info.Selections[sel]
	return s != nil && s.Obj().Pkg() == w.bennu && s.Kind() == types.MethodVal
}

// register notes what one call registers.
func (w walker) register(sel *ast.SelectorExpr, n *ast.CallExpr) (inside bool) {
	g := w.group(sel.X)
	if sel.Sel.Name == "Health" {
		w.add(g, n, "GET", "/livez", true, sel)
		w.add(g, n, "GET", "/readyz", true, sel)
		return true
	}
	if len(n.Args) < 2 {
		return true
	}
	text, whole := w.text(n.Args[0])
	if sel.Sel.Name == "Socket" { // scripts connect to it; nothing links there
		return true
	}
	switch name := sel.Sel.Name; name {
	case "Group":
		if text == "/" {
			text = ""
		}
		if len(n.Args) == 3 {
			w.routesOf(g.below(text, whole), n.Args[2])
			w.code(n.Args[1])
			return false
		}
	case "Host":
		g.host = text
		w.routesOf(g, n.Args[1])
		return false
	case "LiveSession":
		w.routesOf(g, n.Args[1])
		return false
	case "Static":
		w.static(g, n, text, whole)
	case "Handle":
		method, pattern, found := strings.Cut(text, " ")
		if !found {
			method, pattern = "", text
		}
		w.add(g, n, method, handled(strings.TrimLeft(pattern, " \t")), whole, n.Args[1])
	case "Live":
		w.add(g, n, "GET", text, whole, n.Args[1])
	default:
		w.add(g, n, strings.ToUpper(name), text, whole, n.Args[1])
	}
	return true
}

// handled is a pattern of Handle, where a slash at the end means a subtree.
func handled(pattern string) string {
	if before, ok := strings.CutSuffix(pattern, "{$}"); ok {
		return before
	}
	if strings.HasSuffix(pattern, "/") {
		return pattern + "{path...}"
	}
	return pattern
}

// routesOf follows the function that registers the routes of a group.
func (w walker) routesOf(g group, fn ast.Expr) {
	if lit := w.literal(fn); lit != nil {
		for _, field := range lit.Type.Params.List {
			for _, name := range field.Names {
				w.scope[w.in.info.Defs[name]] = g
			}
		}
		w.inside(lit)
		return
	}
	if named := w.callee(fn); named != nil && w.funcs[named.Origin()] != nil {
		given := scope{}
		params := named.Origin().Signature().Params()
		if params.Len() > 0 {
			given[params.At(0)] = g
		}
		w.enter(named, given)
		return
	}
	w.unread = append(w.unread, Unread{g.prefix, w.fset.Position(fn.Pos())})
}

// literal is the function literal that an expression is, or that a local name
// stands for.
func (w walker) literal(x ast.Expr) *ast.FuncLit {
	switch x := ast.Unparen(x).(type) {
	case *ast.FuncLit:
		return x
	case *ast.Ident:
		lit, _ := w.scope[w.in.info.ObjectOf(x)].(*ast.FuncLit)
		return lit
	}
	return nil
}

// add notes a route of a group.
func (w walker) add(g group, n *ast.CallExpr, method, text string, whole bool, handler ast.Expr) {
	at := w.fset.Position(n.Pos())
	if g.open || !whole {
		if !g.open {
			g.prefix += text
		}
		w.unread = append(w.unread, Unread{g.prefix, at})
		return
	}
	if text == "/" && g.prefix != "" {
		text = ""
	}
	rt := Route{Method: method, Host: g.host, Path: g.prefix + text, Source: at}
	if !strings.HasPrefix(rt.Path, "/") {
		return // the App refuses it
	}
	if sel, ok := ast.Unparen(n.Fun).(*ast.SelectorExpr); ok && sel.Sel.Name == "Live" {
		rt.Live, rt.View = true, w.view(handler)
	}
	switch h := ast.Unparen(handler).(type) {
	case *ast.Ident, *ast.SelectorExpr:
		rt.Handler = types.ExprString(h)
	}
	w.name(&rt, n)
	w.routes = append(w.routes, rt)
}

// static notes the routes of a file server. Its files are known when it serves
// a variable that embeds them.
func (w walker) static(g group, n *ast.CallExpr, prefix string, whole bool) {
	at := w.fset.Position(n.Pos())
	if g.open || !whole {
		w.unread = append(w.unread, Unread{g.prefix + prefix, at})
		return
	}
	files, known := w.embedded(n.Args[1])
	if prefix == "/" || prefix == "" {
		if !known {
			w.unread = append(w.unread, Unread{g.prefix + "/", at})
			return
		}
		w.top(g, n, files)
		return
	}
	rt := Route{Method: "GET", Host: g.host, Path: g.prefix + prefix + "/{path...}", Handler: "static files", Source: at}
	if known {
		rt.Files = files
	}
	w.name(&rt, n)
	w.routes = append(w.routes, rt)
}

// top notes the routes of files at "/": one for each file and directory there.
func (w walker) top(g group, n *ast.CallExpr, files []string) {
	at := w.fset.Position(n.Pos())
	dirs := map[string]*Route{}
	var found []*Route
	for _, file := range files {
		dir, rest, deep := strings.Cut(file, "/")
		rt := dirs[dir]
		if rt == nil {
			rt = &Route{Method: "GET", Host: g.host, Path: g.prefix + "/" + url.PathEscape(dir), Handler: "static files", Source: at, Files: []string{}}
			if deep {
				rt.Path += "/{path...}"
			}
			dirs[dir] = rt
			found = append(found, rt)
		}
		if deep {
			rt.Files = append(rt.Files, rest)
		}
	}
	for _, rt := range found {
		w.routes = append(w.routes, *rt)
	}
}

// embedded are the files of a variable of the module that embeds some.
func (w walker) embedded(x ast.Expr) ([]string, bool) {
	var id *ast.Ident
	switch x := ast.Unparen(x).(type) {
	case *ast.Ident:
		id = x
	case *ast.SelectorExpr:
		id = x.Sel
	default:
		return nil, false
	}
	o, ok := w.in.info.Uses[id].(*types.Var)
	if !ok || w.vars[o] == nil {
		return nil, false
	}
	files, err := w.vars[o].files()
	if err != nil {
		return nil, false // the compiler says why
	}
	return append([]string{}, files...), true
}

// view is the type of the views that a factory makes, as far as it shows.
func (w walker) view(factory ast.Expr) string {
	lit := w.literal(factory)
	if lit == nil {
		return ""
	}
	found := ""
	ast.Inspect(lit.Body, func(n ast.Node) bool {
		if _, inner := n.(*ast.FuncLit); inner {
			return false
		}
		if ret, ok := n.(*ast.ReturnStmt); ok && len(ret.Results) == 1 {
			found = typeName(w.in.info.TypeOf(ret.Results[0]))
		}
		return true
	})
	return found
}

// typeName is the package path and name of a type or of what a pointer is to.
func typeName(t types.Type) string {
	if t == nil {
		return ""
	}
	t = types.Unalias(t)
	if p, ok := t.(*types.Pointer); ok {
		t = types.Unalias(p.Elem())
	}
	n, ok := t.(*types.Named)
	if !ok || n.Obj().Pkg() == nil {
		return ""
	}
	return n.Obj().Pkg().Path() + "." + n.Obj().Name()
}

// name gives a route the name of a comment above its line or at its end.
func (w walker) name(rt *Route, n *ast.CallExpr) {
	for _, f := range w.in.files {
		if f.FileStart <= n.Pos() && n.Pos() < f.FileEnd {
			names := w.reader.namesOf(f)
			line := rt.Source.Line
			if name := names[line]; name != "" {
				rt.Helper, rt.given = name, true
			} else if name := names[line-1]; name != "" && !w.startsOn(f, line-1) {
				rt.Helper, rt.given = name, true
			}
		}
	}
}

// startsOn reports whether a route is registered on the line, which the comment
// there is about.
func (w walker) startsOn(f *ast.File, line int) bool {
	file := w.fset.File(f.FileStart).Name()
	return slices.ContainsFunc(w.routes, func(rt Route) bool { return rt.Source.Line == line && rt.Source.Filename == file })
}

const nameComment = "//bennu:name "

func (r *reader) namesOf(f *ast.File) map[int]string {
	if names, ok := r.names[f]; ok {
		return names
	}
	names := map[int]string{}
	for _, group := range f.Comments {
		for _, c := range group.List {
			if rest, ok := strings.CutPrefix(c.Text, nameComment); ok {
				if words := strings.Fields(rest); len(words) > 0 {
					names[r.fset.Position(c.Pos()).Line] = words[0]
				}
			}
		}
	}
	r.names[f] = names
	return names
}

// isGroup reports whether an expression is an App or a Group.
func (w walker) isGroup(x ast.Expr) bool {
	name := typeName(w.in.info.TypeOf(x))
	return name == bennuPath+".App" || name == bennuPath+".Group"
}

// group is what an expression of such a type stands for.
func (w walker) group(x ast.Expr) group {
	x = ast.Unparen(x)
	if id, ok := x.(*ast.Ident); ok {
		if g, ok := w.scope[w.in.info.ObjectOf(id)].(group); ok {
			return g
		}
	}
	// An App has no prefix but its own; of a group from elsewhere nothing is known.
	return group{open: typeName(w.in.info.TypeOf(x)) != bennuPath+".App"}
}

// callee is the function that an expression names.
func (w walker) callee(x ast.Expr) *types.Func {
	x = ast.Unparen(x)
	switch i := x.(type) {
	case *ast.IndexExpr:
		x = i.X
	case *ast.IndexListExpr:
		x = i.X
	}
	switch x := x.(type) {
	case *ast.Ident:
		fn, _ := w.in.info.Uses[x].(*types.Func)
		return fn
	case *ast.SelectorExpr:
		fn, _ := w.in.info.Uses[x.Sel].(*types.Func)
		return fn
	}
	return nil
}

// text is a constant, or what a text that is put together begins with.
func (w walker) text(x ast.Expr) (text string, whole bool) {
	x = ast.Unparen(x)
	if v := w.in.info.Types[x].Value; v != nil && v.Kind() == constant.String {
		return constant.StringVal(v), true
	}
	if sum, ok := x.(*ast.BinaryExpr); ok && sum.Op == token.ADD {
		left, whole := w.text(sum.X)
		if !whole {
			return left, false
		}
		right, whole := w.text(sum.Y)
		return left + right, whole
	}
	return "", false
}

// shortType is a type's name as the sources of other packages write it.
func shortType(name string) string { return path.Base(name) }

// enterDecl follows a function from its declaration.
func (r *reader) enterDecl(p *source, d *ast.FuncDecl) {
	if fn, ok := p.info.Defs[d.Name].(*types.Func); ok {
		r.enter(fn, scope{})
	}
}
