package scaffold

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
)

// Stamp is where the framework is, when whoever built the command said so:
//
//	go build -ldflags "-X bennu/cmd/bennu/internal/scaffold.Stamp=$PWD" ./cmd/bennu
var Stamp string

// errNoFramework is what there is to do when nothing was found.
var errNoFramework = errors.New("the framework is nowhere to be found: an app is built on its sources, which this command " +
	"was not told of, which are no longer where it was built from, and which no go.mod here names; " +
	"give their directory with --framework DIR")

// FindFramework is the absolute path of the framework's sources: the directory
// asked for, or else the one stamped into this command, the one that it was
// compiled from, or the one that the module of the current directory uses.
func FindFramework(ctx context.Context, asked string) (string, error) {
	if asked != "" {
		dir, err := filepath.Abs(asked)
		if err != nil {
			return "", err
		}
		ok, err := isFramework(dir)
		if err == nil && !ok {
			err = fmt.Errorf("--framework %s: expected the directory of the framework, with a go.mod that says \"module %s\"", asked, frameworkModule)
		}
		return dir, err
	}
	return firstFramework(
		func() string { return Stamp },
		compiledFrom,
		func() string { return listed(ctx) },
	)
}

// firstFramework is the first of the places that has the framework.
func firstFramework(places ...func() string) (string, error) {
	for _, place := range places {
		dir := place()
		if dir == "" || !filepath.IsAbs(dir) {
			continue // -trimpath leaves paths that are none
		}
		if ok, err := isFramework(dir); err == nil && ok {
			return filepath.Clean(dir), nil
		}
	}
	return "", errNoFramework
}

// compiledFrom is the module around the source of this file.
func compiledFrom() string {
	_, file, _, _ := runtime.Caller(0)
	if !filepath.IsAbs(file) {
		return ""
	}
	for dir := filepath.Dir(file); dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		if ok, err := isFramework(dir); err == nil && ok {
			return dir
		}
	}
	return ""
}

// listed is where the go command finds the framework from the current directory.
func listed(ctx context.Context) string {
	out, err := exec.CommandContext(ctx, "go", "list", "-m", "-f", "{{.Dir}}", frameworkModule).Output()
	if err != nil {
		return "" // no go command, or no module that uses it
	}
	return strings.TrimSpace(string(out))
}
