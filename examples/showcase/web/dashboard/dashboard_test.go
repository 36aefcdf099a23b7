package dashboard

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"bennu"
	"bennu/examples/showcase/web/ui"
	"bennu/live"
	"bennu/livetest"
	"bennu/token"
)

// inBubble opens the page where time passes only while everybody waits.
func inBubble(t *testing.T, test func(*testing.T, *livetest.View)) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		app := bennu.New(bennu.Options{SecretKeyBase: token.NewSecret(), RootLayout: ui.Root, LiveLayout: ui.Live})
		app.Live("/", func() live.View { return &Page{Station: new(Station)} })
		test(t, livetest.Mount(t, app, "/"))
	})
}

var cards = []string{"river", "weather", "nests", "satellite"}

func TestCardsComeWhenTheyAreReady(t *testing.T) {
	inBubble(t, func(t *testing.T, v *livetest.View) {
		if n := strings.Count(v.Dead(), "skeleton"); n != len(cards) {
			t.Errorf("the first response has %d cards that wait, want %d", n, len(cards))
		}
		came := map[time.Duration]string{100: "", 400: "river", 700: "river satellite", 1000: "river weather satellite", 1900: "river weather nests satellite"}
		past := time.Duration(0)
		for _, at := range []time.Duration{100, 400, 700, 1000, 1900} {
			time.Sleep((at - past) * time.Millisecond) // of the bubble
			synctest.Wait()
			past = at
			v.RequireText("Dashboard")
			var full []string
			for _, c := range cards {
				if v.Has("#" + c + " .value") {
					full = append(full, c)
				}
			}
			if got := strings.Join(full, " "); got != came[at] {
				t.Errorf("after %d ms there are the cards %q, want %q", at, got, came[at])
			}
		}
	})
}

func TestAFailureStaysInItsCard(t *testing.T) {
	inBubble(t, func(t *testing.T, v *livetest.View) {
		v.Settle()
		good := v.Element("#satellite .value").Text()
		v.Element("button", "Reload").Click()
		v.Settle()
		v.Element("#satellite [role=alert]", "below the horizon")
		if got := v.Element("#satellite .value").Text(); got != good {
			t.Errorf("beside the failure stands %q, want the last good value, %q", got, good)
		}
		if v.Has("#river [role=alert], #weather [role=alert], #nests [role=alert]") {
			t.Error("another card shows a failure")
		}
		v.Element("#satellite button", "Try again").Click()
		v.Settle()
		if v.Has("#satellite [role=alert]") {
			t.Error("the failure is shown after a success")
		}
		v.Element("button", "Forget and reload").Click()
		if v.Has(".value") {
			t.Error("values are shown that were to be forgotten")
		}
		v.Settle()
		if v.Has("#satellite .value") {
			t.Error("the card of a source that failed shows a value that was forgotten")
		}
		v.Element("#satellite button", "Try again").Click()
		v.Settle()
		v.Element("#satellite .value")
	})
}

func TestAPanicStaysInItsCard(t *testing.T) {
	inBubble(t, func(t *testing.T, v *livetest.View) {
		v.Settle()
		v.Element("#gauge button").Click()
		v.Settle()
		v.Element("#gauge [role=alert]", "index out of range")
		v.Element("#river .value") // the same view goes on
		v.Element("#gauge button").Click()
		v.Settle()
		v.Element("#gauge [role=alert]")
	})
}

func TestTheLogBookStreamsIn(t *testing.T) {
	inBubble(t, func(t *testing.T, v *livetest.View) {
		v.Element("#written", "0")
		v.RequireText("4 lines and more on their way")
		v.Settle()
		v.Element("#written", "12")
		for id := 1; id <= written; id++ {
			v.Element("#sightings-" + itoa(id))
		}
		v.RefuteText("on their way")
		v.Element("button", "Reload").Click()
		if v.Has("#sightings li") {
			t.Error("after Reload the lines of before are still there")
		}
		v.Settle()
		v.Element("#written", "12")
	})
}

func TestAJobCanBeCancelled(t *testing.T) {
	inBubble(t, func(t *testing.T, v *livetest.View) {
		v.Element("button", "Start").Click()
		v.RequireText("3 of 40 photographs")
		v.Element("button", "Cancel").Click()
		v.RequireText("Cancelled after 3 of them.")
		v.Element("button", "Start").Click()
		v.Settle()
		v.RequireText("birds counted.")
		if got, _ := v.Element("progress").Attr("value"); got != "40" {
			t.Errorf("after the job the bar is at %q, want 40", got)
		}
	})
}

func TestOutcomes(t *testing.T) {
	t.Parallel()
	for want, err := range map[string]error{
		"7 birds counted.":           nil,
		"Cancelled after 9 of them.": context.Canceled,
		"Failed: no film":            errors.New("no film"),
	} {
		p := &Page{Job: Job{Running: true, Done: 9}}
		if err := p.ended(new(live.Socket), 7, err); err != nil {
			t.Fatal(err)
		}
		if p.Job.Outcome != want || p.Job.Running {
			t.Errorf("a job that ended with %v says %+v, want %q", err, p.Job, want)
		}
		if err := p.progressed(new(live.Socket), 33); err != nil || p.Job.Done != 9 {
			t.Errorf("progress after the end: %v, %d photographs, want the 9 of before", err, p.Job.Done)
		}
	}
}

// Any client can name any card.
func TestAnUnknownCardIsNotAsked(t *testing.T) {
	t.Parallel()
	s, p := new(live.Socket), &Page{Station: new(Station)}
	for _, name := range append(slices.Clone(cards), "nobody's", "") {
		if err := p.ask(s, struct{ Card string }{name}); err != nil {
			t.Errorf("ask(%q): %v", name, err)
		}
	}
	if got := len(s.Asked().Tasks); got != len(cards) {
		t.Errorf("%d sources were asked, want %d", got, len(cards))
	}
}
