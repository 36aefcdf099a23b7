package live

import "testing"

func TestParams(t *testing.T) {
	t.Parallel()
	p := NewParams([]PathValue{{"id", "7"}, {"q", "path"}}, "q=query&tag=a&tag=b&empty=&bad=%zz")
	for _, tt := range []struct {
		name, want string
		has        bool
	}{
		{"id", "7", true}, {"q", "path", true}, {"tag", "a", true}, {"empty", "", true}, {"bad", "", false}, {"none", "", false},
	} {
		if got, has := p.Lookup(tt.name); got != tt.want || has != tt.has {
			t.Errorf("Lookup(%q) = %q, %v, want %q, %v", tt.name, got, has, tt.want, tt.has)
		}
		if got := p.Get(tt.name); got != tt.want {
			t.Errorf("Get(%q) = %q, want %q", tt.name, got, tt.want)
		}
	}
	if (Params{}).Has("id") {
		t.Error("the zero Params has something")
	}
}
