package templgen

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/a-h/templ/parser/v2"
)

// A pkg is what the templ files of one Go package know of each other.
type pkg struct {
	templates map[string]*signature // functions, by name
	methods   map[string]*signature // by receiver and name
	names     map[string]bool       // declared at top level by the Go in templ files
}

func newPkg() *pkg {
	return &pkg{templates: map[string]*signature{}, methods: map[string]*signature{}, names: map[string]bool{}}
}

// Tree generates every directory at and below root. Directories that are
// hidden or named node_modules, testdata or vendor are skipped. The error is
// about files that cannot be read or written; what is wrong in templates is in
// the result.
func Tree(root string) (Result, error) { return tree(root, replace) }

// Dir generates the templ files of one directory. If one of them is wrong,
// none of its Go files are written.
func Dir(dir string) (Result, error) { return directory(dir, dir, replace) }

// Check does what Tree does without writing. Written are the files that would
// have been.
func Check(root string) (Result, error) {
	return tree(root, func(string, []byte) error { return nil })
}

func tree(root string, write func(string, []byte) error) (Result, error) {
	var all Result
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if !d.IsDir() {
			return nil
		}
		if path != root && skipped(d.Name()) {
			return filepath.SkipDir
		}
		r, err := directory(root, path, write)
		all.add(r)
		return err
	})
	if err != nil {
		return all, fmt.Errorf("templgen: %w", err)
	}
	return all, nil
}

func skipped(dir string) bool {
	switch dir {
	case "node_modules", "testdata", "vendor":
		return true
	}
	return strings.HasPrefix(dir, ".") || strings.HasPrefix(dir, "_")
}

// directory generates one directory; paths in the result are below root.
func directory(root, dir string, write func(string, []byte) error) (Result, error) {
	names, err := templNames(dir)
	if err != nil || len(names) == 0 {
		return Result{}, err
	}
	below, err := filepath.Rel(root, dir)
	if err != nil {
		return Result{}, err
	}
	files := make([]*file, len(names))
	for i, name := range names {
		text, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			return Result{}, err
		}
		files[i] = newFile(filepath.ToSlash(filepath.Join(below, name)), string(text))
	}
	texts, diagnostics := generate(files)
	r := Result{Diagnostics: diagnostics}
	if r.Failed() {
		return r, nil
	}
	for i, f := range files {
		target := filepath.Join(dir, f.out.goOut)
		shown := filepath.ToSlash(filepath.Join(below, f.out.goOut))
		old, err := os.ReadFile(target)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return r, err
		}
		if err == nil && bytes.Equal(old, texts[i]) {
			r.Unchanged = append(r.Unchanged, shown)
			continue
		}
		if err := write(target, texts[i]); err != nil {
			return r, err
		}
		r.Written = append(r.Written, shown)
	}
	return r, nil
}

// templNames returns the names of the templ files of a directory, sorted.
func templNames(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, e := range entries {
		if !e.IsDir() && filepath.Ext(e.Name()) == ".templ" && !strings.HasPrefix(e.Name(), ".") {
			names = append(names, e.Name())
		}
	}
	return names, nil
}

// generate translates the files of one directory.
func generate(files []*file) ([][]byte, []Diagnostic) {
	packages := map[string]*pkg{}
	for _, f := range files {
		if f.failed() {
			continue
		}
		p := packages[f.packageName]
		if p == nil {
			p = newPkg()
			packages[f.packageName] = p
		}
		f.join(p)
	}
	for _, p := range packages {
		p.nameMethods()
	}
	texts := make([][]byte, len(files))
	var all []Diagnostic
	for i, f := range files {
		if !f.failed() {
			texts[i] = f.generate()
		}
		all = append(all, f.diagnostics...)
	}
	sortDiagnostics(all)
	return texts, slices.Compact(all)
}

// join makes what a file declares known to its package.
func (f *file) join(p *pkg) {
	f.pkg = p
	for _, name := range f.names {
		p.names[name] = true
	}
	for _, n := range f.parsed.Nodes {
		h, ok := n.(*parser.HTMLTemplate)
		s := f.signatures[h]
		if !ok || s == nil {
			continue
		}
		s.file, s.blocked = f, f.constrained
		declared := p.templates
		if s.decl.Recv != nil {
			declared = p.methods
		}
		if other := declared[s.name]; other != nil && !s.blocked && !other.blocked {
			f.fail(s.pos, "rename one of them", "%s is declared at %s:%d:%d too", s.decl.Name.Name, other.file.path, other.pos.line, other.pos.col)
			continue
		}
		declared[s.name] = s
	}
}

// nameMethods sees to it that a method T.m and a function T_m do not generate
// the same names.
func (p *pkg) nameMethods() {
	for _, name := range slices.Sorted(maps.Keys(p.methods)) {
		s := p.methods[name]
		for p.templates[s.name] != nil || s.name != name && p.methods[s.name] != nil {
			s.name += "_"
		}
	}
}

// replace writes a file in one step, so that nobody reads half of it.
func replace(path string, text []byte) (err error) {
	tmp, err := os.CreateTemp(filepath.Dir(path), ".bennu-*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(tmp.Name()))
		}
	}()
	_, err = tmp.Write(text)
	err = errors.Join(err, tmp.Chmod(0o644), tmp.Close())
	if err != nil {
		return err
	}
	return os.Rename(tmp.Name(), path)
}
