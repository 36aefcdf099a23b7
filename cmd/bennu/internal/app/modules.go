package app

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// Modules fetches the modules that the app's packages and tests import. Where
// go.mod does not have them all, it is made to, and changed is true.
func (a App) Modules(ctx context.Context) (changed bool, err error) {
	// All packages can be found: then all modules are there.
	if _, err := a.goTool(ctx, "list", "-deps", "-test", "-f", "", "./..."); err == nil {
		return false, nil
	} else if errors.Is(err, exec.ErrNotFound) || ctx.Err() != nil {
		return false, err
	} else if apart := Apart(err.Error()); apart != nil {
		return false, apart // go mod tidy would say nothing of it
	}
	before, err := a.moduleFiles()
	if err != nil {
		return false, err
	}
	if _, err := a.goTool(ctx, "mod", "tidy"); err != nil {
		return false, err
	}
	after, err := a.moduleFiles()
	return err == nil && before != after, err
}

func (a App) moduleFiles() (string, error) {
	var all strings.Builder
	for _, name := range []string{"go.mod", "go.sum"} {
		text, err := os.ReadFile(filepath.Join(a.Root, name))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return "", err
		}
		fmt.Fprintf(&all, "%d:%s", len(text), text)
	}
	return all.String(), nil
}

// goTool runs the go command in the app's module; the error has what it says.
func (a App) goTool(ctx context.Context, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir = a.Root
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	switch {
	case err == nil:
		return stdout.String(), nil
	case ctx.Err() != nil:
		return "", ctx.Err()
	case errors.Is(err, exec.ErrNotFound):
		return "", errNoGo(err)
	}
	return "", fmt.Errorf("go %s: %w\n%s", strings.Join(args, " "), err, bytes.TrimSpace(stderr.Bytes()))
}

func errNoGo(err error) error {
	return fmt.Errorf("the go command is not on the PATH: get Go at https://go.dev/dl (%w)", err)
}
