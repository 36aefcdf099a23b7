package bennu

import "testing"

func TestFormatOf(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ accept, sent, want string }{
		{"", "", "html"},
		{"*/*", "", "html"},
		{"*/*", "application/json; charset=utf-8", "json"},
		{"text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8", "", "html"},
		{"text/html", "application/json", "html"},
		{"application/json", "", "json"},
		{"application/problem+json", "", "json"},
		{"Application/JSON;q=0.9, text/html;q=0.8", "", "json"},
		{"application/json;q=0.2, text/html;q=0.8", "", "html"},
		{"application/json, text/html", "", "json"},
		{"application/json;q=0", "", "html"},
		{"application/json;q=NaN", "", "html"},
		{"text/plain", "", "text"},
		{"image/png", "", "html"},
		{";;,,q=1;=", "", "html"},
	} {
		var accept []string
		if tt.accept != "" {
			accept = []string{tt.accept}
		}
		if got := formatOf(accept, tt.sent); got != tt.want {
			t.Errorf("formatOf(%q, %q) = %q, want %q", tt.accept, tt.sent, got, tt.want)
		}
	}
}

func FuzzAccept(f *testing.F) {
	f.Add("text/html;q=0.5, */*", "br")
	f.Add(";=,;q=", "*")
	f.Fuzz(func(t *testing.T, accept, coding string) {
		for _, q := range accepted([]string{accept}) {
			if !(q >= 0 && q <= 1) {
				t.Errorf("%q has the quality %v", accept, q)
			}
		}
		acceptsCoding([]string{accept}, coding)
		formatOf([]string{accept}, coding)
	})
}
