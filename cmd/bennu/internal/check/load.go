package check

import (
	"context"
	"errors"
	"fmt"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"

	"golang.org/x/tools/go/packages"

	"bennu/cmd/bennu/internal/app"
	"bennu/cmd/bennu/internal/paths"
	"bennu/internal/templgen"
)

// readTemplates parses the templ files below root, as many at a time as there
// are processors. Those that do not parse are left out.
func readTemplates(root string) ([]*templFile, error) {
	var paths []string
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && path != root && skipped(d.Name()):
			return filepath.SkipDir
		case !d.IsDir() && filepath.Ext(path) == ".templ" && !strings.HasPrefix(d.Name(), "."):
			paths = append(paths, path)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	files := make([]*templFile, len(paths))
	errs := make([]error, len(paths))
	var wg sync.WaitGroup
	turns := make(chan struct{}, runtime.GOMAXPROCS(0))
	for i, path := range paths {
		turns <- struct{}{}
		wg.Go(func() {
			files[i], errs[i] = readTemplate(path)
			<-turns
		})
	}
	wg.Wait()
	return slices.DeleteFunc(files, func(f *templFile) bool { return f == nil }), errors.Join(errs...)
}

// skipped are the directories that the generator and the go command pass over.
func skipped(dir string) bool {
	switch dir {
	case "node_modules", "testdata", "vendor":
		return true
	}
	return strings.HasPrefix(dir, ".") || strings.HasPrefix(dir, "_")
}

// errNoPackages is what a directory without Go leads to.
var errNoPackages = errors.New("there is no Go package")

// loadPackages loads the packages at and below dir with their syntax and types.
// The texts stand for files on the disk. What does not compile comes as findings.
func loadPackages(ctx context.Context, dir string, texts map[string][]byte) (*token.FileSet, []*packages.Package, []Finding, error) {
	fset := token.NewFileSet()
	pkgs, err := packages.Load(&packages.Config{
		Context: ctx,
		Dir:     dir,
		Fset:    fset,
		Mode: packages.NeedName | packages.NeedFiles | packages.NeedCompiledGoFiles | packages.NeedImports |
			packages.NeedTypes | packages.NeedSyntax | packages.NeedTypesInfo | packages.NeedTypesSizes | packages.NeedModule,
		Overlay: texts,
	}, "./...")
	if err != nil {
		if ctx.Err() != nil {
			return nil, nil, nil, ctx.Err()
		}
		return nil, nil, nil, fmt.Errorf("the packages cannot be loaded: %w", err)
	}
	if len(pkgs) == 0 {
		return nil, nil, nil, errNoPackages
	}
	var found []Finding
	packages.Visit(pkgs, nil, func(p *packages.Package) {
		for _, e := range causes(p.Errors) {
			found = append(found, compileError(dir, p, e))
		}
	})
	return fset, pkgs, tidy(found), nil
}

// causes are the errors without those that follow from others: all but the first
// of a file that does not parse, what its types then lack, and what the compiler
// says once more.
func causes(errs []packages.Error) []packages.Error {
	first := map[string]bool{}
	parse := slices.ContainsFunc(errs, func(e packages.Error) bool { return e.Kind == packages.ParseError })
	typed := slices.ContainsFunc(errs, func(e packages.Error) bool { return e.Kind == packages.TypeError })
	return slices.DeleteFunc(slices.Clone(errs), func(e packages.Error) bool {
		switch e.Kind {
		case packages.ParseError:
			file, _, _ := strings.Cut(e.Pos, ":")
			again := first[file]
			first[file] = true
			return again
		case packages.TypeError:
			return parse
		}
		return strings.HasPrefix(e.Msg, "# ") && (parse || typed)
	})
}

// position is "file:line:col" or "file:line", as package packages writes it.
var position = regexp.MustCompile(`^(.+?):(\d+)(?::(\d+))?$`)

