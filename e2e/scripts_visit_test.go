package e2e

import (
	"context"
	"math/rand/v2"
	"net/url"
	"slices"
	"strings"
	"testing"

	"bennu/livetest"
)

// startPages are where visitors come in, besides all pages without parameters that
// anybody may see.
var startPages = []string{"/music/high-water", "/feed?about=sky", "/feed?about=liked", "/tabs/autumn?q=heron", "/todo?show=open", "/chat/lobby", "/chat/reeds"}

// starts are all of them.
func (s *soak) starts() []string {
	all := slices.Clone(startPages)
	for _, r := range s.app.Routes() {
		if r.View != "" && !strings.ContainsAny(r.Path, "{") && !strings.HasPrefix(r.Path, "/trap") && !closed(r.Path) {
			all = append(all, r.Path)
		}
	}
	return all
}

// closed reports a page for operators.
func closed(path string) bool { return strings.HasPrefix(path, "/system") }

// start is one of them.
func (s *soak) start(chance *rand.Rand) string { return s.pages[chance.IntN(len(s.pages))] }

// script is a visit by livetest.
func (s *soak) script(ctx context.Context, t *testing.T, chance *rand.Rand) {
	v := livetest.Mount(t, s.proxy, s.start(chance), livetest.Options{Deadline: patience, AllowLeakedGoroutines: true})
	s.known.Store(v.ID(), true)
	defer s.known.Delete(v.ID())
	for n := 3 + chance.IntN(15); n > 0 && ctx.Err() == nil; n-- {
		s.act(v, chance)
		if v.Redirected() != "" {
			v.Follow() // as a browser does
		}
		s.pause(ctx, chance, s.think)
		if chance.IntN(3) == 0 {
			s.compare(t, v)
		}
	}
	s.compare(t, v)
	v.Close()
	s.tally.add("scripts")
}

// compare is same for a page of livetest.
func (s *soak) compare(t *testing.T, v *livetest.View) {
	t.Helper()
	page := v.ID()
	same(t, s.app, page, func() (map[string]string, bool) {
		v.Settle()
		if v.Redirected() != "" {
			return nil, false
		}
		views := map[string]string{page: v.HTML()}
		var within func(*livetest.View)
		within = func(v *livetest.View) {
			for _, c := range v.Children() {
				views[c.ID()] = c.HTML()
				within(c)
			}
		}
		within(v)
		if v.Has("#player") {
			views["player"] = v.Child("player").HTML()
		}
		return views, true
	})
}

// act does one thing that a user can do, or that happens to one.
func (s *soak) act(v *livetest.View, chance *rand.Rand) {
	player := process(v)
	switch k := chance.IntN(20); {
	case k == 0:
		v.Disconnect()
		v.Rejoin()
		s.tally.add("lost lines")
		return
	case k < 3:
		if s.history(v, chance) {
			s.played(v, player)
			return
		}
	}
	all := things(v.HTML())
	if len(all) == 0 {
		return
	}
	one := all[chance.IntN(len(all))]
	// Buttons are many, so that what there is little of has a turn of its own.
	for _, kind := range []string{"form", "crash", "scroll", "key", "link"} {
		if some := slices.DeleteFunc(slices.Clone(all), func(o thing) bool { return o.kind != kind }); len(some) > 0 && chance.IntN(5) == 0 {
			one = some[chance.IntN(len(some))]
		}
	}
	s.use(v, one, chance)
	s.played(v, player)
	s.tally.add(plurals[one.kind])
}

var plurals = map[string]string{"click": "clicks", "crash": "crashes", "key": "keys", "form": "forms", "link": "links", "away": "page loads", "scroll": "scrolls"}

// history goes back or forth, if there is where to.
func (s *soak) history(v *livetest.View, chance *rand.Rand) bool {
	addresses, at := v.History()
	switch {
	case at > 0 && chance.IntN(2) == 0:
		v.Back()
	case at < len(addresses)-1:
		v.Forward()
	default:
		return false
	}
	s.tally.add("steps of the history")
	return true
}

// use does what one can do with a thing.
func (s *soak) use(v *livetest.View, one thing, chance *rand.Rand) {
	e := v.Element(one.selector)
	switch one.kind {
	case "crash":
		owner := v
		if one.view != "" {
			owner = v.Child(one.view)
		}
		owner.ExpectCrash(func() { e.Click() })
		if chance.IntN(4) == 0 {
			v.Disconnect() // the line is lost before the client has joined anew
			owner = v
		}
		owner.Rejoin()
	case "key":
		e.Keydown(one.key)
	case "form":
		values := url.Values{}
		for _, name := range one.texts {
			values.Set(name, words[chance.IntN(len(words))])
		}
		if one.event != "" && (one.submit == "" || chance.IntN(2) == 0) {
			e.Change(values)
		} else {
			e.Submit(values)
		}
	case "scroll":
		if one.submit != "" && (one.event == "" || chance.IntN(2) == 0) {
			e.ScrollToTop()
		} else {
			e.ScrollToBottom()
		}
	default:
		e.Click()
	}
}

// process is that of the player that sticks to the pages with music, "" without.
func process(v *livetest.View) string {
	if !strings.HasPrefix(v.Path(), "/music") || !v.Has("#player-process") {
		return ""
	}
	return v.Element("#player-process").Text()
}

// played checks that the player has not been mounted anew unless the page was
// left or loaded.
func (s *soak) played(v *livetest.View, before string) {
	if v.Redirected() != "" || before == "" {
		return
	}
	if now := process(v); now != "" && now != before {
		s.t.Errorf("%s: the player's process was %s and is %s", v.Path(), before, now)
		return
	}
	s.tally.add("times that the player stayed")
}
