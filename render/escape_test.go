package render

import (
	"encoding/json"
	"html"
	"testing"
	"unicode/utf8"

	"github.com/a-h/templ"
)

func FuzzEscapes(f *testing.F) {
	for _, s := range words {
		f.Add(s)
	}
	f.Add("</script><!-- ]]> \u2028\u2029\u007f\u0080")
	f.Add("\xed\xa0\x80 \xc0\x80 \xf4\x90\x80\x80 \xe2\x80")
	f.Fuzz(func(t *testing.T, s string) {
		if got, want := string(appendHTML(nil, s)), templ.EscapeString(s); got != want {
			t.Errorf("HTML of %q is %q, want %q", s, got, want)
		}
		checkJSON(t, "text", appendHTMLJSON(nil, s), html.EscapeString(s))
		checkJSON(t, "HTML", appendJSON(nil, s), s)
		checkJSON(t, "bytes", appendHTMLJSON(nil, []byte(s)), html.EscapeString(s))
	})
}

// checkJSON decodes the inside of a JSON string.
func checkJSON(t *testing.T, what string, inside []byte, want string) {
	t.Helper()
	if !utf8.Valid(inside) {
		t.Errorf("%s is no UTF-8: %q", what, inside)
	}
	var got string
	if err := json.Unmarshal([]byte(`"`+string(inside)+`"`), &got); err != nil {
		t.Errorf("%s %q is no JSON: %v", what, inside, err)
	}
	if want := string([]rune(want)); got != want { // each invalid byte is one U+FFFD
		t.Errorf("%s is %q to the client, want %q", what, got, want)
	}
}

func TestStaticsAreJSON(t *testing.T) {
	t.Parallel()
	tpl := newTemplate(0, "<a b=\"c\">\n", "\x00\\\xff", "é")
	var got []string
	if err := json.Unmarshal(tpl.json, &got); err != nil {
		t.Fatal(err)
	}
	for i, s := range tpl.statics {
		if want := string([]rune(s)); got[i] != want {
			t.Errorf("static %d is %q, want %q", i, got[i], want)
		}
	}
}
