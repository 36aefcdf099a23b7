package dev

import (
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"bennu/cmd/bennu/internal/app"
)

// Config is what `bennu dev` was asked for.
type Config struct {
	Dir   string   // the app's directory; "" is the current one
	Main  string   // the main package, relative to Dir; "" finds it
	Addr  string   // where to listen; "" is :4000
	Watch []string // more directories to watch
	Args  []string // arguments for the app
	// Command is what to type to start us again, for advice; "" is bennu dev.
	Command string
	Out     io.Writer // where our own lines and npm's go; nil is standard output
	// Stdout and Stderr get the app's output unchanged; nil are our own.
	Stdout, Stderr io.Writer
}

// site is an app with our own places in it and around it.
type site struct {
	app.App
	work    string   // our own files, ignored by git
	watched []string // trees to watch, the app's first
}

// findSite looks up what the configuration leaves open.
func findSite(cfg Config) (site, error) {
	a, err := app.Find(cfg.Dir, cfg.Main)
	if err != nil {
		return site{}, err
	}
	s := site{App: a, work: filepath.Join(a.Dir, ".bennu"), watched: []string{a.Dir}}
	for _, dir := range cfg.Watch {
		abs, err := filepath.Abs(dir)
		if err != nil {
			return site{}, err
		}
		if info, err := os.Stat(abs); err != nil || !info.IsDir() {
			return site{}, fmt.Errorf("--watch %s is not a directory", dir)
		}
		s.watched = append(s.watched, abs)
	}
	return s, nil
}

func (s site) binary() string { return filepath.Join(s.work, "bin", "app") }
func (s site) dist() string   { return filepath.Join(s.work, "dist") }

// prepare makes our directory with an empty place for bundles.
func (s site) prepare() error {
	if err := os.RemoveAll(s.dist()); err != nil {
		return err
	}
	for _, dir := range []string{s.dist(), filepath.Dir(s.binary())} {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return err
		}
	}
	return os.WriteFile(filepath.Join(s.work, ".gitignore"), []byte("*\n"), 0o644)
}

// secret is a key that stays the same from one build to the next, so that
// sessions and open pages do. It is made at the first start.
func (s site) secret() (string, error) {
	file := filepath.Join(s.work, "secret")
	text, err := os.ReadFile(file)
	if err == nil && len(text) >= 64 {
		return string(text), nil
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", err
	}
	key := make([]byte, 64)
	if _, err := rand.Read(key); err != nil {
		return "", err
	}
	fresh := base64.RawURLEncoding.EncodeToString(key)
	return fresh, os.WriteFile(file, []byte(fresh), 0o600)
}
