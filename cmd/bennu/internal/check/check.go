package check

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// Options choose what [Run] reports beside what is wrong.
type Options struct {
	// Notes adds what may well be meant as it is.
	Notes bool
	// Raw lists the places where text goes out as it is, and nothing else.
	Raw bool
}

// Run checks the templates and packages at and below dir, and returns what it
// found, sorted by place. An app that does not compile, or a template that does
// not parse, is a finding: the checks that need no types have run all the same.
// The error is about what keeps it from looking at all.
func Run(ctx context.Context, dir string, opt Options) ([]Finding, error) {
	root, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	// What the go command reports has no symbolic links in it.
	if root, err = filepath.EvalSymlinks(root); err != nil {
		return nil, err
	}
	if !inModule(root) {
		return nil, fmt.Errorf("there is no go.mod in %s nor above it: is this the directory of an app?", root)
	}
	texts, found, failed, err := generated(ctx, root)
	if err != nil {
		return nil, err
	}
	p := &program{root: root}
	if p.files, err = readTemplates(root); err != nil {
		return nil, err
	}
	if !failed {
		wrong, err := p.load(ctx, texts)
		if err != nil {
			return nil, err
		}
		found = append(found, wrong...)
	}
	if opt.Raw {
		return p.raw(found)
	}
	found = append(found, p.checkAttributes()...)
	found = append(found, p.checkIDs()...)
	found = append(found, p.checkStreams()...)
	if p.live != nil {
		for _, c := range []func() []Finding{
			p.checkEvents, p.checkPayloads, p.checkScripts, p.checkGoroutines, p.checkMethods, p.checkSockets, p.checkComponents,
		} {
			found = append(found, c()...)
		}
	}
	links, err := p.checkLinks(ctx)
	if err != nil {
		return nil, err
	}
	found = append(found, links...)
	if found, err = p.silence(found); err != nil {
		return nil, err
	}
	return chosen(tidy(found), opt), nil
}

// inModule reports whether a directory or one above it has a go.mod.
func inModule(dir string) bool {
	for !isModule(dir) {
		up := filepath.Dir(dir)
		if up == dir {
			return false
		}
		dir = up
	}
	return true
}

// isModule reports whether a directory has a go.mod.
func isModule(dir string) bool {
	info, err := os.Stat(filepath.Join(dir, "go.mod"))
	return err == nil && info.Mode().IsRegular()
}

// load takes in the program with its types, or says why it does not compile.
func (p *program) load(ctx context.Context, texts map[string][]byte) ([]Finding, error) {
	fset, pkgs, wrong, err := loadPackages(ctx, p.root, texts)
	switch {
	case errors.Is(err, errNoPackages) && len(p.files) > 0:
		return nil, nil // templates alone can be checked as far as they go
	case errors.Is(err, errNoPackages):
		return nil, fmt.Errorf("%w nor a template in %s", err, p.root)
	case err != nil, len(wrong) > 0:
		return wrong, err
	}
	p.know(fset, pkgs)
	return nil, nil
}

// raw is the listing of Options.Raw. It needs a program that compiles.
func (p *program) raw(found []Finding) ([]Finding, error) {
	if p.pkgs != nil {
		return p.listRaw(), nil
	}
	return tidy(found), nil
}

func chosen(found []Finding, opt Options) []Finding {
	var out []Finding
	for _, f := range found {
		if f.element = 0; !f.Note || opt.Notes {
			out = append(out, f)
		}
	}
	return out
}