func compileError(dir string, p *packages.Package, e packages.Error) Finding {
	f := Finding{Check: checkCompile, Message: strings.TrimSpace(e.Msg)}
	m := position.FindStringSubmatch(e.Pos)
	if m == nil {
		if e.Pos != "" && e.Pos != "-" {
			f.Message = e.Pos + ": " + f.Message
		}
		f.File = filepath.Join(dir, "go.mod")
		if p.Module != nil && p.Module.GoMod != "" {
			f.File = p.Module.GoMod
		}
		return f
	}
	f.File = m[1]
	if !filepath.IsAbs(f.File) {
		f.File = filepath.Join(dir, f.File)
	}
	// Numbers too large to be a line stay 0, which is no line.
	f.Line, _ = strconv.Atoi(m[2])
	f.Col, _ = strconv.Atoi(m[3])
	f.Message = app.Explained(f.File, f.Message)
	if a := app.Apart(f.Message); a != nil {
		f.Message, f.Fix = a.Text, a.Fix
	}
	return f
}

// generated compares the generated files with what the generator would write,
// and returns those texts for the ones that differ.
func generated(ctx context.Context, root string) (texts map[string][]byte, found []Finding, failed bool, err error) {
	r, texts, err := templgen.Overlay(ctx, root)
	if err != nil {
		return nil, nil, false, err
	}
	for _, d := range r.Diagnostics {
		f := Finding{Check: checkTemplate, File: filepath.Join(root, filepath.FromSlash(d.File)), Line: d.Line, Col: d.Col, Message: d.Message, Fix: d.Hint}
		if d.Warning {
			f.Note = true
		}
		found = append(found, f)
	}
	for _, name := range r.Written {
		path := filepath.Join(root, filepath.FromSlash(name))
		f := Finding{Check: checkGenerated, File: path, Fix: "bennu generate"}
		old, err := os.ReadFile(path)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			f.Message = "the file is missing: its template has never been generated, or it was not committed"
		case err != nil:
			return nil, nil, false, err
		case strings.Contains(firstLine(old), "by templ"):
			f.Message = "plain templ wrote this file: the page would be sent whole for every change"
			f.Fix = "run bennu generate in place of templ generate"
		default:
			f.Message = "the file is out of date: it is not what its template says now"
		}
		found = append(found, f)
	}
	for _, name := range r.Removed {
		path := filepath.Join(root, filepath.FromSlash(name))
		found = append(found, Finding{Check: checkGenerated, File: path, Fix: "bennu generate, which removes it",
			Message: "the template of this file is gone, and what it declares is still in the program"})
		if texts[path], err = packageClause(path); err != nil {
			return nil, nil, false, err
		}
	}
	stale, err := helpers(ctx, root, texts)
	return texts, append(found, stale...), r.Failed(), err
}

// helpers compares the helpers of routes with what would be written, and adds
// that to the texts.
func helpers(ctx context.Context, root string, texts map[string][]byte) ([]Finding, error) {
	plan, err := paths.Make(ctx, root)
	if err != nil {
		return nil, err
	}
	var found []Finding
	for _, p := range plan.Problems {
		found = append(found, Finding{Check: checkRoute, File: p.File, Line: p.Line, Col: p.Col, Message: p.Message})
	}
	for _, p := range plan.Notes {
		found = append(found, note(Finding{Check: checkRoute, File: p.File, Line: p.Line, Col: p.Col, Message: p.Message}))
	}
	for _, f := range plan.Files {
		found = append(found, Finding{Check: checkGenerated, File: f.Path, Message: "the file " + f.State(), Fix: "bennu generate"})
		texts[f.Path] = f.Text
		if f.Text == nil {
			if texts[f.Path], err = packageClause(f.Path); err != nil {
				return nil, err
			}
		}
	}
	return found, nil
}

func firstLine(text []byte) string {
	line, _, _ := strings.Cut(string(text), "\n")
	return line
}

// packageClause is what stands for a file that is about to go.
func packageClause(path string) ([]byte, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	for line := range strings.Lines(string(text)) {
		if strings.HasPrefix(line, "package ") {
			return []byte(line), nil
		}
	}
	return nil, fmt.Errorf("%s has no package clause", path)
}
