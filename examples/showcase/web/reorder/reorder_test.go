package reorder

import (
	"cmp"
	"net/url"
	"regexp"
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

func open(t *testing.T) *livetest.View {
	t.Helper()
	app := bennu.New(bennu.Options{SecretKeyBase: token.NewSecret(), RootLayout: ui.Root, LiveLayout: ui.Live})
	app.Live("/", func() live.View { return new(Page) })
	return livetest.Mount(t, app, "/")
}

var row = regexp.MustCompile(`<li [^>]*id="stop-(\d)"`)

// order is the numbers of the rows from the top.
func order(v *livetest.View) string {
	var b strings.Builder
	for _, m := range row.FindAllStringSubmatch(v.HTML(), -1) {
		b.WriteString(m[1])
	}
	return b.String()
}

func want(t *testing.T, v *livetest.View, stops string) {
	t.Helper()
	if got := order(v); got != stops {
		t.Errorf("the rows are %s, want %s", got, stops)
	}
}

func TestRowsMove(t *testing.T) {
	t.Parallel()
	v := open(t)
	want(t, v, "12345678")
	v.Element("#stop-3 .up").Click()
	want(t, v, "13245678")
	v.Element("#stop-1 .down").Click()
	want(t, v, "31245678")
	v.Element("#stop-3 .place", "1")
	v.Element("#stop-3 .up[disabled]")
	v.Element("#stop-8 .down[disabled]")
	v.Event("up", map[string]string{"id": "3"}) // nobody offers it
	v.Event("down", map[string]string{"id": "8"})
	v.Event("up", map[string]string{"id": "77"})
	want(t, v, "31245678")
	v.Element("button", "By name").Click()
	want(t, v, "58273641")
	v.Element("button", "Reverse").Click()
	want(t, v, "14637285")
	v.Element("button", "By distance").Click()
	want(t, v, "12345678")
}

func TestAMoveSendsNoRow(t *testing.T) {
	t.Parallel()
	v := open(t)
	v.Element("button", "Reverse").Click()
	all := v.Frames()
	if last := all[len(all)-1]; last.Sent || strings.Contains(last.Text, "Luxor") {
		t.Errorf("the rows moved, and a name was sent: %s", last)
	}
}

func TestNotesGoAlong(t *testing.T) {
	t.Parallel()
	v := open(t)
	note := func(want string) {
		t.Helper()
		if got, _ := v.Element("#note-6").Attr("value"); got != want {
			t.Errorf("the note of Luxor is %q, want %q", got, want)
		}
	}
	v.Element("#form-6").Change(url.Values{"note": {"two nights"}})
	note("two nights")
	v.Element("#form-6").Submit(url.Values{"note": {"three nights"}})
	want(t, v, "12346578")
	note("three nights")
	v.Element("button", "Shuffle").Click()
	note("three nights")
	v.Event("note", map[string]string{"stop": "6", "note": strings.Repeat("x", longest+1)})
	v.Event("note", map[string]string{"stop": "9", "note": "nowhere"})
	note("three nights")
}

func TestShuffleLosesNobody(t *testing.T) {
	t.Parallel()
	v := open(t)
	for range 20 {
		before := order(v)
		v.Element("button", "Shuffle").Click()
		after := order(v)
		sorted := slices.SortedFunc(strings.SplitSeq(after, ""), cmp.Compare[string])
		if after == before || strings.Join(sorted, "") != "12345678" {
			t.Errorf("%s was shuffled to %s", before, after)
		}
	}
}

func TestItShufflesByItself(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		v := open(t)
		v.Element("button", "Keep shuffling").Click()
		v.Element("[aria-pressed=true]")
		for range 3 {
			before := order(v)
			time.Sleep(beat) // of the bubble
			synctest.Wait()
			v.RequireText("Reorder")
			if order(v) == before {
				t.Errorf("after %s the rows are still %s", beat, before)
			}
		}
		v.Element("button", "Keep shuffling").Click()
		before := order(v)
		time.Sleep(10 * beat)
		synctest.Wait()
		v.RequireText("Reorder")
		want(t, v, before)
	})
}
