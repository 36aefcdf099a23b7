package templgen

import (
	"go/ast"
	goparser "go/parser"
	"go/token"
	"strings"

	"github.com/a-h/templ/parser/v2"
)

// A signature is the head of a templ declaration.
type signature struct {
	decl    *ast.FuncDecl
	file    *file
	pos     position // of the name
	name    string   // base of the names of what is generated for it
	params  string   // source between the parentheses
	at      int      // offset of params in the template
	args    []string
	kinds   map[string]kind // of the parameters and the receiver
	direct  bool            // callers may write to it without making a component first
	blocked bool            // direct only inside its own file, which may not be part of every build
}

// signature parses the head of a template.
func (f *file) signature(e parser.Expression) (*signature, bool) {
	const prefix = "package p\nfunc "
	text := prefix + e.Value + " {}\n"
	base := f.src.offset(e) - len(prefix)
	x, err := goparser.ParseFile(token.NewFileSet(), "", text, goparser.SkipObjectResolution)
	if err != nil {
		f.failGo(err, base, e)
		return nil, false
	}
	decl, ok := x.Decls[0].(*ast.FuncDecl)
	if !ok || len(x.Decls) != 1 || decl.Type.Results != nil {
		f.fail(f.src.start(e), "", "expected a template such as \"templ Name(p Param) {\"")
		return nil, false
	}
	s := &signature{decl: decl, name: decl.Name.Name, kinds: map[string]kind{}}
	s.pos = f.src.at(base + int(decl.Name.Pos()) - 1)
	if s.name == "_" {
		f.fail(s.pos, "", "a template needs a name")
		return nil, false
	}
	from, to := int(decl.Type.Params.Opening), int(decl.Type.Params.Closing)-1
	s.params, s.at = text[from:to], base+from
	s.direct = decl.Recv == nil && decl.Type.TypeParams == nil
	if decl.Recv != nil {
		s.name = receiverType(decl.Recv) + "_" + s.name
		s.note(decl.Recv)
	}
	s.note(decl.Type.Params)
	for _, name := range append(s.args, s.receiver()) {
		if name = strings.TrimSuffix(name, "..."); reserved(name) {
			f.failReserved(s.pos, name)
			return nil, false
		}
	}
	return s, true
}

// note adds the names of parameters.
func (s *signature) note(fields *ast.FieldList) {
	for _, field := range fields.List {
		if len(field.Names) == 0 {
			s.direct = false
		}
		k := unknown
		if id, ok := field.Type.(*ast.Ident); ok && !s.typeParameter(id.Name) {
			k = basicTypes[id.Name]
		}
		_, variadic := field.Type.(*ast.Ellipsis)
		for _, n := range field.Names {
			s.kinds[n.Name] = k
			if fields == s.decl.Recv {
				continue
			}
			if n.Name == "_" || n.Name == "ctx" { // ctx is declared in the body
				s.direct = false
			}
			arg := n.Name
			if variadic {
				arg += "..."
			}
			s.args = append(s.args, arg)
		}
	}
}

// typeParameter reports whether a name is that of a type parameter.
func (s *signature) typeParameter(name string) bool {
	if s.decl.Type.TypeParams == nil {
		return false
	}
	for _, field := range s.decl.Type.TypeParams.List {
		for _, n := range field.Names {
			if n.Name == name {
				return true
			}
		}
	}
	return false
}

// variadic reports whether the last parameter takes any number of values.
func (s *signature) variadic() bool {
	return len(s.args) > 0 && strings.HasSuffix(s.args[len(s.args)-1], "...")
}

func (s *signature) receiver() string {
	if s.decl.Recv == nil || len(s.decl.Recv.List) == 0 || len(s.decl.Recv.List[0].Names) == 0 {
		return ""
	}
	return s.decl.Recv.List[0].Names[0].Name
}

// receiverType returns the name of the type that has the method.
func receiverType(recv *ast.FieldList) string {
	if len(recv.List) == 0 {
		return ""
	}
	for e := recv.List[0].Type; ; {
		switch x := e.(type) {
		case *ast.StarExpr:
			e = x.X
		case *ast.ParenExpr:
			e = x.X
		case *ast.IndexExpr:
			e = x.X
		case *ast.IndexListExpr:
			e = x.X
		case *ast.Ident:
			return x.Name
		default:
			return ""
		}
	}
}

func (f *file) failReserved(at position, name string) {
	f.fail(at, "rename it", "the name %s is reserved for generated code", name)
}

// reserved reports whether a name could be one of those in generated code.
func reserved(name string) bool {
	rest, ok := strings.CutPrefix(name, "bennu")
	return ok && (rest == "render" || rest != "" && (rest[0] >= 'A' && rest[0] <= 'Z'))
}
