package assets

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"bennu/cmd/bennu/internal/problem"

	"github.com/andybalholm/brotli"
)

var sources = map[string]string{
	"app.js":                "import { greet } from 'greet'\nimport { late } from './js/late.js'\ngreet(late)\n",
	"js/late.js":            "export const late = 'later'\n",
	"app.css":               "@import './css/base.css';\n.logo { background: url(/images/logo.svg) }\n",
	"css/base.css":          "body { margin: 0; color: #ff0000 }\n",
	"static/robots.txt":     "User-agent: *\n",
	"static/images/big.svg": "<svg>" + strings.Repeat("<path d='M0 0h10v10'/>", 200) + "</svg>",
	"static/.DS_Store":      "x",
	"dist/.keep":            "",
	"dist/app-OLD.js":       "old",
}

func build(t *testing.T, p Project) Report {
	t.Helper()
	r, err := p.Build(t.Context())
	if err != nil {
		t.Fatalf("Build: %v", err)
	}
	return r
}

func readManifest(t *testing.T, p Project) map[string]string {
	t.Helper()
	var m map[string]string
	if err := json.Unmarshal([]byte(read(t, filepath.Join(p.Dist(), ManifestName))), &m); err != nil {
		t.Fatal(err)
	}
	return m
}

func TestBuild(t *testing.T) {
	t.Parallel()
	p := project(t, sources)
	report := build(t, p)
	m := readManifest(t, p)

	want := []string{"app.css", "app.js", "images/big.svg", "robots.txt"}
	if got := slices.Sorted(maps.Keys(m)); !slices.Equal(got, want) {
		t.Fatalf("manifest names %v, want %v", got, want)
	}
	withHash := regexp.MustCompile(`^app-[A-Z2-7]{8}\.(js|css)$`)
	for name, file := range m {
		if strings.HasPrefix(name, "app") != withHash.MatchString(file) || !isFile(filepath.Join(p.Dist(), file)) {
			t.Errorf("%s became %q, want a file, with a hash when it was built", name, file)
		}
	}
	script := read(t, filepath.Join(p.Dist(), m["app.js"]))
	if !strings.Contains(script, "hello") || strings.Contains(script, "\n  ") {
		t.Errorf("script is not bundled and minified:\n%s", script)
	}
	style := read(t, filepath.Join(p.Dist(), m["app.css"]))
	if !strings.Contains(style, "body{margin:0;color:red}") || !strings.Contains(style, "url(/images/logo.svg)") {
		t.Errorf("style = %s", style)
	}
	for _, file := range []string{"robots.txt", ".keep"} {
		read(t, filepath.Join(p.Dist(), file))
	}
	// A map holds the sources, comments and all, which are nobody else's.
	if maps, err := filepath.Glob(filepath.Join(p.Dist(), "*.map*")); err != nil || len(maps) > 0 || strings.Contains(script+read(t, filepath.Join(p.Dist(), m["app.css"])), "sourceMappingURL") {
		t.Errorf("the production build has source maps: %v, %v", maps, err)
	}
	for _, file := range []string{"app-OLD.js", ".DS_Store", "robots.txt.br"} {
		if isFile(filepath.Join(p.Dist(), file)) {
			t.Errorf("dist has %s", file)
		}
	}
	if left, _ := filepath.Glob(filepath.Join(p.Dist(), ".new-*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
	for _, f := range report.Files {
		if f.Name == "app.js" && (f.File != m["app.js"] || f.Raw != len(script)) {
			t.Errorf("report says %+v of a script of %d bytes in %s", f, len(script), m["app.js"])
		}
	}
}

func TestCompressedFilesHoldTheSame(t *testing.T) {
	t.Parallel()
	p := project(t, sources)
	build(t, p)
	file := filepath.Join(p.Dist(), "images", "big.svg")
	want := read(t, file)
	br, err := io.ReadAll(brotli.NewReader(strings.NewReader(read(t, file+".br"))))
	if err != nil || string(br) != want {
		t.Errorf("brotli: %v, %d bytes, want %d", err, len(br), len(want))
	}
	zr, err := gzip.NewReader(strings.NewReader(read(t, file+".gz")))
	if err != nil {
		t.Fatal(err)
	}
	gz, err := io.ReadAll(zr)
	if err != nil || string(gz) != want {
		t.Errorf("gzip: %v, %d bytes, want %d", err, len(gz), len(want))
	}
}

func TestNamesFollowTheContent(t *testing.T) {
	t.Parallel()
	one, other := project(t, sources), project(t, sources)
	build(t, one)
	build(t, other)
	for _, e := range dirNames(t, one.Dist()) {
		a, b := read(t, filepath.Join(one.Dist(), e)), read(t, filepath.Join(other.Dist(), e))
		if a != b {
			t.Errorf("%s is not the same in two equal builds", e)
		}
	}
	before := readManifest(t, one)
	write(t, one.Dir, map[string]string{"js/late.js": "export const late = 'never'\n"})
	build(t, one)
	after := readManifest(t, one)
	if before["app.js"] == after["app.js"] || before["app.css"] != after["app.css"] {
		t.Errorf("a change of the script: %v became %v", before, after)
	}
}

func dirNames(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		if !e.IsDir() {
			names = append(names, e.Name())
		}
	}
	return names
}

func TestProblemsHavePositions(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, file, text string
		want             problem.Problem
	}{
		{"syntax", "js/late.js", "export const late = \n  ;\n",
			problem.Problem{Line: 2, Col: 3, Source: "  ;", Message: `Unexpected ";"`}},
		{"unknown package", "app.js", "import 'greed'\n",
			problem.Problem{Line: 1, Col: 8, Source: "import 'greed'", Message: `Could not resolve "greed"`}},
		{"style", "app.css", "@import './no.css';\n",
			problem.Problem{Line: 1, Col: 9, Source: "@import './no.css';", Message: `Could not resolve "./no.css"`}},
	} {
		p := project(t, sources)
		build(t, p)
		before := readManifest(t, p)
		write(t, p.Dir, map[string]string{tt.file: tt.text})
		_, err := p.Build(t.Context())
		var f *problem.Failure
		if !errors.As(err, &f) || len(f.Problems) == 0 {
			t.Errorf("%s: Build = %v, want a failure with problems", tt.name, err)
			continue
		}
		got := f.Problems[0]
		if got.File != p.path(tt.file) || got.Line != tt.want.Line || got.Col != tt.want.Col ||
			got.Source != tt.want.Source || !strings.HasPrefix(got.Message, tt.want.Message) {
			t.Errorf("%s: got %+v\nwant %+v in %s", tt.name, got, tt.want, tt.file)
		}
		if after := readManifest(t, p); !maps.Equal(before, after) {
			t.Errorf("%s: a failed build changed dist from %v to %v", tt.name, before, after)
		}
	}
}

