package assets

import (
	"fmt"
	"io"
	"strings"
)

// Print lists the files that pages load with their sizes. Errors of w are not
// reported, as with fmt.Print.
func (r Report) Print(w io.Writer) {
	wide := 0
	for _, f := range r.Files {
		wide = max(wide, len(f.Name))
	}
	for _, f := range r.Files {
		compressed := strings.Repeat(" ", len("  100.0 kB brotli"))
		if f.Brotli > 0 {
			compressed = fmt.Sprintf("%10s brotli", kilobytes(f.Brotli))
		}
		fmt.Fprintf(w, "  %-*s %10s%s  %s\n", wide, f.Name, kilobytes(f.Raw), compressed, f.File)
	}
}

func kilobytes(n int) string { return fmt.Sprintf("%.1f kB", float64(n)/1000) }
