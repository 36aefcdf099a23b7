package assets

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"time"
)

// Setup installs the packages that the lock names when node_modules has others
// or is missing, and reports whether it had to. npm's own words go to out.
// Scripts of packages are not run: none that are needed here has any.
func (p Project) Setup(ctx context.Context, out io.Writer) (installed bool, err error) {
	if !isFile(p.path("package.json")) {
		return false, nil
	}
	current, err := p.installed()
	if err != nil || current {
		return false, err
	}
	npm, err := lookNode("npm")
	if err != nil {
		return false, err
	}
	cmd := exec.CommandContext(ctx, npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
	cmd.Dir = p.Dir
	cmd.Stdout, cmd.Stderr = out, out
	cmd.WaitDelay = 5 * time.Second
	if err := cmd.Run(); err != nil {
		if ctx.Err() != nil {
			return false, ctx.Err()
		}
		return false, fmt.Errorf("assets: npm ci in %s: %w; what npm printed above says why "+
			"(no network, or a lock that does not fit package.json: `npm install --ignore-scripts` renews it)", p.Dir, err)
	}
	return true, nil
}

// lock is what package-lock.json and node_modules/.package-lock.json, npm's own
// note of what it installed, have in common.
type lock struct {
	Packages map[string]struct {
		Version   string `json:"version"`
		Integrity string `json:"integrity"`
		Optional  bool   `json:"optional"`
		InBundle  bool   `json:"inBundle"`
	} `json:"packages"`
}

// installed reports whether node_modules is what the lock asks for. Optional
// packages may be missing: they are those of other systems.
func (p Project) installed() (bool, error) {
	want, err := readLock(p.path("package-lock.json"))
	if errors.Is(err, fs.ErrNotExist) {
		return false, fmt.Errorf("assets: %s is missing; `npm install --ignore-scripts` in %s makes it, and it wants to be committed",
			p.path("package-lock.json"), p.Dir)
	}
	if err != nil {
		return false, err
	}
	have, err := readLock(p.path("node_modules", ".package-lock.json"))
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	for name, w := range want.Packages {
		if name == "" {
			continue // the project itself
		}
		h, ok := have.Packages[name]
		if !ok && (w.Optional || w.InBundle) {
			continue
		}
		if !ok || h.Version != w.Version || h.Integrity != w.Integrity {
			return false, nil
		}
	}
	return true, nil
}

func readLock(path string) (lock, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return lock{}, fmt.Errorf("assets: %w", err)
	}
	var l lock
	if err := json.Unmarshal(text, &l); err != nil {
		return lock{}, fmt.Errorf("assets: %s: %w", path, err)
	}
	return l, nil
}
