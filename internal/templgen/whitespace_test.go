package templgen

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// sameSkeletons compares a template without compiling it. It reports false
// when templ or its Go does not take the template.
func sameSkeletons(t *testing.T, text string) bool {
	t.Helper()
	text = strings.ReplaceAll(text, "\r\n", "\n") // as we read it; templ keeps some
	theirs, err := templSkeletons(text)
	if err != nil {
		return false
	}
	texts, diagnostics := generate([]*file{newFile("x.templ", text)})
	if anyError(diagnostics) {
		return false
	}
	ours, err := ourSkeletons(texts[0])
	if err != nil {
		t.Fatalf("our output is not Go: %v\n%s", err, texts[0])
	}
	if !slices.Equal(ours, theirs) {
		t.Errorf("%s\nwrites\n%q, templ's\n%q", text, ours, theirs)
	}
	return true
}

// Every kind of node follows every other, with each kind of space between, in
// each kind of place.
func TestSpaceBetweenNodes(t *testing.T) {
	t.Parallel()
	places := []string{
		"%s", "<main>%s</main>", "<span>\n%s\n</span> after", "<b>b</b>\nif x != \"\" {\n%s\n}\n{ x }", "if x != \"\" {\n%s\n} else {\n%s\n}\n<div></div>",
		"for range 2 {\n%s\n}\ntext", "@c() {\n%s\n}\n<b></b>", "switch x {\ncase \"x\":\n%s\ndefault:\n%s\n}\nif x == \"\" {\n}",
	}
	compared := 0
	for i, a := range corpusNodes {
		for j, b := range corpusNodes {
			for k, space := range spaces {
				place := places[(i+j+k)%len(places)] // each kind of place with every node and space, not with every pair
				body := strings.ReplaceAll(place, "%s", a+space+b)
				if sameSkeletons(t, fmt.Sprintf("package p\n\ntempl c() {\n}\n\ntempl x(x string) {\n%s\n}\n", body)) {
					compared++
				}
			}
		}
	}
	if compared < 1_000 {
		t.Errorf("compared %d templates; templ refused most of them", compared)
	}
}

func TestSkeletonsOfFeatures(t *testing.T) {
	t.Parallel()
	for _, name := range features(t) {
		if strings.HasPrefix(name, "ours_") || strings.HasPrefix(name, "live_") || name == "switch" || name == "known_call" { // what is there is not as templ writes it
			continue
		}
		text := keyAttribute.ReplaceAllString(readFile(t, "testdata/"+name+"/x.templ"), "")
		if !sameSkeletons(t, text) {
			t.Errorf("%s was not compared", name)
		}
	}
}
