package paths

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"go/ast"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"bennu/cmd/bennu/internal/problem"
)

// A Plan is what the helpers of a tree are to be.
type Plan struct {
	// Files are those that are not yet as they are to be.
	Files []File
	// Problems are why helpers cannot be made; their files are not in Files.
	Problems []problem.Problem
	// Notes tell of routes that get no helper.
	Notes []problem.Problem
}

// File is a generated file; Text is nil for one that is to go.
type File struct {
	Path string
	Text []byte
}

// State says what is wrong with the file as it is.
func (f File) State() string {
	switch _, err := os.Lstat(f.Path); {
	case f.Text == nil:
		return "belongs to no routes any more"
	case errors.Is(err, fs.ErrNotExist):
		return "is missing"
	}
	return "is out of date: it is not what the routes say now"
}

const pathsComment = "//bennu:paths"

// Make reads the Go below a directory and plans the helpers of the apps in it.
// It changes nothing.
func Make(ctx context.Context, dir string) (Plan, error) {
	var p Plan
	dir, err := filepath.Abs(dir)
	if err != nil {
		return p, err
	}
	t, err := scan(ctx, dir)
	if err != nil {
		return p, err
	}
	owned := map[string]string{} // directory of helpers -> file whose routes they are
	for _, file := range t.asking {
		s, err := readFile(file)
		if err != nil {
			return p, err
		}
		if len(s.syntax) > 0 {
			p.Problems = append(p.Problems, s.syntax...)
			if s.dir != "" {
				owned[s.dir] = file
			}
			continue
		}
		if s.wrong != nil {
			p.Problems = append(p.Problems, *s.wrong)
			continue
		}
		if s.dir == "" {
			continue // the words stand in a text
		}
		if first := owned[s.dir]; first != "" && first != file {
			p.Problems = append(p.Problems, problem.Problem{File: file, Message: fmt.Sprintf(
				"its helpers would be written to %s, as those of %s are; name another directory: %s paths2", s.dir, first, pathsComment)})
			continue
		}
		owned[s.dir] = file
		if err := p.add(s, file); err != nil {
			return p, err
		}
	}
	for _, old := range t.generated {
		if owned[filepath.Dir(old.path)] == "" && !old.aliveOutside(dir) {
			p.Files = append(p.Files, File{Path: old.path})
		}
	}
	return p, nil
}

// add plans the file of one app.
func (p *Plan) add(s site, file string) error {
	pkg := filepath.Base(s.dir)
	helpers, problems := collect(s.routes, pkg)
	if !token.IsIdentifier(pkg) {
		problems = append(problems, problem.Problem{File: file, Message: fmt.Sprintf("%s: %q is no name for a package", pathsComment, pkg)})
	}
	for _, u := range s.unread {
		p.Notes = append(p.Notes, problem.WithSource(problem.Problem{
			File: u.Source.Filename, Line: u.Source.Line, Col: u.Source.Column,
			Message: "this path is made at run time, so it has no helper",
		}))
	}
	if len(problems) > 0 {
		p.Problems = append(p.Problems, problems...)
		return nil
	}
	source, err := filepath.Rel(s.dir, file)
	if err != nil {
		return err
	}
	text, err := write(pkg, filepath.ToSlash(source), helpers)
	if err != nil {
		return fmt.Errorf("the helpers of %s do not parse, which is a mistake in bennu: %w", file, err)
	}
	path := filepath.Join(s.dir, FileName)
	old, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err != nil || !bytes.Equal(old, text) {
		p.Files = append(p.Files, File{path, text})
	}
	return nil
}

// Write does what the plan says.
func (p Plan) Write() error {
	for _, f := range p.Files {
		if f.Text == nil {
			if err := os.Remove(f.Path); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return err
			}
			continue
		}
		if err := replace(f.Path, f.Text); err != nil {
			return err
		}
	}
	return nil
}

// replace writes a file whole or not at all.
func replace(path string, text []byte) error {
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	temp, err := os.CreateTemp(dir, ".paths-*.tmp")
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(temp.Name()) }() // gone unless something failed
	_, err = temp.Write(text)
	if err := cmp.Or(err, temp.Chmod(0o644), temp.Close()); err != nil {
		return err
	}
	return os.Rename(temp.Name(), path)
}

// site is an app as one of its files registers it.
type site struct {
	dir    string // of the helpers, "" for none
	routes []Route
	unread []Unread
	syntax []problem.Problem
	wrong  *problem.Problem // with the comment
}

