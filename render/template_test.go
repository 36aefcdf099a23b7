package render

import (
	"strings"
	"testing"
)

func TestNewRefusesWhatIsNoTemplate(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, want string
		make       func()
	}{
		{"reserved", "fingerprint 1 is reserved", func() { New(1, 0, "x") }},
		{"no statics", "no statics", func() { New(5, 0) }},
	}
	for _, tt := range tests {
		if got := panicOf(tt.make); !strings.Contains(got, tt.want) {
			t.Errorf("%s: panic %q, want one with %q", tt.name, got, tt.want)
		}
	}
}

func TestItem76ARootBeginsWithItsElement(t *testing.T) {
	t.Parallel()
	want := `begins with its element, this one with "x <p>"`
	if got := panicOf(func() { New(5, Root, "x <p>", "</p>") }); !strings.Contains(got, want) {
		t.Errorf("a root with text first: panic %q, want one with %q", got, want)
	}
	New(5, Root, " \n<!-- note --><p>", "</p>") // the client takes comments before a root
}
