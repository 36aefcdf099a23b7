package templgen

import (
	"regexp"
	"strings"
	"testing"
)

var fingerprints = regexp.MustCompile(`var (bennuT_\w+) = bennurender\.New\((0x[0-9a-f]+),`)

// prints returns the fingerprints of a generated file by variable.
func prints(t *testing.T, path, text string) map[string]string {
	t.Helper()
	found := map[string]string{}
	for _, m := range fingerprints.FindAllStringSubmatch(string(translate(t, path, text)), -1) {
		found[m[1]] = m[2]
	}
	return found
}

const fingerprinted = `package p

templ x(a string) {
	<p>{ a }</p>
	if a == "" {
		<b>{ a }</b>
	} else {
		<b>{ a }</b>
	}
}
`

func TestFingerprints(t *testing.T) {
	t.Parallel()
	base := prints(t, "dir/x.templ", fingerprinted)
	if len(base) != 3 {
		t.Fatalf("found %v, want three", base)
	}
	if base["bennuT_x_2"] == base["bennuT_x_3"] {
		t.Error("two branches with equal text have equal fingerprints")
	}
	const outer = "bennuT_x_1"
	for name, tt := range map[string]struct {
		path, old, new string
		same           bool
	}{
		"other directory":  {"/somewhere/else/x.templ", "", "", true},
		"lines above":      {"x.templ", "package p\n", "package p\n\nvar above = 1\n", true},
		"other expression": {"x.templ", "<p>{ a }</p>", "<p>{ a + a }</p>", true},
		"other file":       {"y.templ", "", "", false},
		"other package":    {"x.templ", "package p", "package q", false},
		"other name":       {"x.templ", "templ x", "templ y", false},
		"other text":       {"x.templ", "<p>{ a }</p>", "<i>{ a }</i>", false},
		"other kind":       {"x.templ", "<p>{ a }</p>", "<p>@x(a)</p>", false},
	} {
		text := strings.Replace(fingerprinted, tt.old, tt.new, 1)
		got := prints(t, tt.path, text)
		print := got[outer]
		if tt.new == "templ y" {
			print = got["bennuT_y_1"]
		}
		if print == "" || (print == base[outer]) != tt.same {
			t.Errorf("%s: fingerprint %s, was %s; want it the same: %v", name, print, base[outer], tt.same)
		}
	}
}
