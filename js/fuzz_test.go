package js_test

import (
	"encoding/json"
	"strings"
	"testing"

	"bennu/js"
)

// FuzzText: whatever texts commands are made of, they are as many commands as
// were asked for, with these texts in them.
func FuzzText(f *testing.F) {
	f.Add("#x", `a"],["b`, "/x")
	f.Add(":inner(", "\\", "javascript:x")
	f.Add(":closest(a)", "\u2028", "//x")
	f.Fuzz(func(t *testing.T, selector, text, path string) {
		c := js.Hide(js.Selector(selector)).AddClass(js.Self, text).Navigate(path).Dispatch(js.ID("i"+text), "d", js.Detail(map[string]string{"k": text}))
		var chain [][]json.RawMessage
		if err := json.Unmarshal([]byte(c), &chain); err != nil || len(chain) != 4 {
			t.Fatalf("%v: %d commands in %s", err, len(chain), c)
		}
		var args struct {
			To     any
			Names  []string
			Href   string
			Detail map[string]string
		}
		for _, one := range chain {
			if len(one) != 2 || json.Unmarshal(one[1], &args) != nil {
				t.Fatalf("%s", one)
			}
		}
		if strings.Join(args.Names, " ") != clean(strings.Join(strings.Fields(text), " ")) || args.Detail["k"] != clean(text) {
			t.Fatalf("%q became %q and %q", text, args.Names, args.Detail)
		}
		if args.Href != clean(path) && !strings.HasPrefix(args.Href, "about:invalid#") {
			t.Fatalf("%q became %q", path, args.Href)
		}
	})
}

// clean is a text as JSON can carry it.
func clean(s string) string { return string([]rune(s)) }
