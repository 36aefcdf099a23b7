package templgen

import (
	"go/ast"
	goparser "go/parser"
	"go/token"
	"path"
	"strconv"

	"github.com/a-h/templ/parser/v2"
)

// readGo notes what Go between templates imports and declares.
func (f *file) readGo(n *parser.TemplateFileGoExpression) {
	const prefix = "package p\n"
	x, err := goparser.ParseFile(token.NewFileSet(), "", prefix+n.Expression.Value+"\n", goparser.SkipObjectResolution)
	if err != nil {
		f.failGo(err, f.src.offset(n.Expression)-len(prefix), n.Expression)
		return
	}
	for _, spec := range x.Imports {
		importPath, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			continue // Go's parser has refused it
		}
		name := path.Base(importPath)
		if spec.Name != nil {
			name = spec.Name.Name
		}
		f.imports[name] = importPath
	}
	for _, d := range x.Decls {
		f.names = append(f.names, declaredBy(d)...)
	}
}

// declaredBy returns the names that a declaration adds to the package.
func declaredBy(d ast.Decl) []string {
	var names []string
	switch d := d.(type) {
	case *ast.FuncDecl:
		if d.Recv == nil {
			names = append(names, d.Name.Name)
		}
	case *ast.GenDecl:
		for _, s := range d.Specs {
			switch s := s.(type) {
			case *ast.TypeSpec:
				names = append(names, s.Name.Name)
			case *ast.ValueSpec:
				for _, id := range s.Names {
					names = append(names, id.Name)
				}
			}
		}
	}
	return names
}
