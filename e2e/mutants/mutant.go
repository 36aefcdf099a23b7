package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// mutant is a mistake that somebody could make in the runtime.
type mutant struct {
	name  string // what is wrong
	file  string // from the root of the repository
	right string // stands in the file once
	wrong string // takes its place
}

// broken returns the file with the mistake in it.
func (m mutant) broken(root string) ([]byte, error) {
	text, err := os.ReadFile(filepath.Join(root, m.file))
	if err != nil {
		return nil, err
	}
	if n := strings.Count(string(text), m.right); n != 1 {
		return nil, fmt.Errorf("mutant %q: its place stands %d times in %s, want once; the code has changed, so change the mutant with it:\n%s", m.name, n, m.file, m.right)
	}
	return []byte(strings.Replace(string(text), m.right, m.wrong, 1)), nil
}

// try returns the names of the proofs that catch the mutant, the first one alone
// unless all are to be run.
func (m mutant) try(dir string, steps int, all bool) (by []string, err error) {
	root, err := filepath.Abs("..")
	if err != nil {
		return nil, err
	}
	text, err := m.broken(root)
	if err != nil {
		return nil, err
	}
	file := filepath.Join(dir, filepath.Base(m.file))
	if err := os.WriteFile(file, text, 0o644); err != nil {
		return nil, err
	}
	for _, p := range proofs {
		caught, _, err := p.run(dir, map[string]string{filepath.Join(root, m.file): file}, steps)
		if err != nil {
			return nil, fmt.Errorf("mutant %q: %w", m.name, err)
		}
		if caught {
			by = append(by, p.name)
			if !all {
				break
			}
		}
	}
	return by, nil
}

// proof is a random walk that has to fail over a mutant.
type proof struct {
	name string
	dir  string // from e2e
	test func(steps int) (args, env []string)
}

var proofs = []proof{
	{"the walks of package render", "..", func(steps int) (args, env []string) {
		return []string{"-run=Test(ClientShowsWhatTheServerRenders|TrackedLoopsShowWhatThereIs|WhatStandsOnceInThePage)", "./render", fmt.Sprintf("-steps=%d", steps/8)}, nil
	}},
	{"the official client", ".", func(steps int) (args, env []string) {
		return []string{"-run=TestOfficialClientShows|TestComponentsAndStreams", "./oracle"}, []string{fmt.Sprintf("ORACLE_STEPS=%d", steps)}
	}},
}

// run runs the proof with some files replaced by others and reports whether it
// failed, and what it printed.
func (p proof) run(dir string, replace map[string]string, steps int) (failed bool, out []byte, err error) {
	overlay, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		return false, nil, err
	}
	file := filepath.Join(dir, "overlay.json")
	if err := os.WriteFile(file, overlay, 0o644); err != nil {
		return false, nil, err
	}
	args, env := p.test(steps)
	// A walk that never ends is caught by its time.
	cmd := exec.Command("go", append([]string{"test", "-count=1", "-vet=off", "-failfast", "-timeout=120s", "-overlay=" + file}, args...)...)
	cmd.Dir = p.dir
	cmd.Env = append(os.Environ(), env...)
	out, err = cmd.CombinedOutput()
	var exit *exec.ExitError
	switch {
	case err == nil:
		return false, out, nil
	case !errors.As(err, &exit):
		return false, out, err
	case strings.Contains(string(out), "[build failed]") || strings.Contains(string(out), "[setup failed]"):
		return false, out, fmt.Errorf("it does not compile:\n%s", out)
	}
	return true, out, nil
}
