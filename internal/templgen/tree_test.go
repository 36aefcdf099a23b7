package templgen

import (
	"fmt"
	"path/filepath"
	"slices"
	"testing"
)

// Directories are generated side by side; nothing of that is to be seen.
func TestTreeIsDeterministic(t *testing.T) {
	t.Parallel()
	files := map[string]string{}
	for i := range 30 {
		dir := fmt.Sprintf("d%02d/", i)
		for _, name := range []string{"call", "for", "class"} {
			files[dir+name+"/x.templ"] = readFile(t, "testdata/"+name+"/x.templ")
		}
		if i%7 == 3 {
			files[dir+"broken/x.templ"] = "package p\n\ntempl x() {\n\t<p>\n}\n"
		}
	}
	var results [2]Result
	var trees [2]map[string]string
	for i := range results {
		dir := tmp(t, files)
		var err error
		if results[i], err = Tree(t.Context(), dir); err != nil {
			t.Fatal(err)
		}
		trees[i] = map[string]string{}
		for _, name := range results[i].Written {
			trees[i][name] = readFile(t, filepath.Join(dir, name))
		}
	}
	r, other := results[0], results[1]
	if len(r.Written) != 90 || !slices.IsSorted(r.Written) || len(r.Diagnostics) != 4 {
		t.Errorf("wrote %d files, sorted %t, with %d diagnostics; want 90, true, 4", len(r.Written), slices.IsSorted(r.Written), len(r.Diagnostics))
	}
	if !slices.Equal(r.Written, other.Written) || !slices.Equal(r.Diagnostics, other.Diagnostics) {
		t.Errorf("one run gives %v, %v, the other %v, %v", r.Written, r.Diagnostics, other.Written, other.Diagnostics)
	}
	for name, text := range trees[0] {
		if trees[1][name] != text {
			t.Errorf("%s differs between two runs", name)
		}
	}
}

// The showcase is what `bennu generate` is measured with.
func BenchmarkTree(b *testing.B) {
	for b.Loop() {
		r, err := Check(b.Context(), "../../examples/showcase")
		if err != nil || r.Failed() || len(r.Unchanged) == 0 {
			b.Fatalf("%v: %+v", err, r)
		}
	}
}
