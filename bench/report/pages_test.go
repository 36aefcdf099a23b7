package main

import (
	"bytes"
	"slices"
	"testing"

	"bennu/bench/pages"
)

func TestSideLines(t *testing.T) {
	t.Parallel()
	r := pages.Result{
		Case: pages.Case{Name: "page", Faster: 4, Ours: []pages.Side{
			{Name: "one way", Bar: pages.Bar{Micros: 7, Allocs: 5, Bytes: 60}},
			{Name: "another", Bar: pages.Bar{Micros: 3, Bytes: 50}},
		}},
		OwnAllocs: 2,
		Costs:     []pages.Cost{{Micros: 5, Allocs: 8, Bytes: 60}, {Micros: 4, Allocs: 1, Bytes: 50}},
		ByTempl:   pages.Cost{Micros: 20, Allocs: 500, Bytes: 3000},
		ByHTML:    pages.Cost{Micros: 145, Allocs: 1268, Bytes: 3000},
	}
	for i, want := range [][][]string{
		{
			{"page: one way", "µs", "5", "20", "145", "templ's / 4", "ok"},
			{"… allocations", "", "8", "500", "1,268", "≤ 5 + the page's own 2", "over"},
			{"… sent", "bytes", "60", "3,000", "3,000", "≤ 60", "ok"},
		},
		{
			{"page: another", "µs", "4", "", "", "≤ 3", "over"},
			{"… allocations", "", "1", "", "", "", ""},
			{"… sent", "bytes", "50", "", "", "≤ 50", "ok"},
		},
	} {
		if got := sideLines(r, i); !slices.EqualFunc(got, want, slices.Equal) {
			t.Errorf("side %d:\n%q, want\n%q", i, got, want)
		}
	}
	r.ByTempl.Micros = 19
	if got := sideLines(r, 0)[0][6]; got != "over" {
		t.Errorf("less than four times as fast as templ is %q, want over", got)
	}
}

func TestSheetAsMarkdown(t *testing.T) {
	t.Parallel()
	s := &sheet{[][]string{{"page", "unit", "Bennu", "templ", "html/template", "bar", ""}}}
	s.part("A part")
	s.lines = append(s.lines, []string{"counter", "µs", "1", "2", "3", "≤ 4", "ok"})
	var b bytes.Buffer
	s.markdown(&b)
	const want = `
A part:

| page | unit | Bennu | templ | html/template | bar |  |
| --- | --- | ---: | ---: | ---: | --- | --- |
| counter | µs | 1 | 2 | 3 | ≤ 4 | ok |
`
	if b.String() != want {
		t.Errorf("got\n%s\nwant\n%s", b.String(), want)
	}
}
