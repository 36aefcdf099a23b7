package pages

import (
	"io"

	"github.com/a-h/templ"

	"bennu/bench/pages/byhtml"
	"bennu/bench/pages/bytempl"
	"bennu/bench/pages/data"
	"bennu/bench/pages/ours"
)

// Cases are all that is measured.
func Cases() []Case {
	return []Case{
		{
			Name: "counter, a click",
			Ours: []Side{{Bar: Bar{Micros: 0.3, Allocs: 2}, New: func() *Run {
				c := data.NewCounter()
				return diffs(c.Click, nil, func() templ.Component { return ours.Counter(c) })
			}}},
			ByTempl: func() *Run {
				c := data.NewCounter()
				return byTempl(c.Click, nil, func() templ.Component { return bytempl.Counter(c) })
			},
			ByHTML: func() *Run {
				c := data.NewCounter()
				return whole(c.Click, nil, func(w io.Writer) error { return byhtml.Counter(w, c) })
			},
		},
		{
			Name: "dashboard, 3 of some 200 values",
			Own:  data.NewDashboard().Evaluate,
			Ours: []Side{{Bar: Bar{Micros: 7, Allocs: 5, Bytes: 160}, New: func() *Run {
				d := data.NewDashboard()
				return diffs(d.Three, nil, func() templ.Component { return ours.Dashboard(d) })
			}}},
			ByTempl: func() *Run {
				d := data.NewDashboard()
				return byTempl(d.Three, nil, func() templ.Component { return bytempl.Dashboard(d) })
			},
			ByHTML: func() *Run {
				d := data.NewDashboard()
				return whole(d.Three, nil, func(w io.Writer) error { return byhtml.Dashboard(w, d) })
			},
		},
		{
			Name: "table of 1,000 rows of 8, one cell",
			Ours: []Side{
				{Name: "all rows evaluated", Bar: Bar{Micros: 120, Allocs: 5, Bytes: 60}, New: func() *Run {
					t := data.NewTable("row")
					return diffs(t.Edit, nil, func() templ.Component { return ours.Table(t) })
				}},
				{Name: "rows with live.Memo", Bar: Bar{Micros: 45, Allocs: 5, Bytes: 60}, New: func() *Run {
					t := data.NewTable("row")
					return diffs(t.Edit, nil, func() templ.Component { return ours.Memo(t) })
				}},
				{Name: "live.Rows", Bar: Bar{Micros: 5, Allocs: 5, Bytes: 60}, New: func() *Run {
					t := data.NewTracked("row")
					return diffs(t.Edit, nil, func() templ.Component { return ours.Tracked(t) })
				}},
			},
			ByTempl: func() *Run {
				t := data.NewTable("row")
				return byTempl(t.Edit, nil, func() templ.Component { return bytempl.Table(t) })
			},
			ByHTML: func() *Run {
				t := data.NewTable("row")
				return whole(t.Edit, nil, func(w io.Writer) error { return byhtml.Table(w, t) })
			},
		},
		{
			Name: "table of 1,000 rows of 8, a row inserted on top",
			Ours: []Side{
				{Name: "keyed", Bar: Bar{Micros: 170, Bytes: 10_500}, New: func() *Run {
					t := data.NewTable("row")
					return diffs(t.Insert, t.Delete, func() templ.Component { return ours.Table(t) })
				}},
				{Name: "rows with live.Memo", New: func() *Run {
					t := data.NewTable("row")
					return diffs(t.Insert, t.Delete, func() templ.Component { return ours.Memo(t) })
				}},
				{Name: "live.Rows", New: func() *Run {
					t := data.NewTracked("row")
					return diffs(t.Insert, t.Delete, func() templ.Component { return ours.Tracked(t) })
				}},
				{Name: "live.Chunked", Bar: Bar{Micros: 170, Bytes: 900}, New: func() *Run { return chunked("row") }, Sample: chunked},
			},
			ByTempl: func() *Run {
				t := data.NewTable("row")
				return byTempl(t.Insert, t.Delete, func() templ.Component { return bytempl.Table(t) })
			},
			ByHTML: func() *Run {
				t := data.NewTable("row")
				return whole(t.Insert, t.Delete, func(w io.Writer) error { return byhtml.Table(w, t) })
			},
		},
		{
			Name:   "table of 1,000 rows of 8, all of it as HTML",
			Faster: 4,
			Ours: []Side{{New: func() *Run {
				t := data.NewTable("row")
				return html(nothing, func() templ.Component { return ours.Table(t) })
			}}},
			ByTempl: func() *Run {
				t := data.NewTable("row")
				return byTempl(nothing, nil, func() templ.Component { return bytempl.Table(t) })
			},
			ByHTML: func() *Run {
				t := data.NewTable("row")
				return whole(nothing, nil, func(w io.Writer) error { return byhtml.Table(w, t) })
			},
		},
	}
}

// chunked is a table that goes to the browser in chunks. Which rows begin one
// depends on their IDs and on the process.
func chunked(name string) *Run {
	t := data.NewTable(name)
	return diffs(t.Insert, t.Delete, func() templ.Component { return ours.Chunked(t) })
}
