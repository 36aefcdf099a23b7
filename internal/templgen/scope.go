package templgen

import (
	"go/ast"
	"go/token"

	"github.com/a-h/templ/parser/v2"
)

// A scope is what has to be known of a template's Go before any of it is
// written.
type scope struct {
	params       map[string]kind
	declared     map[string]bool // names that the template's own Go declares somewhere
	assigned     map[string]bool // names that it assigns to
	rowKeys      map[*parser.ExpressionAttribute]bool
	usesChildren bool
	usesCtx      bool
	setsCtx      bool
}

func newScope() *scope {
	return &scope{
		declared: map[string]bool{}, assigned: map[string]bool{},
		rowKeys: map[*parser.ExpressionAttribute]bool{},
	}
}

// survey reads all Go of a template and records what is wrong with it.
func (f *file) survey(sig *signature, nodes []parser.Node) *scope {
	s := newScope()
	s.params = sig.kinds
	f.surveyNodes(s, nodes)
	if s.setsCtx {
		s.usesCtx = true
	}
	return s
}

func (f *file) surveyNodes(s *scope, nodes []parser.Node) {
	for _, n := range nodes {
		f.surveyNode(s, n)
	}
}

func (f *file) surveyNode(s *scope, n parser.Node) {
	switch n := n.(type) {
	case *parser.Element:
		f.surveyAttributes(s, n.Attributes)
		f.surveyNodes(s, n.Children)
	case *parser.RawElement:
		f.surveyAttributes(s, n.Attributes)
	case *parser.ScriptElement:
		f.surveyAttributes(s, n.Attributes)
		for _, c := range n.Contents {
			if c.GoCode != nil {
				f.surveyItems(s, c.GoCode.Expression)
			}
		}
	case *parser.ChildrenExpression:
		s.usesChildren = true
	case *parser.StringExpression:
		f.surveyItems(s, n.Expression)
	case *parser.CallTemplateExpression:
		f.surveyItems(s, n.Expression)
	case *parser.TemplElementExpression:
		f.surveyItems(s, n.Expression)
		f.surveyNodes(s, n.Children)
	case *parser.GoCode:
		f.surveyCode(s, n)
	case *parser.IfExpression:
		f.surveyHeader(s, n.Expression, "if")
		f.surveyNodes(s, n.Then)
		for _, e := range n.ElseIfs {
			f.surveyHeader(s, e.Expression, "if")
			f.surveyNodes(s, e.Then)
		}
		f.surveyNodes(s, n.Else)
	case *parser.ForExpression:
		f.surveyHeader(s, n.Expression, "for")
		if a := f.keyOfRows(n); a != nil {
			s.rowKeys[a] = true
		}
		f.surveyNodes(s, n.Children)
	case *parser.SwitchExpression:
		f.surveyHeader(s, n.Expression, "switch")
		for _, c := range n.Cases {
			if list, ok := f.statements(c.Expression, "switch {\n", "\n}"); ok {
				s.note(list)
				s.usesCtx = s.usesCtx || mentions(c.Expression.Value, "ctx")
			}
			f.surveyNodes(s, c.Children)
		}
	}
}

func (f *file) surveyAttributes(s *scope, attrs []parser.Attribute) {
	for _, a := range attrs {
		switch a := a.(type) {
		case *parser.BoolConstantAttribute:
			f.surveyKey(s, a.Key)
		case *parser.ConstantAttribute:
			f.surveyKey(s, a.Key)
		case *parser.BoolExpressionAttribute:
			f.surveyKey(s, a.Key)
			f.surveyItems(s, a.Expression)
		case *parser.ExpressionAttribute:
			if isKey(a) && !s.rowKeys[a] {
				f.fail(f.src.from(a.Range), "put it on the first element directly inside the for", ":key names the rows of a for; this is not the row's element")
			}
			f.surveyKey(s, a.Key)
			f.surveyItems(s, a.Expression)
		case *parser.SpreadAttributes:
			f.surveyItems(s, a.Expression)
		case *parser.ConditionalAttribute:
			f.surveyHeader(s, a.Expression, "if")
			f.surveyAttributes(s, a.Then)
			f.surveyAttributes(s, a.Else)
		}
	}
}

func (f *file) surveyKey(s *scope, k parser.AttributeKey) {
	if k, ok := k.(parser.ExpressionAttributeKey); ok {
		f.surveyItems(s, k.Expression)
	}
}

func (f *file) surveyItems(s *scope, e parser.Expression) {
	f.items(e)
	s.usesCtx = s.usesCtx || mentions(e.Value, "ctx")
}

func (f *file) surveyHeader(s *scope, e parser.Expression, keyword string) {
	if st, ok := f.header(e, keyword); ok {
		s.note([]ast.Stmt{st})
		s.usesCtx = s.usesCtx || mentions(e.Value, "ctx")
		s.setsCtx = s.setsCtx || assigns([]ast.Stmt{st}, "ctx")
	}
}

func (f *file) surveyCode(s *scope, n *parser.GoCode) {
	list, ok := f.statements(n.Expression, "", "")
	if !ok {
		return
	}
	f.checkFlow(n.Expression, list)
	s.note(list)
	s.usesCtx = s.usesCtx || mentions(n.Expression.Value, "ctx")
	if assigns(list, "ctx") {
		s.setsCtx = true
	}
}

// note adds the names that statements declare or assign to.
func (s *scope) note(list []ast.Stmt) {
	eachName(list, func(id *ast.Ident, declared bool) {
		if declared {
			s.declared[id.Name] = true
			return
		}
		s.assigned[id.Name] = true
	})
}

// eachName visits the names that statements declare and those that they assign
// to.
func eachName(list []ast.Stmt, visit func(id *ast.Ident, declared bool)) {
	assign := func(e ast.Expr, tok token.Token) {
		if id, ok := e.(*ast.Ident); ok {
			visit(id, tok == token.DEFINE)
		}
	}
	for _, st := range list {
		ast.Inspect(st, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.AssignStmt:
				for _, l := range n.Lhs {
					assign(l, n.Tok)
				}
			case *ast.RangeStmt:
				assign(n.Key, n.Tok)
				assign(n.Value, n.Tok)
			case *ast.ValueSpec:
				for _, id := range n.Names {
					visit(id, true)
				}
			case *ast.TypeSpec:
				visit(n.Name, true)
			}
			return true
		})
	}
}

// shadows reports whether the template's Go declares a name of a parameter
// anew. That is right in a function inside the one with the parameters only.
func (s *scope) shadows() bool {
	for name := range s.params {
		if s.declared[name] {
			return true
		}
	}
	return false
}
