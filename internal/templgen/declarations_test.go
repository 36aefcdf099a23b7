package templgen

import (
	"bytes"
	"go/ast"
	goparser "go/parser"
	"go/printer"
	"go/token"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// declarations returns the heads of what a Go file declares, without what only
// generated code refers to.
func declarations(t *testing.T, text []byte) []string {
	t.Helper()
	fset := token.NewFileSet()
	file, err := goparser.ParseFile(fset, "", text, goparser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	all := []string{"package " + file.Name.Name}
	for _, d := range file.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			d.Body = nil
		case *ast.GenDecl:
			if d.Tok == token.IMPORT || strings.HasPrefix(declaredName(d), "bennu") || declaredName(d) == "_" {
				continue
			}
		}
		var b bytes.Buffer
		if err := printer.Fprint(&b, fset, d); err != nil {
			t.Fatal(err)
		}
		if head := strings.Join(strings.Fields(b.String()), " "); !strings.HasPrefix(head, "func bennuR_") {
			all = append(all, head)
		}
	}
	return all
}

func declaredName(d *ast.GenDecl) string {
	if v, ok := d.Specs[0].(*ast.ValueSpec); ok {
		return v.Names[0].Name
	}
	return ""
}

// templ's language server lays templ's own output over ours. Editors see the
// same names with the same types in both.
func TestDeclaresWhatTemplDeclares(t *testing.T) {
	t.Parallel()
	for _, name := range features(t) {
		text := keyAttribute.ReplaceAllString(readFile(t, filepath.Join("testdata", name, "x.templ")), "")
		if strings.HasPrefix(name, "ours_") {
			continue
		}
		ours, theirs := declarations(t, translate(t, name+"/x.templ", text)), declarations(t, templGenerate(t, text))
		if !slices.Equal(ours, theirs) {
			t.Errorf("%s declares\n%q, templ\n%q", name, ours, theirs)
		}
	}
}
