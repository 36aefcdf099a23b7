package main

import (
	"context"
	"strings"
	"testing"

	"bennu/live"
	"bennu/render"
)

// The two tables may differ in nothing but what is measured.
func TestTablesDifferInTheirRootsAlone(t *testing.T) {
	t.Parallel()
	var pages, joins, diffs [2]string
	for i, whole := range []bool{true, false} {
		view := &table{Whole: whole}
		if err := view.Mount(new(live.Socket), live.Params{}); err != nil {
			t.Fatal(err)
		}
		html, err := render.AppendHTML(context.Background(), nil, view.Render())
		if err != nil {
			t.Fatal(err)
		}
		var state render.State
		join, err := state.AppendDiff(context.Background(), nil, view.Render())
		if err != nil {
			t.Fatal(err)
		}
		view.Rows[500].Cells[4] = "touched"
		diff, err := state.AppendDiff(context.Background(), nil, view.Render())
		if err != nil {
			t.Fatal(err)
		}
		pages[i], joins[i], diffs[i] = string(html), string(join), string(diff)
	}
	if pages[0] != pages[1] {
		t.Error("the HTML of the tables differs")
	}
	for i, want := range []int{rows, 0} {
		if got := strings.Count(joins[i], `"r":1`); got != want {
			t.Errorf("%d roots in the join of table %d, want %d", got, i, want)
		}
	}
	for i, diff := range diffs {
		if len(diff) > 60 || !strings.Contains(diff, "touched") {
			t.Errorf("table %d sends %s for one cell, want 60 bytes at most", i, diff)
		}
	}
}
