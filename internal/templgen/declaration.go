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
		if spec.Name != nil && reserved(name) {
			f.failReserved(f.src.at(f.src.offset(n.Expression)+int(spec.Pos())-1-len(prefix)), name)
		}
		f.imports[name] = importPath
	}
	for _, d := range x.Decls {
		for _, id := range declaredBy(d) {
			if reserved(id.Name) {
				f.failReserved(f.src.at(f.src.offset(n.Expression)+int(id.Pos())-1-len(prefix)), id.Name)
			}
			f.names = append(f.names, id.Name)
		}
	}
}

// declaredBy returns the names that a declaration adds to the package.
func declaredBy(d ast.Decl) []*ast.Ident {
	var names []*ast.Ident
	switch d := d.(type) {
	case *ast.FuncDecl:
		if d.Recv == nil {
			names = append(names, d.Name)
		}
	case *ast.GenDecl:
		for _, s := range d.Specs {
			switch s := s.(type) {
			case *ast.TypeSpec:
				names = append(names, s.Name)
			case *ast.ValueSpec:
				names = append(names, s.Names...)
			}
		}
	}
	return names
}
