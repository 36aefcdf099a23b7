package nearest

import "testing"

func TestName(t *testing.T) {
	t.Parallel()
	known := []string{"decrease", "increase", "save"}
	for word, want := range map[string]string{
		"incraese": "increase", "sav": "save", "inc": "increase", "Increase": "increase", "sabe": "save",
		"delete everything": "", "": "", "x": "",
	} {
		if got := Name(word, known); got != want {
			t.Errorf("Name(%q) = %q, want %q", word, got, want)
		}
	}
}
