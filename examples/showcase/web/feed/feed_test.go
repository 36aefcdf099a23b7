package feed

import (
	"regexp"
	"slices"
	"strconv"
	"testing"

	"bennu"
	"bennu/examples/showcase/web/ui"
	"bennu/live"
	"bennu/livetest"
	"bennu/token"
)

func open(t *testing.T, path string) *livetest.View {
	t.Helper()
	app := bennu.New(bennu.Options{SecretKeyBase: token.NewSecret(), RootLayout: ui.Root, LiveLayout: ui.Live})
	app.Live("/feed", func() live.View { return new(Page) })
	return livetest.Mount(t, app, path)
}

var item = regexp.MustCompile(`<li id="posts-(\d+)"`)

// ids are the numbers of the posts on the page.
func ids(v *livetest.View) []int {
	var all []int
	for _, m := range item.FindAllStringSubmatch(v.HTML(), -1) {
		id, err := strconv.Atoi(m[1])
		if err != nil {
			panic(err) // the expression lets only digits through
		}
		all = append(all, id)
	}
	return all
}

// down is the numbers from one to the other, by one less each time.
func down(from, to int) []int {
	var all []int
	for ; from >= to; from-- {
		all = append(all, from)
	}
	return all
}

func want(t *testing.T, v *livetest.View, numbers []int) {
	t.Helper()
	if got := ids(v); !slices.Equal(got, numbers) {
		t.Errorf("the page shows the posts %v, want %v", got, numbers)
	}
}

func TestScrollingBothWays(t *testing.T) {
	t.Parallel()
	v := open(t, "/feed")
	list := v.Element("#posts")
	want(t, v, down(1200, 1181))
	list.ScrollToBottom()
	want(t, v, down(1200, 1161))
	for range 3 {
		list.ScrollToBottom()
	}
	want(t, v, down(1160, 1101))
	v.Element("#from", "41")
	v.Element("#to", "100")
	list.ScrollToTop()
	want(t, v, down(1180, 1121))
	list.ScrollToTop()
	want(t, v, down(1200, 1141))
	if _, ok := list.Attr("phx-viewport-top"); ok {
		t.Error("at the top the list still asks for what is above")
	}
	v.Event("newer", nil) // a late one
	want(t, v, down(1200, 1141))
}

func TestToTheEndAndBackAtOnce(t *testing.T) {
	t.Parallel()
	v := open(t, "/feed")
	for n := 0; !v.Has("#end"); n++ {
		if n > 100 {
			t.Fatal("the feed does not end")
		}
		v.Element("#posts").ScrollToBottom()
		if got := len(ids(v)); got > atMost {
			t.Fatalf("after %d scrolls the page has %d posts, want at most %d", n, got, atMost)
		}
	}
	want(t, v, down(60, 1))
	v.Event("older", nil)
	want(t, v, down(60, 1))
	v.Event("newer", map[string]any{"id": "posts-60", "_overran": true})
	want(t, v, down(1200, 1181))
}

func TestWritingPutsOnTop(t *testing.T) {
	t.Parallel()
	v := open(t, "/feed")
	v.Element("button", "Write").Click()
	want(t, v, down(1201, 1181))
	for range 5 {
		v.Element("#posts").ScrollToBottom()
	}
	v.Element("button", "Write").Click() // from far down
	want(t, v, down(1202, 1183))
	for range 50 {
		v.Element("button", "Write").Click()
	}
	want(t, v, down(1252, 1193))
	v.Element("a", "Water").Click()
	v.Element("button", "Write").Click()
	if got := ids(v)[0]; got <= 1252 || topic(got) != "water" {
		t.Errorf("under the filter water stands number %d about %s on top, want a new one about water", got, topic(got))
	}
}

func TestLikingUpdatesInPlace(t *testing.T) {
	t.Parallel()
	v := open(t, "/feed")
	v.Element("#posts-1199 .like").Click()
	v.Element(`#posts-1199 .like[aria-pressed=true]`, "Liked")
	want(t, v, down(1200, 1181))
	v.Element("#posts-1199 .like").Click()
	v.Element(`#posts-1199 .like[aria-pressed=false]`, "Like")
}

func TestDeletingLetsTheNextMoveUp(t *testing.T) {
	t.Parallel()
	v := open(t, "/feed")
	v.Element("#posts-1200 .delete").Click()
	want(t, v, down(1199, 1180))
	v.Element("#all", "1,199")
	for !v.Has("#end") {
		v.Element("#posts").ScrollToBottom()
	}
	v.Element("#posts-1 .delete").Click() // nothing below: one comes from above
	want(t, v, down(61, 2))
	v.Event("delete", map[string]any{"id": 1000}) // above
	want(t, v, down(61, 2))
	v.Event("delete", map[string]any{"id": 1000}) // gone already
	v.Event("like", map[string]any{"id": 1000})
	v.Event("like", map[string]any{"id": 99999})
	v.Element("#all", "1,197")
	v.Element("#posts").ScrollToTop()
	want(t, v, down(81, 22))
}

func TestFilters(t *testing.T) {
	t.Parallel()
	v := open(t, "/feed?about=nonsense")
	v.Element("#all", "1,200")
	v.Element("a", "Birds").Click()
	v.WantPatch("/feed?about=birds")
	v.Element("#all", "400")
	for _, id := range ids(v) {
		if topic(id) != "birds" {
			t.Errorf("under birds stands a post about %s", topic(id))
		}
	}
	liked := ids(v)[3]
	v.Element("#posts-" + strconv.Itoa(liked) + " .like").Click()
	v.Element("a", "Liked").Click()
	want(t, v, []int{liked})
	v.Element("#posts .delete").Click()
	v.Element("#empty", "What you like comes here.")
	want(t, v, nil)
	v.Element("button", "Write").Click()
	v.WantPatch("/feed")
	if got := ids(v)[0]; got != 1201 {
		t.Errorf("what was written under Liked is not on top of everything, number %d is", got)
	}
}

// No client makes the view grow without end.
func TestWritingEnds(t *testing.T) {
	t.Parallel()
	p := &Page{written: starts}
	p.Posts.Init("posts", func(post Post) string { return strconv.Itoa(post.ID) })
	for range 2 * last {
		if err := p.write(nil); err != nil {
			t.Fatal(err)
		}
	}
	if !p.Full() || p.written > last {
		t.Errorf("after many posts the highest number is %d, want at most %d", p.written, last)
	}
}
