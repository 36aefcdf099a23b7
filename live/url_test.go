package live

import "testing"

// What a program puts at the end of the host's name would be another host.
func TestSocketURLStaysOnItsHost(t *testing.T) {
	t.Parallel()
	s := &Socket{view: &instance{spec: Spec{Info: &ConnectInfo{Origin: "https://shop.test"}}}}
	for path, want := range map[string]string{
		"/a?b=c": "https://shop.test/a?b=c", "": "https://shop.test/", "a": "https://shop.test/a",
		".evil.test/a": "https://shop.test/.evil.test/a", "@evil.test": "https://shop.test/@evil.test", ":80@evil.test": "https://shop.test/:80@evil.test",
	} {
		if got := s.URL(path); got != want {
			t.Errorf("URL(%q) = %q, want %q", path, got, want)
		}
	}
	if got := new(Socket).URL("a"); got != "a" {
		t.Errorf("URL of the zero Socket = %q, want the path", got)
	}
}
