package pages

import (
	"bytes"
	"context"
	"testing"

	"github.com/a-h/templ"

	"bennu/bench/pages/byhtml"
	"bennu/bench/pages/bytempl"
	"bennu/bench/pages/data"
	"bennu/bench/pages/ours"
)

// The tests that count what the process does are not parallel to any other.

func TestBytesAreBelowTheirBars(t *testing.T) {
	for _, c := range Cases() {
		for _, side := range c.Ours {
			got, err := side.Bytes()
			if err != nil {
				t.Fatalf("%s, %s: %v", c.Name, side.Name, err)
			}
			if side.Bar.Bytes > 0 && got > side.Bar.Bytes {
				t.Errorf("%s, %s: %d bytes, want at most %d", c.Name, side.Name, got, side.Bar.Bytes)
			}
		}
	}
}

func TestAllocsAreBelowTheirBars(t *testing.T) {
	if raceDetector {
		t.Skip("the race detector makes pools forget")
	}
	for _, c := range Cases() {
		own := 0
		if c.Own != nil {
			own = allocs(func(int) { c.Own() })
		}
		for _, side := range c.Ours {
			got := Allocs(side.New())
			if side.Bar.Allocs > 0 && got > own+side.Bar.Allocs {
				t.Errorf("%s, %s: %d allocations, want at most %d above the page's own %d", c.Name, side.Name, got, side.Bar.Allocs, own)
			}
		}
	}
}

func TestMemoryIsBelowItsBars(t *testing.T) {
	for _, m := range Memories() {
		size, heap, err := m.Retained()
		if err != nil {
			t.Fatalf("%s: %v", m.Name, err)
		}
		if m.Most > 0 && size > m.Most {
			t.Errorf("%s: a view keeps %d bytes, want at most %d", m.Name, size, m.Most)
		}
		// Above the size classes of the allocator lie whole pages of 8 KiB.
		if heap > size+8<<10 {
			t.Errorf("%s: a view keeps %d bytes of heap, want about the %d that it counts", m.Name, heap, size)
		}
	}
}

// TestMeasure holds that all sides are measured, and that what makes less is
// measured as less. The tables are left to `make bench`.
func TestMeasure(t *testing.T) {
	for _, c := range Cases()[:2] {
		r, err := Measure(c, 1)
		if err != nil {
			t.Fatal(err)
		}
		if len(r.Costs) != len(c.Ours) {
			t.Errorf("%s: %d costs, want one for each of %d sides", c.Name, len(r.Costs), len(c.Ours))
		}
		for _, cost := range append(r.Costs, r.ByTempl, r.ByHTML) {
			if cost.Micros <= 0 || cost.Bytes <= 0 {
				t.Errorf("%s: cost %+v, want a time and bytes", c.Name, cost)
			}
		}
		if r.Costs[0].Bytes >= r.ByTempl.Bytes {
			t.Errorf("%s: the difference has %d bytes, want fewer than the %d of the page", c.Name, r.Costs[0].Bytes, r.ByTempl.Bytes)
		}
	}
}

// TestTablesShowTheSame compares the HTML of the ways to write the table.
func TestTablesShowTheSame(t *testing.T) {
	t.Parallel()
	table, tracked := data.NewTable("row"), data.NewTracked("row")
	for i := range 3 {
		want := rendered(t, ours.Table(table))
		for name, page := range map[string]templ.Component{
			"live.Memo": ours.Memo(table), "live.Rows": ours.Tracked(tracked), "live.Chunked": ours.Chunked(table),
		} {
			if got := rendered(t, page); got != want {
				t.Errorf("after %d changes, with %s: %.300s\nwithout %.300s", i, name, got, want)
			}
		}
		if i == 0 {
			table.Edit(i)
			tracked.Edit(i)
		} else {
			table.Insert(i)
			tracked.Insert(i)
		}
	}
}

func rendered(t *testing.T, c templ.Component) string {
	t.Helper()
	var b bytes.Buffer
	if err := c.Render(t.Context(), &b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestSidesShowTheSame compares the HTML of all three, before and after a change.
func TestSidesShowTheSame(t *testing.T) {
	t.Parallel()
	c, d, tab := data.NewCounter(), data.NewDashboard(), data.NewTable("row")
	for _, page := range []struct {
		name          string
		change        func(int)
		ours, byTempl func() templ.Component
		byHTML        func(*bytes.Buffer) error
	}{
		{"counter", c.Click,
			func() templ.Component { return ours.Counter(c) }, func() templ.Component { return bytempl.Counter(c) },
			func(b *bytes.Buffer) error { return byhtml.Counter(b, c) }},
		{"dashboard", d.Three,
			func() templ.Component { return ours.Dashboard(d) }, func() templ.Component { return bytempl.Dashboard(d) },
			func(b *bytes.Buffer) error { return byhtml.Dashboard(b, d) }},
		{"dashboard with an alert", func(int) { d.Alert = "late" },
			func() templ.Component { return ours.Dashboard(d) }, func() templ.Component { return bytempl.Dashboard(d) },
			func(b *bytes.Buffer) error { return byhtml.Dashboard(b, d) }},
		{"table", tab.Edit,
			func() templ.Component { return ours.Table(tab) }, func() templ.Component { return bytempl.Table(tab) },
			func(b *bytes.Buffer) error { return byhtml.Table(b, tab) }},
	} {
		for i := range 2 {
			var us, them, std bytes.Buffer
			for _, err := range []error{
				page.ours().Render(context.Background(), &us),
				page.byTempl().Render(context.Background(), &them),
				page.byHTML(&std),
			} {
				if err != nil {
					t.Fatalf("%s: %v", page.name, err)
				}
			}
			if !bytes.Equal(us.Bytes(), them.Bytes()) {
				t.Errorf("%s: ours is\n%.300s\ntempl's\n%.300s", page.name, &us, &them)
			}
			if !bytes.Equal(us.Bytes(), std.Bytes()) {
				t.Errorf("%s: ours is\n%.300s\nhtml/template's\n%.300s", page.name, &us, &std)
			}
			page.change(i)
		}
	}
}
