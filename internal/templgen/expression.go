package templgen

import (
	"errors"
	"go/ast"
	goparser "go/parser"
	"go/scanner"
	"go/token"
	"strings"

	"github.com/a-h/templ/parser/v2"
)

// An item is one Go expression of a template. templ allows a list of them in
// most places: { name, err } or class={ "a", b }.
type item struct {
	src  string
	node ast.Expr
	pos  position
}

// items splits an expression at its commas. It returns false, with the error
// recorded, if that is not Go.
func (f *file) items(e parser.Expression) ([]item, bool) {
	const prefix, suffix = "[]any{", "}"
	text := prefix + e.Value[:codeEnd(e.Value)] + suffix
	base := f.src.offset(e) - len(prefix)
	x, err := goparser.ParseExprFrom(token.NewFileSet(), "", text, goparser.SkipObjectResolution)
	list, ok := x.(*ast.CompositeLit)
	if err != nil || !ok || list.End() != token.Pos(len(text)+1) {
		f.failGo(err, base, e)
		return nil, false
	}
	items := make([]item, 0, len(list.Elts))
	for _, el := range list.Elts {
		from, to := int(el.Pos())-1, int(el.End())-1
		if _, pair := el.(*ast.KeyValueExpr); pair {
			f.fail(f.src.at(base+from), "", "expected an expression, found a pair with a colon")
			return nil, false
		}
		items = append(items, item{src: text[from:to], node: el, pos: f.src.at(base + from)})
	}
	return items, true
}

// codeEnd returns where Go source ends that may be followed by comments.
func codeEnd(src string) int {
	end := 0
	scan(src, func(at int, tok token.Token, lit string) bool {
		if tok == token.SEMICOLON && lit == "\n" {
			return true
		}
		if lit == "" {
			lit = tok.String()
		}
		end = at + len(lit)
		if strings.HasPrefix(lit, "`") { // the scanner drops the carriage returns in it
			end = at + 1 + strings.IndexByte(src[at+1:]+"`", '`') + 1
		}
		return true
	})
	return min(end, len(src))
}

// one returns the single item of an expression; what names its place.
func (f *file) one(e parser.Expression, what string) (item, bool) {
	items, ok := f.items(e)
	if !ok {
		return item{}, false
	}
	if len(items) != 1 {
		f.fail(f.src.start(e), "", "%s takes one expression, found %d", what, len(items))
		return item{}, false
	}
	return items[0], true
}

// statements parses Go that stands between before and after; what names it in
// the error.
func (f *file) statements(e parser.Expression, before, after string) ([]ast.Stmt, bool) {
	const prefix = "package p\nfunc _() {\n"
	text := prefix + before + e.Value + after + "\n}\n"
	base := f.src.offset(e) - len(prefix) - len(before)
	x, err := goparser.ParseFile(token.NewFileSet(), "", text, goparser.SkipObjectResolution)
	if err != nil {
		f.failGo(err, base, e)
		return nil, false
	}
	fn, ok := x.Decls[0].(*ast.FuncDecl)
	if !ok || len(x.Decls) != 1 || fn.Body == nil {
		f.fail(f.src.start(e), "", "invalid Go: the braces do not match")
		return nil, false
	}
	eachName(fn.Body.List, func(id *ast.Ident, declared bool) {
		if declared && reserved(id.Name) {
			f.failReserved(f.src.at(base+int(id.Pos())-1), id.Name)
			ok = false
		}
	})
	return fn.Body.List, ok
}

// header parses what follows a keyword: if, for, switch.
func (f *file) header(e parser.Expression, keyword string) (ast.Stmt, bool) {
	list, ok := f.statements(e, keyword+" ", " {\n}")
	if !ok {
		return nil, false
	}
	if len(list) != 1 {
		f.fail(f.src.start(e), "", "invalid Go after %q", keyword)
		return nil, false
	}
	return list[0], true
}

// failGo records an error of Go's parser in text that began base bytes into
// the template.
func (f *file) failGo(err error, base int, e parser.Expression) {
	var list scanner.ErrorList
	if !errors.As(err, &list) || len(list) == 0 {
		f.fail(f.src.start(e), "", "invalid Go expression")
		return
	}
	from := f.src.skipSpace(int(e.Range.From.Index))
	offset := min(max(base+list[0].Pos.Offset, from), f.src.offset(e)+len(e.Value))
	f.fail(f.src.at(offset), goHint(list[0].Msg), "invalid Go: %s", goMessage(list[0].Msg))
}

// goMessage is what Go's parser says, without what only we know about.
func goMessage(msg string) string {
	switch msg {
	case "missing ',' in composite literal", "missing ',' before newline in composite literal":
		return "expected one expression, or a comma between two"
	}
	return msg
}

// goHint tells the usual cause of what Go's parser says.
func goHint(msg string) string {
	if strings.HasPrefix(msg, "expected declaration") {
		return "a } inside text ends the template; write { \"}\" }"
	}
	return ""
}

// mentions reports whether Go source uses a name. It may be wrong for text
// that only looks like it, such as the field in x.ctx.
func mentions(src, name string) bool {
	if !strings.Contains(src, name) {
		return false
	}
	found := false
	scan(src, func(_ int, tok token.Token, lit string) bool {
		found = found || tok == token.IDENT && lit == name
		return !found
	})
	return found
}

// scan calls visit for the tokens of Go source until it returns false.
func scan(src string, visit func(at int, tok token.Token, lit string) bool) {
	var s scanner.Scanner
	file := token.NewFileSet().AddFile("", -1, len(src))
	s.Init(file, []byte(src), func(token.Position, string) {}, 0)
	for {
		pos, tok, lit := s.Scan()
		if tok == token.EOF || !visit(file.Offset(pos), tok, lit) {
			return
		}
	}
}

// user returns the Go of an item for the output, with its position before it.
func (f *file) user(x item) string { return f.out.at(x.pos) + x.src }

// list returns items for the output, separated by commas. Those that begin on
// the line of the one before them do not repeat the position.
func (f *file) list(items []item) string {
	var b strings.Builder
	line := 0
	for i, x := range items {
		if i > 0 {
			b.WriteString(", ")
		}
		if x.pos.line != line {
			b.WriteString(f.out.at(x.pos))
			line = x.pos.line
		}
		if strings.Contains(x.src, "\n") {
			line = 0
		}
		b.WriteString(x.src)
	}
	return b.String()
}
