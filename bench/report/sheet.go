package main

import (
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"
)

// A row is one figure.
type row struct {
	name        string
	unit        string
	ours, floor float64 // floor 0: it has none
	bar         bar
}

// A bar is what a figure is held against.
type bar struct {
	ratio float64 // to the floor; 0: the figure itself counts
	most  float64 // the figure; beside a ratio it is for orientation; 0: none
}

// verdict is "ok" or "over", empty for a figure that is only reported.
func (r row) verdict() string {
	ok := true
	switch {
	case r.bar.ratio > 0 && r.floor > 0:
		ok = r.ours <= r.bar.ratio*r.floor
	case r.bar.ratio > 0:
		return "no floor"
	case r.bar.most > 0:
		ok = r.ours <= r.bar.most
	default:
		return ""
	}
	if ok {
		return "ok"
	}
	return "over"
}

// barText is the bar as figures are written.
func (r row) barText() string {
	switch {
	case r.bar.ratio > 0 && r.bar.most > 0:
		return fmt.Sprintf("≤ %gx (≤ %s)", r.bar.ratio, number(r.bar.most))
	case r.bar.ratio > 0:
		return fmt.Sprintf("≤ %gx", r.bar.ratio)
	case r.bar.most > 0:
		return "≤ " + number(r.bar.most)
	}
	return ""
}

// A sheet is the rows under the headings of its parts. A heading is a line of
// one cell; the cells of all other lines stand in columns, of which those from
// the third to the fifth are figures.
type sheet struct{ lines [][]string }

// newSheet returns a sheet for rows.
func newSheet() *sheet {
	return &sheet{[][]string{{"measure", "unit", "ours", "floor", "ratio", "bar", ""}}}
}

func (t *sheet) part(heading string) { t.lines = append(t.lines, []string{heading}) }
func (t *sheet) add(rows ...row) {
	for _, r := range rows {
		t.lines = append(t.lines, r.cells())
	}
}

// print aligns the columns.
func (t *sheet) print(w io.Writer) {
	width := make([]int, len(t.lines[0]))
	for _, cells := range t.lines {
		if len(cells) == 1 {
			continue
		}
		for i, c := range cells {
			width[i] = max(width[i], utf8.RuneCountInString(c))
		}
	}
	for _, cells := range t.lines {
		if len(cells) == 1 {
			fmt.Fprintf(w, "\n%s\n", cells[0])
			continue
		}
		var b strings.Builder
		for i, c := range cells {
			pad := strings.Repeat(" ", width[i]-utf8.RuneCountInString(c))
			if i >= 2 && i <= 4 {
				b.WriteString(pad + c + "  ")
			} else {
				b.WriteString(c + pad + "  ")
			}
		}
		fmt.Fprintln(w, strings.TrimRight(b.String(), " "))
	}
}

// markdown prints the sheet as tables, one for each part.
func (t *sheet) markdown(w io.Writer) {
	line := func(cells []string) { fmt.Fprintf(w, "| %s |\n", strings.Join(cells, " | ")) }
	for _, cells := range t.lines[1:] {
		if len(cells) > 1 {
			line(cells)
			continue
		}
		fmt.Fprintf(w, "\n%s:\n\n", cells[0])
		line(t.lines[0])
		line([]string{"---", "---", "---:", "---:", "---:", "---", "---"})
	}
}

func (r row) cells() []string {
	floor, ratio := "", ""
	if r.floor > 0 {
		floor, ratio = number(r.floor), fmt.Sprintf("%.2fx", r.ours/r.floor)
	}
	return []string{r.name, r.unit, number(r.ours), floor, ratio, r.barText(), r.verdict()}
}

// number writes a figure with three digits that count, a whole one without any
// behind the point, and thousands apart.
func number(f float64) string {
	switch {
	case f == math.Trunc(f):
	case f < 10:
		return strconv.FormatFloat(f, 'f', 2, 64)
	case f < 100:
		return strconv.FormatFloat(f, 'f', 1, 64)
	}
	s := strconv.FormatFloat(f, 'f', 0, 64)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
