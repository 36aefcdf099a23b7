package main

import (
	"bytes"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"bennu/token"
)

// cli runs the command line in this process.
func cli(t *testing.T, args ...string) (status int, stdout, stderr string) {
	t.Helper()
	var out, errOut bytes.Buffer
	status = run(t.Context(), args, &out, &errOut)
	return status, out.String(), errOut.String()
}

func TestCommandLine(t *testing.T) {
	t.Parallel()
	empty := t.TempDir()
	for _, tt := range []struct {
		args   []string
		status int
		stdout string
		stderr string
	}{
		{nil, 2, "", "Commands:"},
		{[]string{"help"}, 0, "bennu dev", ""},
		{[]string{"--help"}, 0, "Commands:", ""},
		{[]string{"help", "dev"}, 0, "Usage: bennu dev [--dir PATH]", ""},
		{[]string{"dev", "-h"}, 0, "Usage: bennu dev", ""},
		{[]string{"help", "generate"}, 0, "Usage: bennu generate [--check] [DIR ...]\n\nWrites x_templ.go", ""},
		{[]string{"help", "dve"}, 2, "", `there is no command "dve", did you mean "dev"?`},
		{[]string{"help", "nope"}, 2, "", "bennu help: there is no command \"nope\"; they are new, setup, dev, build, routes, generate, check, assets, gen, doctor, version, help\n"},
		{[]string{"genrate"}, 2, "", `there is no command "genrate", did you mean "generate"? ` + "`bennu help` lists them\n"},
		{[]string{"xyzzy"}, 2, "", "there is no command \"xyzzy\"; `bennu help` lists them"},
		{[]string{"help", "a", "b"}, 2, "", "expected one command"},
		{[]string{"version"}, 0, "bennu ", ""},
		{[]string{"-v"}, 0, "bennu ", ""},
		{[]string{"version", "x"}, 2, "", "expected no arguments"},
		{[]string{"dev", "--port", "1"}, 2, "", "flag provided but not defined: -port\n`bennu help dev` tells more"},
		{[]string{"dev", "examples"}, 2, "", "--dir examples"},
		{[]string{"dev", "--dir", empty}, 1, "", "there is no go.mod in"},
		{[]string{"dev", "--dir", filepath.Join(empty, "none")}, 1, "", "is not a directory"},
		{[]string{"dev", "--addr", "x:y:z"}, 1, "", "expected host:port"},
		{[]string{"dev", "--addr", "foo"}, 1, "", "--addr is \"foo\": expected host:port, :port or a port, as in --addr :4000\n"},
		{[]string{"gen"}, 2, "", "expected what to make: secret"},
		{[]string{"gen", "secrte"}, 2, "", `did you mean "secret"?`},
		{[]string{"assets"}, 2, "", "expected build or setup"},
		{[]string{"assets", "--help"}, 0, "Usage: bennu assets", ""},
		{[]string{"assets", "build"}, 2, "", "expected one directory"},
		{[]string{"assets", "biuld", empty}, 2, "", `there is no "biuld", did you mean "build"?`},
		{[]string{"assets", "build", empty}, 1, "", "bennu assets: nothing to build in " + empty + ": expected app.js, app.ts or app.css"},
		{[]string{"generate", filepath.Join(empty, "none")}, 1, "", "bennu generate: lstat "},
	} {
		status, stdout, stderr := cli(t, tt.args...)
		if status != tt.status {
			t.Errorf("bennu %q: status %d, want %d", tt.args, status, tt.status)
		}
		if !strings.Contains(stdout, tt.stdout) || tt.stdout == "" && stdout != "" {
			t.Errorf("bennu %q: stdout %q, want %q", tt.args, stdout, tt.stdout)
		}
		if !strings.Contains(stderr, tt.stderr) || tt.stderr == "" && stderr != "" {
			t.Errorf("bennu %q: stderr %q, want %q", tt.args, stderr, tt.stderr)
		}
	}
}

