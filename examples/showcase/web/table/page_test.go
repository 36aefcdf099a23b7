package table

import (
	"fmt"
	"regexp"
	"testing"

	"bennu"
	"bennu/examples/showcase/web/ui"
	"bennu/live"
	"bennu/livetest"
	"bennu/token"
)

// open mounts the page as the website does.
func open(t *testing.T) *livetest.View {
	t.Helper()
	app := bennu.New(bennu.Options{SecretKeyBase: token.NewSecret(), RootLayout: ui.Root})
	app.Live("/table", func() live.View { return new(Table) }, bennu.WithLayout(nil))
	return livetest.Mount(t, app, "/table")
}

// received is the last message from the server.
func received(t *testing.T, v *livetest.View) string {
	t.Helper()
	frames := v.Frames()
	last := frames[len(frames)-1]
	if last.Sent {
		t.Fatalf("the last message is the page's own: %s", last)
	}
	return last.Text
}

var row = regexp.MustCompile(`<tr><td>(\d+)</td>`)

// order is the numbers of the rows from the top, as the page shows them.
func order(v *livetest.View) []string {
	var all []string
	for _, m := range row.FindAllStringSubmatch(v.HTML(), -1) {
		all = append(all, m[1])
	}
	return all
}

func TestJoinIsLean(t *testing.T) {
	t.Parallel()
	if n := len(received(t, open(t))); n > 180_000 {
		t.Errorf("the answer to the join has %d bytes, want at most 180000", n)
	}
}

func TestTouchSendsOneCell(t *testing.T) {
	t.Parallel()
	v := open(t)
	button := `td button[phx-value-id="17"]`
	want := ring(17).Seen + 1
	v.Element(button).Click()
	v.Element(button, fmt.Sprint(want))
	if answer := received(t, v); len(answer) > 130 {
		t.Errorf("one cell is sent in %d bytes, want at most 130: %s", len(answer), answer)
	}
	v.Event("touch", map[string]string{"id": "17"})
	v.Element(button, fmt.Sprint(want+1))
}

func TestInsertAndShuffleOnThePage(t *testing.T) {
	t.Parallel()
	v := open(t)
	v.Element("button", "Insert on top").Click()
	before := order(v)
	if len(before) != 1001 || before[0] != "1001" || before[1] != "1" {
		t.Fatalf("after an insert the page shows %d rows from %.20s on, want 1001 from 1001, 1 on", len(before), before)
	}
	v.Element("button", "Shuffle").Click()
	after := order(v)
	if len(after) != len(before) || fmt.Sprint(after) == fmt.Sprint(before) {
		t.Errorf("after a shuffle the page shows %d rows, want the %d in another order", len(after), len(before))
	}
	v.Element(`td button[phx-value-id="1001"]`).Click()
	v.Element(`td button[phx-value-id="1001"]`, fmt.Sprint(ring(1001).Seen+1))
}
