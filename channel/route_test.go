package channel

import (
	"strings"
	"testing"

	"bennu/pubsub"
)

func routesOf(t testing.TB, patterns ...string) *Runtime {
	t.Helper()
	r := new(Runtime)
	for _, p := range patterns {
		if err := checkPattern(p); err != nil {
			t.Fatal(err)
		}
		r.routes = append(r.routes, newRoute(p, nil))
	}
	sortRoutes(r.routes)
	return r
}

func TestLongestPatternIsTaken(t *testing.T) {
	t.Parallel()
	r := routesOf(t, "*", "room:*", "lobby", "room:vip", "room:vip:*")
	for _, tt := range []struct{ topic, pattern, match string }{
		{"lobby", "lobby", ""},
		{"lobby2", "*", "lobby2"},
		{"room:", "room:*", ""},
		{"room:7", "room:*", "7"},
		{"room:vip", "room:vip", ""},
		{"room:vip:7", "room:vip:*", "7"},
		{"room:*", "room:*", "*"},
		{"", "*", ""},
		{"room:\n", "", ""},
		{"room:\xff", "", ""},
		{strings.Repeat("x", 256), "", ""},
	} {
		rt, match := r.match(tt.topic)
		pattern := ""
		if rt != nil {
			pattern = rt.pattern
		}
		if pattern != tt.pattern || match != tt.match {
			t.Errorf("match(%q) = %q, %q, want %q, %q", tt.topic, pattern, match, tt.pattern, tt.match)
		}
	}
	if rt, _ := routesOf(t, "lobby").match("lobby2"); rt != nil {
		t.Error("a whole topic takes another one")
	}
}

// FuzzTopic holds the choice of a pattern against a slow one.
func FuzzTopic(f *testing.F) {
	patterns := []string{"lobby", "room:*", "room:vip:*", "room:vip", "*"}
	r := routesOf(f, patterns...)
	for _, topic := range []string{"lobby", "lobbyx", "room:", "room:1", "room:vip", "room:vip:", "room:vip:1", "", "é", "\x00", "room:\n", strings.Repeat("x", 256)} {
		f.Add(topic)
	}
	f.Fuzz(func(t *testing.T, topic string) {
		best := ""
		for _, p := range patterns {
			prefix, rest := strings.CutSuffix(p, "*")
			if topic == p && !rest || rest && strings.HasPrefix(topic, prefix) && (best == "" || strings.HasSuffix(best, "*") && len(p) > len(best)) {
				best = p
			}
		}
		if len(topic) > maxTopic || pubsub.CheckName("x"+topic) != nil {
			best = ""
		}
		got, match := r.match(topic)
		switch {
		case got == nil && best == "":
		case got == nil, got.pattern != best, got.prefix+match != topic:
			t.Errorf("match(%q) = %v, %q, want the pattern %q", topic, got, match, best)
		}
	})
}
