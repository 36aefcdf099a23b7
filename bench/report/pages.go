package main

import (
	"context"
	"fmt"

	"bennu/bench/pages"
)

// pages renders the benchmark pages in this process and returns a sheet of
// what that costs by Bennu, templ and html/template.
func (b *bench) pages(ctx context.Context) (*sheet, error) {
	t := &sheet{[][]string{{"page", "unit", "Bennu", "templ", "html/template", "bar", ""}}}
	t.part(fmt.Sprintf("Pages rendered in process, the fastest of %d rounds in turn", b.turns))
	for _, c := range pages.Cases() {
		if err := context.Cause(ctx); err != nil {
			return t, err
		}
		b.progress("pages: %s", c.Name)
		r, err := pages.Measure(c, b.turns)
		if err != nil {
			return t, fmt.Errorf("pages: %w", err)
		}
		for i := range c.Ours {
			t.lines = append(t.lines, sideLines(r, i)...)
		}
	}
	t.part("Retained for each view: what it remembers of what its browser shows")
	for _, m := range pages.Memories() {
		size, heap, err := m.Retained()
		if err != nil {
			return t, fmt.Errorf("pages: %s: %w", m.Name, err)
		}
		t.lines = append(t.lines,
			memoryLine(m, size),
			[]string{"… on the heap", "bytes", number(float64(heap)), "", "", "", ""})
	}
	return t, nil
}

// sideLines are the lines of one side of a case. What the others cost stands
// beside the first one: it is the same for all.
func sideLines(r pages.Result, i int) [][]string {
	side, cost := r.Ours[i], r.Costs[i]
	name := r.Name
	if side.Name != "" {
		name += ": " + side.Name
	}
	line := func(name, unit string, ours, templ, html float64, bar, verdict string) []string {
		if i > 0 {
			return []string{name, unit, number(ours), "", "", bar, verdict}
		}
		return []string{name, unit, number(ours), number(templ), number(html), bar, verdict}
	}
	micros := row{ours: cost.Micros, bar: bar{most: side.Bar.Micros}}
	timeBar, verdict := micros.barText(), micros.verdict()
	if r.Faster > 0 && i == 0 {
		timeBar, verdict = fmt.Sprintf("templ's / %g", r.Faster), "over"
		if cost.Micros*r.Faster <= r.ByTempl.Micros {
			verdict = "ok"
		}
	}
	allocs := row{ours: float64(cost.Allocs)}
	allocBar := ""
	if side.Bar.Allocs > 0 {
		allocs.bar.most = float64(side.Bar.Allocs + r.OwnAllocs)
		if allocBar = allocs.barText(); r.OwnAllocs > 0 {
			allocBar = fmt.Sprintf("≤ %d + the page's own %d", side.Bar.Allocs, r.OwnAllocs)
		}
	}
	bytes := row{ours: float64(cost.Bytes), bar: bar{most: float64(side.Bar.Bytes)}}
	return [][]string{
		line(name, "µs", cost.Micros, r.ByTempl.Micros, r.ByHTML.Micros, timeBar, verdict),
		line("… allocations", "", float64(cost.Allocs), float64(r.ByTempl.Allocs), float64(r.ByHTML.Allocs), allocBar, allocs.verdict()),
		line("… sent", "bytes", float64(cost.Bytes), float64(r.ByTempl.Bytes), float64(r.ByHTML.Bytes), bytes.barText(), bytes.verdict()),
	}
}

func memoryLine(m pages.Memory, size int) []string {
	r := row{ours: float64(size), bar: bar{most: float64(m.Most)}}
	return []string{m.Name, "bytes", number(r.ours), "", "", r.barText(), r.verdict()}
}
