package templgen

import (
	"bytes"
	"go/format"
	"strings"
	"testing"
)

// Any text gives Go or a diagnostic at a place inside it, and Go that writes
// what templ's would.
func FuzzGenerate(f *testing.F) {
	for _, name := range []string{
		"attribute_conditional", "attribute_expression", "attribute_script", "call", "children", "class", "code", "comment",
		"context", "css_template", "for", "header", "if", "known_call", "raw_string", "attribute_name", "method", "ours_comment", "script_element", "switch", "whitespace",
	} {
		f.Add(readSeed(f, name))
	}
	for _, c := range errorCases {
		f.Add(c.text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		texts, diagnostics := generate([]*file{newFile("x.templ", text)})
		for _, d := range diagnostics {
			if d.Message == "" || d.Line < 0 || d.Line > strings.Count(text, "\n")+2 {
				t.Fatalf("no good diagnostic: %q", d)
			}
		}
		if anyError(diagnostics) {
			return
		}
		clean, err := format.Source(texts[0])
		if err != nil {
			t.Fatalf("not Go: %v\n%s", err, texts[0])
		}
		if !bytes.Equal(clean, texts[0]) {
			t.Fatalf("not as gofmt wants it:\n%s", texts[0])
		}
		if m := ourMistakes(t, texts[0]); len(m) > 0 {
			t.Fatalf("does not compile: %s\n%s", m, texts[0])
		}
		for _, confusing := range []string{"templ_", "WriteString", "GeneratedTemplate", "bennu", ".Render", "fallthrough", ":key", "templ.Raw", "templ.Join"} {
			if strings.Contains(text, confusing) {
				return
			}
		}
		sameSkeletons(t, text)
	})
}

func readSeed(f *testing.F, name string) string {
	f.Helper()
	return readFile(f, "testdata/"+name+"/x.templ")
}
