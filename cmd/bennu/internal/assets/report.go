package assets

import (
	"fmt"
	"io"
	"strings"
)

// Print lists the files that pages load with their sizes. Source maps are left
// out: no page loads them. Errors of w are not reported, as with fmt.Print.
func (r Report) Print(w io.Writer) {
	shown, wide := r.shown(), 0
	for _, f := range shown {
		wide = max(wide, len(f.Name))
	}
	for _, f := range shown {
		compressed := strings.Repeat(" ", len("  100.0 kB brotli"))
		if f.Brotli > 0 {
			compressed = fmt.Sprintf("%10s brotli", kilobytes(f.Brotli))
		}
		fmt.Fprintf(w, "  %-*s %10s%s  %s\n", wide, f.Name, kilobytes(f.Raw), compressed, f.File)
	}
}

func (r Report) shown() []Built {
	var shown []Built
	for _, f := range r.Files {
		if !strings.HasSuffix(f.File, ".map") {
			shown = append(shown, f)
		}
	}
	return shown
}

func kilobytes(n int) string { return fmt.Sprintf("%.1f kB", float64(n)/1000) }