// readFile reads the routes of the function in a file that asks for helpers.
func readFile(file string) (site, error) {
	var s site
	root := moduleRoot(filepath.Dir(file))
	if root == "" {
		s.wrong = &problem.Problem{File: file, Message: pathsComment + ": there is no go.mod in its directory nor above it"}
		return s, nil
	}
	m, err := newModule(root)
	if err != nil {
		return s, err
	}
	importPath, err := m.importPath(filepath.Dir(file))
	if err != nil {
		return s, err
	}
	p, err := m.load(filepath.Dir(file), importPath)
	if err != nil {
		return s, err
	}
	r := newReader(m)
	for _, f := range p.files {
		if m.fset.File(f.FileStart).Name() != file {
			continue
		}
		for _, d := range f.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok {
				continue
			}
			dir, found := directive(fn.Doc)
			if !found {
				continue
			}
			s.dir = filepath.Join(filepath.Dir(file), filepath.FromSlash(dir))
			r.enterDecl(p, fn)
		}
		if s.dir == "" {
			s.wrong = misplaced(m.fset, f, file)
		}
	}
	s.syntax = m.syntax
	s.routes, s.unread = r.routes, r.unread
	return s, nil
}

// misplaced is a problem when the comment stands where it is not seen.
func misplaced(fset *token.FileSet, f *ast.File, file string) *problem.Problem {
	for _, group := range f.Comments {
		if _, found := directive(group); found {
			at := fset.Position(group.Pos())
			p := problem.WithSource(problem.Problem{File: file, Line: at.Line, Col: at.Column,
				Message: pathsComment + " stands above nothing; write it in the comment of the function that registers the routes, directly above it"})
			return &p
		}
	}
	return nil
}

// directive is the directory that a comment asks for helpers in.
func directive(doc *ast.CommentGroup) (dir string, found bool) {
	if doc == nil {
		return "", false
	}
	for _, c := range doc.List {
		if rest, ok := strings.CutPrefix(c.Text, pathsComment); ok && (rest == "" || rest[0] == ' ') {
			return cmp.Or(strings.TrimSpace(rest), "paths"), true
		}
	}
	return "", false
}

func newReader(m *module) *reader {
	return &reader{module: m, names: map[*ast.File]map[int]string{}, visited: map[string]bool{}, open: map[*ast.FuncLit]bool{}}
}

// moduleRoot is the nearest directory upwards that has a go.mod, "" for none.
func moduleRoot(dir string) string {
	for {
		if info, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil && info.Mode().IsRegular() {
			return dir
		}
		up := filepath.Dir(dir)
		if up == dir {
			return ""
		}
		dir = up
	}
}

// tree is what a scan finds.
type tree struct {
	asking    []string // files with the comment
	making    []string // files that import bennu
	mains     []string // files of main packages
	generated []old
}

// old is a generated file.
type old struct{ path, source string }

// aliveOutside reports whether the file that it comes from is not in the tree
// and still asks for helpers.
func (o old) aliveOutside(tree string) bool {
	source := filepath.Join(filepath.Dir(o.path), filepath.FromSlash(o.source))
	if rel, err := filepath.Rel(tree, source); err == nil && filepath.IsLocal(rel) {
		return false
	}
	text, err := os.ReadFile(source)
	return err == nil && bytes.Contains(text, []byte(pathsComment))
}

var generatedBy = regexp.MustCompile(`^// Code generated by bennu from the routes of (.+)\. DO NOT EDIT\.\n`)

// scan looks for what concerns us in the Go files at and below dir.
func scan(ctx context.Context, dir string) (tree, error) {
	var t tree
	err := filepath.WalkDir(dir, func(file string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case ctx.Err() != nil:
			return ctx.Err()
		case d.IsDir() && file != dir && skipped(d.Name()):
			return filepath.SkipDir
		case d.IsDir() || filepath.Ext(file) != ".go" || strings.HasSuffix(file, "_test.go") || strings.HasSuffix(file, "_templ.go"):
			return nil
		}
		text, err := os.ReadFile(file)
		if errors.Is(err, fs.ErrNotExist) {
			return nil // gone meanwhile
		}
		if err != nil {
			return err
		}
		if m := generatedBy.FindSubmatch(text); m != nil && d.Name() == FileName {
			t.generated = append(t.generated, old{file, string(m[1])})
			return nil
		}
		if bytes.Contains(text, []byte("\n"+pathsComment)) {
			t.asking = append(t.asking, file)
		}
		if bytes.Contains(text, []byte(`"bennu"`)) {
			t.making = append(t.making, file)
		}
		if bytes.Contains(text, []byte("\npackage main\n")) || bytes.HasPrefix(text, []byte("package main\n")) {
			t.mains = append(t.mains, file)
		}
		return nil
	})
	slices.Sort(t.asking)
	return t, err
}

// skipped are the directories that the go command and the generator pass over.
func skipped(dir string) bool {
	switch dir {
	case "node_modules", "testdata", "vendor":
		return true
	}
	return strings.HasPrefix(dir, ".") || strings.HasPrefix(dir, "_")
}
