package channel

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"bennu/pubsub"
)

// route is one pattern of a handler's topics.
type route struct {
	pattern string
	prefix  string // before the *
	rest    bool   // there is a *
	make    func(user any) Channel
}

// maxTopic is how long the name of a topic may be: what a frame can carry.
const maxTopic = 255

func newRoute(pattern string, f func(any) Channel) route {
	prefix, rest := strings.CutSuffix(pattern, "*")
	return route{pattern, prefix, rest, f}
}

// checkPattern reports what is wrong with a pattern.
func checkPattern(pattern string) error {
	switch i := strings.IndexByte(pattern, '*'); {
	case pattern == "":
		return fmt.Errorf(`a pattern is empty, want a topic such as "lobby" or a beginning such as "room:*"`)
	case pattern == "phoenix":
		return fmt.Errorf(`the topic "phoenix" is the protocol's own, for heartbeats; take another name`)
	case i >= 0 && i != len(pattern)-1:
		return fmt.Errorf(`pattern %q has its * in the middle; it stands for the rest of a topic, so it comes last, as in "room:*"`, pattern)
	case len(pattern) > maxTopic:
		return fmt.Errorf("pattern %.40q… has %d bytes, want at most %d, which is what a topic can have", pattern, len(pattern), maxTopic)
	}
	return pubsub.CheckName(pattern)
}

// sortRoutes puts the patterns first that are looked at first: whole topics, then
// long beginnings before short ones.
func sortRoutes(routes []route) {
	slices.SortFunc(routes, func(a, b route) int {
		if a.rest != b.rest {
			if a.rest {
				return 1
			}
			return -1
		}
		return cmp.Or(cmp.Compare(len(b.prefix), len(a.prefix)), cmp.Compare(a.prefix, b.prefix))
	})
}

// match finds who serves a topic, nil for nobody, and what the * stands for. A
// topic with a name that pubsub has not for good is nobody's.
func (r *Runtime) match(topic string) (rt *route, match string) {
	for i := range r.routes {
		rt := &r.routes[i]
		match, ok := strings.CutPrefix(topic, rt.prefix)
		if !ok || !rt.rest && match != "" {
			continue
		}
		if len(topic) > maxTopic || pubsub.CheckName(topicName(topic)) != nil {
			return nil, ""
		}
		return rt, match
	}
	return nil, ""
}
