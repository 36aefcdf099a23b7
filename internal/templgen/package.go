package templgen

import (
	"bytes"
	"context"
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

// Dir generates the templ files of one directory. If one of them is wrong,
// none of its Go files are touched.
func Dir(ctx context.Context, dir string) (Result, error) {
	r, err := directory(ctx, dir, dir, onDisk{})
	if err != nil {
		return r, fmt.Errorf("templgen: %w", err)
	}
	return r, nil
}

// maxTemplate is the size of the largest template. The parser's time and memory
// grow with the square of the size.
const maxTemplate = 512 << 10

// directory generates one directory; paths in the result are below root.
func directory(ctx context.Context, root, dir string, out output) (Result, error) {
	templates, goFiles, err := list(dir)
	if err != nil {
		return Result{}, err
	}
	below, err := filepath.Rel(root, dir)
	if err != nil {
		return Result{}, err
	}
	shown := func(name string) string { return filepath.ToSlash(filepath.Join(below, name)) }
	var odd []Diagnostic
	var files []*file
	for _, name := range templates {
		if err := ctx.Err(); err != nil {
			return Result{}, err
		}
		path := filepath.Join(dir, name)
		if why := unreadable(path); why != "" {
			odd = append(odd, Diagnostic{File: shown(name), Message: why, Hint: "it is left out", Warning: true})
			continue
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return Result{}, err
		}
		if len(text) > maxTemplate {
			return Result{Diagnostics: []Diagnostic{{
				File:    shown(name),
				Message: fmt.Sprintf("the template has %d bytes, the most is %d", len(text), maxTemplate),
				Hint:    "split it, or read what is data at run time",
			}}}, nil
		}
		files = append(files, newFile(shown(name), string(text)))
	}
	texts, diagnostics := generate(files)
	r := Result{Diagnostics: append(odd, diagnostics...)}
	if r.Failed() {
		return r, nil
	}
	for i, f := range files {
		target := filepath.Join(dir, f.out.goOut)
		if err := ctx.Err(); err != nil {
			return r, err
		}
		if why := unreadable(target); why != "" && isThere(target) {
			return r, fmt.Errorf("%s stands where the Go of a template belongs: %s; remove it", target, why)
		}
		old, err := os.ReadFile(target)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return r, err
		}
		if err == nil && bytes.Equal(old, texts[i]) {
			r.Unchanged = append(r.Unchanged, shown(f.out.goOut))
			continue
		}
		if err := out.write(target, texts[i]); err != nil {
			return r, err
		}
		r.Written = append(r.Written, shown(f.out.goOut))
	}
	for _, name := range goFiles {
		target := filepath.Join(dir, name)
		orphan, err := isOrphan(target, templates)
		if err != nil {
			return r, err
		}
		if !orphan {
			continue
		}
		if err := out.remove(target); err != nil {
			return r, err
		}
		r.Removed = append(r.Removed, shown(name))
	}
	return r, nil
}

// list returns the names of the templates of a directory and of the Go files
// that may come from templates, sorted.
func list(dir string) (templates, goFiles []string, err error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, nil, err
	}
	for _, e := range entries {
		name := e.Name()
		switch {
		case e.IsDir() || strings.HasPrefix(name, "."):
		case filepath.Ext(name) == ".templ":
			templates = append(templates, name)
		case strings.HasSuffix(name, "_templ.go") && unreadable(filepath.Join(dir, name)) == "":
			goFiles = append(goFiles, name)
		}
	}
	return templates, goFiles, nil
}

// unreadable says why a path is no file to read: reading a named pipe waits for
// somebody who writes. It is "" for files and for links to files.
func unreadable(path string) string {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "a link that leads nowhere"
	case err != nil:
		return err.Error()
	case info.IsDir():
		return "a directory"
	case info.Mode()&fs.ModeNamedPipe != 0:
		return "a named pipe, not a file"
	case !info.Mode().IsRegular():
		return "a device or socket, not a file"
	}
	return ""
}

func isThere(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}

// isOrphan reports whether a Go file was generated from a template that is
// gone. It would stay in the program.
func isOrphan(path string, templates []string) (bool, error) {
	if slices.Contains(templates, strings.TrimSuffix(filepath.Base(path), "_templ.go")+".templ") {
		return false, nil
	}
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil // removed in the meantime
	}
	return bytes.HasPrefix(text, []byte(header+"\n")), err
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
