package templgen

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/a-h/templ/parser/v2"
)

// A template is one templ declaration being translated.
type template struct {
	*file
	*scope
	sig    *signature
	name   string // distinguishes what is generated for it
	blocks []*block
	vars   int // variables made so far
	// rawText counts the open elements whose content a browser reads as text.
	// The client marks roots by an attribute, which it would then show.
	rawText int
	// skipped counts the memos and tracked loops that are open: what stands in
	// them is not always written.
	skipped int
	// bound holds the values of attributes that were evaluated before their
	// element, because they are its key.
	bound map[*parser.ExpressionAttribute]string
}

const writerParams = "bennuW *bennurender.Writer, bennuSlot int"

// template writes the function of a template and, when callers can save the
// closure, a second one that takes the same arguments.
func (f *file) template(n *parser.HTMLTemplate) {
	sig := f.signatures[n]
	if sig == nil {
		return
	}
	t := &template{file: f, scope: f.scopes[n], sig: sig, name: sig.name, bound: map[*parser.ExpressionAttribute]string{}}
	head := f.out
	head.back()
	if sig.direct {
		head.printf("func %s templ.Component {\n", f.user(item{src: n.Expression.Value, pos: f.src.start(n.Expression)}))
		args := ""
		if len(sig.args) > 0 {
			args = ", " + strings.Join(sig.args, ", ")
		}
		head.own("return bennurender.Func(func(%s) error {", writerParams)
		head.own("return bennuR_%s(bennuW, bennuSlot%s)\n})\n}\n", t.name, args)
		params := ""
		if strings.TrimSpace(sig.params) != "" {
			params = ", " + f.user(item{src: strings.TrimLeft(sig.params, " \t"), pos: f.src.at(f.src.skipSpace(sig.at))})
		}
		head.printf("func bennuR_%s(%s%s) error {\n", t.name, writerParams, params)
		t.body(n)
		head.printf("}\n\n")
	} else {
		head.printf("func %s templ.Component {\n", f.user(item{src: n.Expression.Value, pos: f.src.start(n.Expression)}))
		head.own("return bennurender.Func(func(%s) error {", writerParams)
		t.body(n)
		head.printf("})\n}\n\n")
	}
	f.blocks = append(f.blocks, t.blocks...)
}

// body writes what the template does when it is rendered.
func (t *template) body(n *parser.HTMLTemplate) {
	out := t.out
	if t.usesChildren {
		out.own("bennuChildren := bennuW.TakeChildren()")
	} else {
		out.own("bennuW.TakeChildren()")
	}
	t.context(t.scope)
	nodes := withoutSpace(n.Children)
	b := t.begin(isRoot(t, nodes))
	out.own("bennuW.Nest(bennuSlot, %s)", b.name)
	t.nodes(b, nodes, nil)
	out.own("bennuW.End()")
	t.restoreContext(t.scope)
	out.own("return nil")
}

// context declares ctx if the Go below mentions it.
func (t *template) context(s *scope) {
	if s.usesCtx {
		t.out.own("ctx := bennuW.Ctx()\n_ = ctx")
	}
	if s.setsCtx {
		t.out.own("bennuCtx := ctx")
	}
}

// restoreContext puts back the context that was found.
func (t *template) restoreContext(s *scope) {
	if s.setsCtx {
		t.out.own("bennuW.SetCtx(bennuCtx)")
	}
}

// variable returns the name of a new variable.
func (t *template) variable() string {
	t.vars++
	return "bennuV" + strconv.Itoa(t.vars)
}

// check writes a call that may fail; at is the place in the template that
// makes it.
func (t *template) check(at position, format string, args ...any) {
	t.out.printf("if bennuErr := %s%s; bennuErr != nil {\nreturn bennuErr\n}\n", t.out.at(at), fmt.Sprintf(format, args...))
}

// evaluate writes v, err := call and returns the name of v. An error is
// returned with the place of the expression.
func (t *template) evaluate(at position, call string) string {
	v := t.variable()
	t.out.printf("%s, bennuErr := %s\nif bennuErr != nil {\nreturn bennurender.Err(bennuErr, %q, %d, %d)\n}\n",
		v, call, t.src.name, at.line, at.col)
	return v
}
