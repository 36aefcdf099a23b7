package editor

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

const view = `package shop

import (
	"github.com/a-h/templ"

	"bennu/live"
)

// Counter is a page with a number.
type Counter struct{ Count int }

// Events has the button.
func (c *Counter) Events() live.Events { return live.Events{"add": live.Do(c.add)} }

func (c *Counter) add(*live.Socket) error { c.Count++; return nil }

// Render draws it.
func (c *Counter) Render() templ.Component { return page(c) }
`

const page = `package shop

templ page(c *Counter) {
	<button phx-click="add">+</button>
	for n := range c.Count {
		<b :key={ n }>{ n }</b>
	}
	@total(c.Count)
}
`

const parts = `package shop

// total is in a file of its own.
templ total(n int) {
	<output>{ n }</output>
}
`

// shop writes a program, with its templates generated.
func shop(t *testing.T) string {
	t.Helper()
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	repository, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	read := func(name string) string {
		text, err := os.ReadFile(filepath.Join(repository, name))
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	for name, text := range map[string]string{
		"view.go": view, "page.templ": page, "parts.templ": parts, "go.sum": read("go.sum"),
		"go.mod": strings.Replace(read("go.mod"), "module bennu\n", "module shop\n", 1) +
			"\nrequire bennu v0.0.0\n\nreplace bennu => " + repository + "\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if out, err := exec.CommandContext(t.Context(), filepath.Join(repository, "bin", "bennu"), "generate", dir).CombinedOutput(); err != nil {
		t.Fatalf("bennu generate: %v\n%s", err, out)
	}
	return dir
}

// tools builds templ and gopls as tools/editor pins them, and returns their
// directory. With a build cache that has them it takes seconds.
func tools(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	ctx, cancel := context.WithTimeout(t.Context(), 15*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, "go", "build", "-o", dir+string(filepath.Separator), "github.com/a-h/templ/cmd/templ", "golang.org/x/tools/gopls")
	cmd.Dir = "../../tools/editor"
	cmd.Env = append(os.Environ(), "GOWORK=off")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("go build of the language servers: %v\n%s", err, out)
	}
	return dir
}

// at is the position of a part of a text, where the mark ‸ stands in it.
func at(t *testing.T, text, part string) position {
	t.Helper()
	before, after, ok := strings.Cut(part, "‸")
	i := strings.Index(text, before+after)
	if !ok || i < 0 {
		t.Fatalf("%q is not in the text", part)
	}
	head := text[:i+len(before)]
	return position{strings.Count(head, "\n"), len(head) - strings.LastIndex(head, "\n") - 1}
}

// TestEditor opens a template whose Go is ours and does what people do in it.
// A server that does not read all templates at its start sees what the generator
// wrote for the others.
func TestEditor(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("builds gopls")
	}
	bin := tools(t)
	t.Run("as plugins start it", func(t *testing.T) {
		t.Parallel()
		work(t, bin)
	})
	t.Run("as it is started for large programs", func(t *testing.T) {
		t.Parallel()
		work(t, bin, "-no-preload")
	})
}

func work(t *testing.T, bin string, flags ...string) {
	dir := shop(t)
	cmd := exec.Command(filepath.Join(bin, "templ"), append([]string{"lsp"}, flags...)...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "PATH="+bin+string(os.PathListSeparator)+os.Getenv("PATH"), "GOWORK=off", "HOME="+t.TempDir(),
		"GOMODCACHE="+env(t, "GOMODCACHE"), "GOCACHE="+env(t, "GOCACHE"))
	f := &document{editor: open(t, cmd), path: filepath.Join(dir, "page.templ"), text: page}
	f.notify("textDocument/didOpen", map[string]any{
		"textDocument": map[string]any{"uri": uri(f.path), "languageId": "templ", "version": 1, "text": page},
	})

	for _, tt := range []struct{ from, file, to, in string }{
		{"range c.‸Count", "view.go", "struct{ ‸Count int }", view},
		{"page(c *‸Counter)", "view.go", "type ‸Counter struct", view},
		{"@‸total(c.Count)", "parts.templ", "templ ‸total(n int)", parts},
		{"{ ‸n }</b>", "page.templ", "for ‸n := range", page},
	} {
		var found []location
		f.call("textDocument/definition", f.here(tt.from), &found)
		file, start := uri(filepath.Join(dir, tt.file)), at(t, tt.in, tt.to)
		if len(found) != 1 || found[0].URI != file || found[0].Range.Start != start {
			t.Errorf("definition of %q: %+v, want %s at %+v", tt.from, found, file, start)
		}
	}

	var hover struct{ Contents raw }
	f.call("textDocument/hover", f.here("range c.‸Count"), &hover)
	if !strings.Contains(string(hover.Contents), "field Count int") {
		t.Errorf("hover: %s, want the field and its type", hover.Contents)
	}

	f.change(strings.Replace(page, "@total(c.Count)", "@total(c.Cout)", 1))
	f.diagnosed(f.path, "one at c.Cout", func(ds []diagnostic) bool {
		return slices.ContainsFunc(ds, func(d diagnostic) bool {
			return strings.Contains(d.Message, "c.Cout undefined") && d.Range.Start == at(t, f.text, "@total(c.‸Cout)")
		})
	})
	f.change(page)
	f.diagnosed(f.path, "none", func(ds []diagnostic) bool { return len(ds) == 0 })

	f.change(strings.Replace(page, "\t<button phx-click=\"add\">", "  <button   phx-click=\"add\">", 1))
	var edits []struct{ NewText string }
	f.call("textDocument/formatting", map[string]any{
		"textDocument": map[string]any{"uri": uri(f.path)}, "options": map[string]any{"tabSize": 4, "insertSpaces": false},
	}, &edits)
	if len(edits) != 1 || edits[0].NewText != page {
		t.Errorf("formatting: %+v, want the text as it was", edits)
	}

	// What is on the disk is still what the generator wrote.
	out, err := exec.CommandContext(t.Context(), "../../bin/bennu", "generate", "--check", dir).CombinedOutput()
	if err != nil {
		t.Errorf("after all that the generated files are not ours: %v\n%s", err, out)
	}
}

// A document is a file that is open in the editor.
type document struct {
	*editor
	path    string
	text    string
	changes int
}

// here is a request's way to say a place in the document.
func (f *document) here(part string) map[string]any {
	f.t.Helper()
	return map[string]any{"textDocument": map[string]any{"uri": uri(f.path)}, "position": at(f.t, f.text, part)}
}

// change replaces the text.
func (f *document) change(text string) {
	f.t.Helper()
	f.text = text
	f.changes++
	f.notify("textDocument/didChange", map[string]any{
		"textDocument":   map[string]any{"uri": uri(f.path), "version": 1 + f.changes},
		"contentChanges": []map[string]string{{"text": text}},
	})
}

// raw is a value that is looked at as text.
type raw []byte

func (j *raw) UnmarshalJSON(text []byte) error { *j = append((*j)[:0], text...); return nil }

func env(t *testing.T, name string) string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "go", "env", name).Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(out))
}
