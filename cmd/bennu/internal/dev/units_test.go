package dev

import (
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"bennu/cmd/bennu/internal/app"
)

func write(t *testing.T, dir string, files map[string]string) {
	t.Helper()
	for name, text := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func TestClassify(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write(t, dir, map[string]string{"go.mod": "module shop", "main.go": "package main", "web/assets/app.js": "", "web/a.templ": "", "web/a_templ.go": ""})
	a, err := findSite(Config{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]kind{
		"web/a.templ":                     template,
		"web/a_templ.go":                  ignored,
		"web/paths/paths_gen.go":          ignored, // ours, made in each build
		"web/by_hand_templ.go":            source,
		"main.go":                         source,
		"main_test.go":                    ignored,
		"go.mod":                          source,
		"db/0001.sql":                     source,
		"shop.db-wal":                     ignored,
		"app.log":                         ignored,
		"web/.a.templ.swp":                ignored,
		"web/a.templ~":                    ignored,
		"web/.#a.templ":                   ignored,
		"web/hooks/chart.js":              script,
		"web/extra.css":                   style,
		"web/assets/app.js":               script,
		"web/assets/js/hook.ts":           script,
		"web/assets/fonts/a.woff2":        script,
		"web/assets/app.css":              style,
		"web/assets/static/logo.svg":      static,
		"web/assets/static/print.css":     static,
		"web/assets/package-lock.json":    packages,
		"web/assets/js/package.json":      script,
		"web/assets/dist/app.js":          ignored,
		"web/assets/node_modules/a/a.mjs": ignored,
		"web/assets/embed.go":             source,
		"web/gone" + separator:            source,
	} {
		if got := a.classify(dir + separator + path); got != want {
			t.Errorf("classify(%q) = %d, want %d", path, got, want)
		}
	}
	for path, want := range map[string]bool{
		"": false, "web": false, "web/bin": false,
		"bin": true, ".git": true, ".bennu": true, "web/assets/dist": true, "web/assets/node_modules": true, "vendor": true,
	} {
		if got := a.skipDir(filepath.Join(dir, path)); got != want {
			t.Errorf("skipDir(%q) = %v, want %v", path, got, want)
		}
	}
}

func TestCrash(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write(t, dir, map[string]string{"main.go": "package main\n\nfunc main() { panic(\"no\") }\n"})
	s := site{App: app.App{Dir: dir}}
	said := "2026 INFO starting\npanic: no\n\ngoroutine 1 [running]:\nother.F()\n\t/elsewhere/f.go:3 +0x1\nmain.main()\n\t" +
		filepath.Join(dir, "main.go") + ":3 +0x2c\nexit status 2\n"
	got := s.crash(errors.New("exit status 2"), said, false)
	if got.File != filepath.Join(dir, "main.go") || got.Line != 3 || !strings.HasPrefix(got.Source, "func main()") {
		t.Errorf("place is %s:%d %q, want the app's own frame", got.File, got.Line, got.Source)
	}
	if !strings.HasPrefix(got.Message, "The app ended before it was ready: exit status 2\n\npanic: no") || strings.Contains(got.Message, "INFO") {
		t.Errorf("message = %q, want the panic alone", got.Message)
	}
	got = s.crash(nil, "listen tcp :4000: bind: address already in use\n", true)
	for _, want := range []string{"while it was running: exit status 0", "app.ListenAndServe", "bind: address"} {
		if !strings.Contains(got.Message, want) {
			t.Errorf("message = %q, want %q in it", got.Message, want)
		}
	}
	if got := lastWords(strings.Repeat("x\n", 1000)); strings.Count(got, "x") != maxCrashLines {
		t.Errorf("last words are %d lines, want %d", strings.Count(got, "x"), maxCrashLines)
	}
}

// SEED-26: the message names the port, who has it, and the way out.
func TestSEED26PortTaken(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	taken := l.Addr().(*net.TCPAddr).Port
	_, err = openPort(l.Addr().String(), "make demo")
	if err == nil {
		t.Fatal("openPort of a taken port succeeded")
	}
	for _, want := range []string{fmt.Sprintf("port %d is taken by", taken), "PORT=", " make demo"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("error %q, want %q in it", err, want)
		}
	}
	if own := "(process " + strconv.Itoa(os.Getpid()) + ")"; portOwner(taken) != "" && !strings.Contains(err.Error(), own) {
		t.Errorf("error %q, want the owner %s", err, own)
	}
}

func TestOpenPortErrors(t *testing.T) {
	t.Parallel()
	if _, err := openPort("4000", defaultCommand); err == nil || !strings.Contains(err.Error(), "expected host:port or :port") {
		t.Errorf(`openPort("4000") = %v`, err)
	}
}

func TestPortURL(t *testing.T) {
	t.Parallel()
	for addr, want := range map[string]string{":0": "http://localhost:", "127.0.0.1:0": "http://localhost:", "0.0.0.0:0": "http://localhost:"} {
		p, err := openPort(addr, defaultCommand)
		if err != nil {
			t.Fatal(err)
		}
		if got := p.url(); !strings.HasPrefix(got, want) {
			t.Errorf("url of %s = %s, want %s…", addr, got, want)
		}
		if err := p.Close(); err != nil {
			t.Error(err)
		}
	}
}

func TestTailKeepsTheEnd(t *testing.T) {
	t.Parallel()
	var tl tail
	for i := range 10_000 {
		fmt.Fprintf(&tl, "line %d\n", i)
	}
	if got := tl.String(); len(got) > tailSize || !strings.HasSuffix(got, "line 9999\n") {
		t.Errorf("kept %d bytes that end with %q", len(got), got[len(got)-10:])
	}
}
