package todo

import (
	"net/url"
	"strconv"
	"strings"
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
	app.Live("/todo", func() live.View { return new(Page) })
	return livetest.Mount(t, app, path)
}

func values(s string) url.Values { return url.Values{"text": {s}} }

// shows checks the items and how many are left.
func shows(t *testing.T, v *livetest.View, left string, items ...string) {
	t.Helper()
	v.Element("#left", left)
	for _, item := range items {
		v.Element("#items li", item)
	}
	if got := strings.Count(v.HTML(), "<li"); got != len(items) {
		t.Errorf("there are %d items, want %q", got, items)
	}
	if v.Has("#none") != (len(items) == 0) {
		t.Errorf("with %d items the page says that there are none: %v", len(items), v.Has("#none"))
	}
}

func TestItemsComeChangeAndGo(t *testing.T) {
	t.Parallel()
	v := open(t, "/todo")
	shows(t, v, "2", "Land on the first stone", "Cry once", "Set time going")
	v.Element("#new").Submit(values("  Rest  "))
	shows(t, v, "3", "Land on the first stone", "Cry once", "Set time going", "Rest")
	v.Element("#done-2").Click()
	v.Element("#item-2 .line-through", "Cry once")
	v.Element("[aria-label='Remove: Set time going']").Click()
	shows(t, v, "1", "Land on the first stone", "Cry once", "Rest")
	v.Element("button", "Clear 2 done").Click()
	shows(t, v, "1", "Rest")
	if v.Has("button", "Clear") {
		t.Error("there is a button that clears nothing")
	}
}

func TestAnItemIsEditedInPlace(t *testing.T) {
	t.Parallel()
	v := open(t, "/todo")
	v.Element("[aria-label='Edit: Cry once']").Click()
	v.Element("#item-2 #edit").Submit(values("SET time going"))
	v.Element("#edit [role=alert]", "on the list already")
	v.Element("#edit").Submit(values("cry ONCE")) // its own text is no twin
	shows(t, v, "2", "Land on the first stone", "cry ONCE", "Set time going")

	v.Element("[aria-label='Edit: cry ONCE']").Click()
	v.Element("#edit").Keydown("Escape")
	v.Element("[aria-label='Edit: cry ONCE']").Click()
	v.Element("#edit button", "Cancel").Click()
	if v.Has("#edit") {
		t.Error("the editor is there after it was cancelled")
	}
}

func TestFiltersAreAddresses(t *testing.T) {
	t.Parallel()
	v := open(t, "/todo?show=done")
	shows(t, v, "2", "Land on the first stone")
	v.Element("nav a", "Open").Click()
	v.WantPatch("/todo?show=open")
	shows(t, v, "2", "Cry once", "Set time going")
	v.Element("#done-2").Click()
	shows(t, v, "1", "Set time going")
	v.Element("#done-3").Click()
	shows(t, v, "0")
	v.Element("nav a", "All").Click()
	v.WantPatch("/todo")
	shows(t, v, "0", "Land on the first stone", "Cry once", "Set time going")
	v.Back()
	shows(t, v, "0")
	shows(t, open(t, "/todo?show=<nonsense>"), "2", "Land on the first stone", "Cry once", "Set time going")
}

func TestMistakes(t *testing.T) {
	t.Parallel()
	v := open(t, "/todo")
	for typed, want := range map[string]string{
		"": "Write what", " \t ": "Write what", "cry once": "already", strings.Repeat("ü", 81): "80 characters",
	} {
		v.Element("#new").Submit(values(typed))
		v.Element("#new [role=alert]", want)
		if got, _ := v.Element("#new-text").Attr("value"); got != typed {
			t.Errorf("after a mistake the field has %q, want %q as it was typed", got, typed)
		}
	}
	v.Element("#new").Submit(values(strings.Repeat("ü", 80)))
	if v.Has("[role=alert]") {
		t.Error("a mistake is shown after none was made")
	}
}

// Any client may name any item, and send more than there is room for.
func TestWhatNoPageSends(t *testing.T) {
	t.Parallel()
	p, s := new(Page), new(live.Socket)
	for n := range 2 * mostItems {
		if err := p.added(s, typed{strconv.Itoa(n)}); err != nil {
			t.Fatal(err)
		}
	}
	if len(p.Items) != mostItems || p.New.Mistake == "" {
		t.Errorf("the list has %d items and says %q, want %d and why", len(p.Items), p.New.Mistake, mostItems)
	}
	before := len(p.Items)
	p.toggle(-1)
	p.remove(1 << 40)
	if err := p.edit(s, item{1 << 40}); err != nil || p.Editing != 0 {
		t.Errorf("edit of an item that is not there: %v, editing %d", err, p.Editing)
	}
	if err := p.renamed(s, typed{"nobody"}); err != nil || len(p.Items) != before {
		t.Errorf("rename without an editor: %v, %d items, want %d", err, len(p.Items), before)
	}
}
