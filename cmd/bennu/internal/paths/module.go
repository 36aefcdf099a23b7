package paths

import (
	"errors"
	"fmt"
	"go/ast"
	"go/build"
	"go/parser"
	"go/scanner"
	"go/token"
	"go/types"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"bennu/cmd/bennu/internal/problem"
)

// A module is the Go of an app, as far as it was asked for.
type module struct {
	root, path string
	whole      bool // read all packages with the bodies of their functions
	fset       *token.FileSet
	bennu      *types.Package
	packages   map[string]*source // by import path; nil while one is read
	funcs      map[*types.Func]*function
	vars       map[*types.Var]*variable
	syntax     []problem.Problem // files that do not parse
}

// A source is a package of the module.
type source struct {
	dir   string
	types *types.Package
	info  *types.Info
	files []*ast.File
}

// A function is one that is declared in the module.
type function struct {
	decl *ast.FuncDecl
	in   *source
}

// A variable is one of a package, with what its declaration embeds.
type variable struct {
	dir    string
	embeds []string // patterns of go:embed
}

func newModule(root string) (*module, error) {
	name, err := moduleName(filepath.Join(root, "go.mod"))
	if err != nil {
		return nil, err
	}
	return &module{
		root: root, path: name, fset: token.NewFileSet(), bennu: stubPackage(),
		packages: map[string]*source{}, funcs: map[*types.Func]*function{}, vars: map[*types.Var]*variable{},
	}, nil
}

// moduleName is what a go.mod calls its module.
func moduleName(file string) (string, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return "", err
	}
	for line := range strings.Lines(string(text)) {
		line, _, _ = strings.Cut(line, "//")
		if words := strings.Fields(line); len(words) == 2 && words[0] == "module" {
			return strings.Trim(words[1], "\"`"), nil
		}
	}
	return "", fmt.Errorf("%s names no module: expected a line such as \"module example.com/shop\"", file)
}

// importPath is that of the package in a directory of the module.
func (m *module) importPath(dir string) (string, error) {
	rel, err := filepath.Rel(m.root, dir)
	if err != nil {
		return "", err
	}
	if rel == "." {
		return m.path, nil
	}
	return m.path + "/" + filepath.ToSlash(rel), nil
}

// Import implements [types.Importer]. It never fails: what is not found is a
// package without anything in it.
func (m *module) Import(importPath string) (*types.Package, error) {
	switch importPath {
	case bennuPath:
		return m.bennu, nil
	case "unsafe":
		return types.Unsafe, nil
	}
	if p, known := m.packages[importPath]; known {
		if p == nil {
			return unknownPackage(importPath), nil // an import cycle, which does not compile
		}
		return p.types, nil
	}
	rest, own := strings.CutPrefix(importPath, m.path+"/")
	if !own {
		return unknownPackage(importPath), nil
	}
	dir := filepath.Join(m.root, filepath.FromSlash(rest))
	if _, err := os.Stat(dir); err != nil {
		return unknownPackage(importPath), nil
	}
	p, err := m.load(dir, importPath)
	if err != nil {
		return unknownPackage(importPath), nil // the compiler says why
	}
	return p.types, nil
}

// load reads the package in a directory of the module.
func (m *module) load(dir, importPath string) (*source, error) {
	if p := m.packages[importPath]; p != nil {
		return p, nil
	}
	m.packages[importPath] = nil
	files, err := m.parse(dir)
	if err != nil {
		return nil, err
	}
	p := &source{dir: dir, files: files, info: &types.Info{
		Types: map[ast.Expr]types.TypeAndValue{}, Defs: map[*ast.Ident]types.Object{},
		Uses: map[*ast.Ident]types.Object{}, Selections: map[*ast.SelectorExpr]*types.Selection{},
	}}
	conf := types.Config{Importer: m, Error: func(error) {}, IgnoreFuncBodies: !m.whole && !importsBennu(files)}
	// It reports what does not compile, which is no matter here.
	p.types, _ = conf.Check(importPath, m.fset, files, p.info)
	m.packages[importPath] = p
	m.declare(p)
	return p, nil
}

// parse reads the files that a build on this machine takes.
func (m *module) parse(dir string) ([]*ast.File, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var files []*ast.File
	for _, e := range entries {
		name := e.Name()
		if e.IsDir() || filepath.Ext(name) != ".go" || strings.HasSuffix(name, "_test.go") || strings.HasPrefix(name, ".") || strings.HasPrefix(name, "_") {
			continue
		}
		if ok, err := build.Default.MatchFile(dir, name); err != nil || !ok {
			continue
		}
		f, err := parser.ParseFile(m.fset, filepath.Join(dir, name), nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			m.syntax = append(m.syntax, syntaxError(filepath.Join(dir, name), err))
		}
		if f != nil {
			files = append(files, f)
		}
	}
	return files, nil
}

func syntaxError(file string, err error) problem.Problem {
	p := problem.Problem{Tool: "go", File: file, Message: err.Error()}
	var list scanner.ErrorList
	if errors.As(err, &list) && len(list) > 0 {
		p.Line, p.Col, p.Message = list[0].Pos.Line, list[0].Pos.Column, list[0].Msg
	}
	return problem.WithSource(p)
}

// importsBennu reports whether the bodies of a package's functions may have to
// do with routes.
func importsBennu(files []*ast.File) bool {
	for _, f := range files {
		for _, i := range f.Imports {
			if path, err := strconv.Unquote(i.Path.Value); err == nil && path == bennuPath {
				return true
			}
		}
	}
	return false
}

// declare notes the functions of a package, and the variables that embed files.
func (m *module) declare(p *source) {
	for _, file := range p.files {
		for _, d := range file.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				if fn, ok := p.info.Defs[d.Name].(*types.Func); ok {
					m.funcs[fn] = &function{d, p}
				}
			case *ast.GenDecl:
				m.declareVars(p, d)
			}
		}
	}
}

func (m *module) declareVars(p *source, d *ast.GenDecl) {
	for _, s := range d.Specs {
		s, ok := s.(*ast.ValueSpec)
		if !ok || len(s.Names) != 1 {
			continue
		}
		doc := s.Doc
		if doc == nil {
			doc = d.Doc
		}
		v, ok := p.info.Defs[s.Names[0]].(*types.Var)
		if patterns := embedPatterns(doc); ok && len(patterns) > 0 {
			m.vars[v] = &variable{p.dir, patterns}
		}
	}
}
