package htmlattr

import "testing"

func TestOf(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		element, name string
		want          Kind
	}{
		{"a", "href", Address}, {"A", "HREF", Address}, {"use", "xlink:href", Address}, {"", "src", Media}, {"iframe", "src", Address}, {"script", "src", Address}, {"x-card", "src", Address}, {"img", "SRC", Media},
		{"button", "formaction", Address}, {"form", "Action", Address}, {"video", "poster", Media},
		{"object", "data", Address}, {"OBJECT", "DATA", Address}, {"x-chart", "data", Text}, {"", "data", Text},
		{"a", "ping", Addresses}, {"img", "srcset", Sources}, {"link", "imagesrcset", Sources},
		{"p", "style", Text}, // escaped is all that it needs
		{"p", "onclick", Script}, {"p", "OnLoad", Script}, {"p", "hx-on::click", Script}, {"p", "hx-on-click", Text},
		{"iframe", "srcdoc", Document}, {"iframe", "SrcDoc", Document},
		{"p", "title", Text}, {"p", "data-href", Text}, {"p", "phx-click", Text}, {"p", "hx-onward", Text},
	} {
		if got := Of(tt.element, tt.name); got != tt.want {
			t.Errorf("Of(%q, %q) = %v, want %v", tt.element, tt.name, got, tt.want)
		}
	}
}

func TestValid(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]bool{
		"title": true, "@click": true, ":class": true, "x-on:click.prevent": true, "é": true, `a"b`: true,
		"": false, "a b": false, "a\tb": false, "a\nb": false, "a\fb": false, "a\rb": false, "a/b": false, "a=b": false,
	} {
		if got := Valid(name); got != want {
			t.Errorf("Valid(%q) = %v, want %v", name, got, want)
		}
	}
}

func TestSafe(t *testing.T) {
	t.Parallel()
	for url, want := range map[string]bool{
		"": true, "/a": true, "a?at=10:30": true, "#a:b": true, "//host/x": true, "/a:b": true,
		"http://x": true, "HTTPS://x": true, "mailto:a@b": true, "tel:1": true, "ftp://x": true, "ftps://x": true,
		"javascript:alert(1)": false, " JaVaScRiPt:alert(1)": false, "java\tscript:alert(1)": false, "\x01javascript:x": false,
		"vbscript:x": false, "data:text/html,x": false, "blob:x": false, "file:///x": false, "view-source:x": false, ":x": false,
	} {
		for _, kind := range []Kind{Address, Media} {
			if got := Safe(kind, url); got != want {
				t.Errorf("Safe(%v, %q) = %v, want %v", kind, url, got, want)
			}
		}
	}
	for _, tt := range []struct {
		kind  Kind
		value string
		want  bool
	}{
		{Address, "data:image/png;base64,x", false}, {Media, "data:image/png;base64,x", true}, {Media, "data:imagex", false},
		{Addresses, "", true}, {Addresses, "/a https://b", true}, {Addresses, "/a javascript:b", false}, {Addresses, "/a\njavascript:b", false},
		{Sources, "", true}, {Sources, "/a 1x, https://b 2x", true}, {Sources, "/a,javascript:b 2x", false}, {Sources, " ,\ndata:b 2x", false},
		{Sources, "data:image/png;base64,AA 2x, /b", true},
	} {
		if got := Safe(tt.kind, tt.value); got != tt.want {
			t.Errorf("Safe(%v, %q) = %v, want %v", tt.kind, tt.value, got, tt.want)
		}
	}
}

func TestSpecial(t *testing.T) {
	t.Parallel()
	for _, element := range []string{"embed", "frame", "iframe", "object", "script", "SCRIPT", "img", "a", "p", "input", "form"} {
		differs := Of(element, "src") != Of("", "src") || Of(element, "data") != Of("", "data")
		// Any element that is not known may load its src; those that do are named.
		if Special(element) && !differs {
			t.Errorf("%s gives no attribute a meaning of its own", element)
		}
	}
}