func TestWithoutNodeModulesTheProblemSaysWhatToRun(t *testing.T) {
	t.Parallel()
	p := project(t, sources)
	if err := os.RemoveAll(p.path("node_modules")); err != nil {
		t.Fatal(err)
	}
	_, err := p.Build(t.Context())
	if err == nil || !strings.Contains(err.Error(), "bennu assets setup "+p.Dir) {
		t.Errorf("Build = %v, want the command that installs", err)
	}
}

func TestManifest(t *testing.T) {
	t.Parallel()
	files := func(names ...string) map[string][]byte {
		m := make(map[string][]byte)
		for _, n := range names {
			m[n] = nil
		}
		return m
	}
	for _, tt := range []struct {
		name          string
		built, static map[string][]byte
		want          map[string]string
		err           string
	}{
		{"usual", files("app-AAAAAAAA.js", "app-AAAAAAAA.js.map", "font-BBBBBBBB.woff2"), files("a/logo.svg", "x-CCCCCCCC.png"),
			map[string]string{"app.js": "app-AAAAAAAA.js", "app.js.map": "app-AAAAAAAA.js.map", "font.woff2": "font-BBBBBBBB.woff2",
				"a/logo.svg": "a/logo.svg", "x-CCCCCCCC.png": "x-CCCCCCCC.png"}, ""},
		{"fonts of one name", files("font-AAAAAAAA.woff2", "font-BBBBBBBB.woff2"), nil,
			map[string]string{"font.woff2": "font-AAAAAAAA.woff2", "font-BBBBBBBB.woff2": "font-BBBBBBBB.woff2"}, ""},
		{"font and static", files("font-AAAAAAAA.woff2"), files("font.woff2"),
			map[string]string{"font.woff2": "font.woff2", "font-AAAAAAAA.woff2": "font-AAAAAAAA.woff2"}, ""},
		{"two style sheets", files("app-AAAAAAAA.css", "app-BBBBBBBB.css"), nil, nil, "would both be app.css"},
		{"static script", files("app-AAAAAAAA.js"), files("app.js"), nil, "would both be app.js"},
		{"static with a hash", files("font-AAAAAAAA.woff2", "font-BBBBBBBB.woff2"), files("font.woff2", "font-BBBBBBBB.woff2"), nil,
			"would both be font-BBBBBBBB.woff2"},
	} {
		got, err := manifest(tt.built, tt.static)
		if tt.err != "" {
			if err == nil || !strings.Contains(err.Error(), tt.err) {
				t.Errorf("%s: error %v, want %q in it", tt.name, err, tt.err)
			}
			continue
		}
		if err != nil || !maps.Equal(got, tt.want) {
			t.Errorf("%s: manifest = %v, %v, want %v", tt.name, got, err, tt.want)
		}
	}
}

func TestReportIsReadable(t *testing.T) {
	t.Parallel()
	r := Report{Files: []Built{
		{"app.css", "app-ABCDEFGH.css", 20_480, 5_000},
		{"app.js", "app-HGFEDCBA.js", 151_701, 41_297},
	}}
	var b bytes.Buffer
	r.Print(&b)
	want := "  app.css    20.5 kB    5.0 kB brotli  app-ABCDEFGH.css\n" +
		"  app.js    151.7 kB   41.3 kB brotli  app-HGFEDCBA.js\n"
	if b.String() != want {
		t.Errorf("Print:\n%s\nwant:\n%s", b.String(), want)
	}
}