func TestEveryCommandIsExplained(t *testing.T) {
	t.Parallel()
	for _, c := range commands() {
		if c.short == "" || c.long == "" || len(c.short) > 70 {
			t.Errorf("%s: the list says %q, the explanation has %d bytes", c.name, c.short, len(c.long))
		}
	}
}

func TestGenSecretIsLongEnoughAndNew(t *testing.T) {
	t.Parallel()
	_, one, _ := cli(t, "gen", "secret")
	_, other, _ := cli(t, "gen", "secret")
	one, other = strings.TrimSpace(one), strings.TrimSpace(other)
	if one == other {
		t.Error("two secrets are equal")
	}
	if _, err := token.New(one); err != nil {
		t.Errorf("token.New refuses the secret: %v", err)
	}
}

func TestDidYouMean(t *testing.T) {
	t.Parallel()
	known := []string{"dev", "generate", "assets", "help"}
	for word, want := range map[string]string{
		"dv": "dev", "gen": "generate", "generat": "generate", "assests": "assets", "": "", "q": "", "HELP": "",
	} {
		if want != "" {
			want = fmt.Sprintf(", did you mean %q?", want)
		}
		if got := didYouMean(word, known); got != want {
			t.Errorf("didYouMean(%q) = %q, want %q", word, got, want)
		}
	}
}

func TestAssetsBuild(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "app.js"), []byte("console.log(1)\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	status, stdout, stderr := cli(t, "assets", "build", dir)
	if status != 0 || !strings.Contains(stdout, "app.js") || !strings.Contains(stdout, "built "+dir) || stderr != "" {
		t.Errorf("status %d, stdout %q, stderr %q", status, stdout, stderr)
	}
	if err := os.WriteFile(filepath.Join(dir, "app.js"), []byte("let x = ;\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	status, _, stderr = cli(t, "assets", "build", dir)
	want := fmt.Sprintf("%s:1:9: Unexpected \";\"\n    1 | let x = ;\n                ^", filepath.Join(dir, "app.js"))
	if status != 1 || !strings.Contains(stderr, want) {
		t.Errorf("status %d, stderr:\n%s\nwant:\n%s", status, stderr, want)
	}
	if status, stdout, _ := cli(t, "assets", "setup", dir); status != 0 || !strings.Contains(stdout, "is current") {
		t.Errorf("setup without packages: status %d, stdout %q", status, stdout)
	}
}

// SEED-26: a second server says which port is taken and what to do, and fails.
func TestSEED26DevOnATakenPort(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	dir := t.TempDir()
	for name, text := range map[string]string{"main.go": "package main\n", "go.mod": "module shop\n"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	status, _, stderr := cli(t, "dev", "--dir", dir, "--addr", l.Addr().String())
	want := fmt.Sprintf("port %d is taken by", l.Addr().(*net.TCPAddr).Port)
	if status != 1 || !strings.Contains(stderr, want) || !strings.Contains(stderr, "PORT=") {
		t.Errorf("status %d, stderr %q, want %q and PORT=", status, stderr, want)
	}
}

func TestAddress(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ addr, port, want, wrong string }{
		{"", "", ":4000", ""},
		{"", "4001", ":4001", ""},
		{"4002", "4001", ":4002", ""},
		{":4002", "abc", ":4002", ""},
		{"[::1]:4002", "", "[::1]:4002", ""},
		{"", "abc", "", `PORT is "abc": expected a number from 0 to 65535`},
		{"", "65536", "", `PORT is "65536": expected`},
		{"", "localhost:4000", "", `PORT is "localhost:4000": expected`},
		{"localhost", "4001", "", `--addr is "localhost": expected host:port`},
		{"localhost:http", "", "", `--addr is "localhost:http": expected host:port`},
	} {
		got, err := address(tt.addr, tt.port)
		if got != tt.want || (err != nil) != (tt.wrong != "") || err != nil && !strings.Contains(err.Error(), tt.wrong) {
			t.Errorf("--addr %q, PORT=%q: %q, %v, want %q, %q", tt.addr, tt.port, got, err, tt.want, tt.wrong)
		}
	}
}
