package home

import (
	"html"
	"regexp"
	"strings"
	"testing"
)

var tag = regexp.MustCompile(`<[^>]*>`)

// text is what a reader sees of some markup.
func text(markup string) string { return html.UnescapeString(tag.ReplaceAllString(markup, "")) }

func TestProgramHasTwentyLines(t *testing.T) {
	t.Parallel()
	lines := 0
	for _, l := range []string{goListing, templListing, routeListing} {
		lines += strings.Count(text(l), "\n") + 1
	}
	if lines != 20 {
		t.Errorf("the listings have %d lines, want the 20 that the page promises", lines)
	}
}

func TestListingsAreTheSource(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, source, listing string }{
		{"counter.go", counterGo, goListing},
		{"counter.templ", counterTempl, templListing},
	} {
		if got := text(c.listing); got == "" || !strings.Contains(c.source, got) {
			t.Errorf("%s: the listing is no part of the source:\n%s", c.name, got)
		}
	}
}

func TestColour(t *testing.T) {
	t.Parallel()
	for source, want := range map[string]string{
		`return nil`:           `<i class="tok-k">return</i> <i class="tok-k">nil</i>`,
		`a := "b" // c`:        `a := <i class="tok-s">&#34;b&#34;</i> <i class="tok-c">// c</i>`,
		`<b>x</b>`:             `&lt;<i class="tok-t">b</i>&gt;x&lt;/<i class="tok-t">b</i>&gt;`,
		`half "a string`:       `half <i class="tok-s">&#34;a string</i>`,
		`<script>evil</script`: `&lt;<i class="tok-t">script</i>&gt;evil&lt;/<i class="tok-t">script</i>`,
	} {
		if got := colour(source); got != want {
			t.Errorf("colour(%q) = %s, want %s", source, got, want)
		}
	}
}
