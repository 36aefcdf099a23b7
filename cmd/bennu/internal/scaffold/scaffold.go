package scaffold

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"bennu/cmd/bennu/internal/paths"
	"bennu/internal/templgen"
)

// App is a new app, as it is asked for.
type App struct {
	// Dir is where it goes: a directory that is empty or not there yet.
	Dir string
	// Module is its module path; empty is the name of Dir.
	Module string
	// Framework is the directory of the framework's sources.
	Framework string
}

// Write makes the app and returns its name, which is also that of its program.
// On an error there is nothing in Dir: the files are written beside it and then
// moved.
func (a App) Write(ctx context.Context) (name string, err error) {
	dir, err := filepath.Abs(a.Dir)
	if err != nil {
		return "", err
	}
	names, err := chooseNames(filepath.Base(dir), a.Module)
	if err != nil {
		return "", err
	}
	if err := checkPlace(dir); err != nil {
		return "", err
	}
	mod, err := readFramework(a.Framework)
	if err != nil {
		return "", err
	}
	files, err := render(names)
	if err != nil {
		return "", err
	}
	if err := addKit(files, a.Framework); err != nil {
		return "", err
	}
	files["go.mod"] = mod.appModule(names.Module)
	files["go.sum"] = mod.appSums()

	fresh, err := os.MkdirTemp(filepath.Dir(dir), ".bennu-new-")
	if err != nil {
		return "", fmt.Errorf("no place for the app: %w", err)
	}
	defer func() { _ = os.RemoveAll(fresh) }() // gone or empty unless something failed
	if err := fill(ctx, fresh, files); err != nil {
		return "", err
	}
	return names.Name, move(fresh, dir)
}

// fill writes the files, the helpers of their routes and the Go of their
// templates.
func fill(ctx context.Context, dir string, files map[string][]byte) error {
	if err := os.Chmod(dir, 0o755); err != nil {
		return err
	}
	for name, text := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, text, 0o644); err != nil {
			return err
		}
	}
	plan, err := paths.Make(ctx, dir)
	if err != nil {
		return err
	}
	if len(plan.Problems) > 0 {
		return fmt.Errorf("a route of the new app is wrong, which is a mistake in bennu: %v", plan.Problems)
	}
	if err := plan.Write(); err != nil {
		return err
	}
	r, err := templgen.Tree(ctx, dir)
	if err != nil {
		return err
	}
	if r.Failed() {
		return fmt.Errorf("a template of the new app is wrong, which is a mistake in bennu: %v", r.Diagnostics)
	}
	return nil
}

// move puts what is in one directory into another one, which is empty or not
// there. When it fails, it takes back what it did.
func move(from, to string) (err error) {
	err = os.Mkdir(to, 0o755)
	made := err == nil
	if err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	entries, err := os.ReadDir(from)
	if err != nil {
		return err
	}
	var moved []string
	defer func() {
		if err == nil {
			return
		}
		for _, name := range slices.Backward(moved) {
			_ = os.Rename(filepath.Join(to, name), filepath.Join(from, name)) // the error that is returned comes first
		}
		if made {
			_ = os.Remove(to)
		}
	}()
	for _, e := range entries {
		if err := os.Rename(filepath.Join(from, e.Name()), filepath.Join(to, e.Name())); err != nil {
			return err
		}
		moved = append(moved, e.Name())
	}
	return nil
}
