// Command patchtime measures in Chromium how long the official client takes
// from the message of the WebSocket to the patched page when one cell of a
// table of 1,000 rows of 8 changes: with rows that are templates of their own,
// as bennu writes them, and with the same rows as a part of the loop's body.
//
// It is run in the directory of the repository by `make bench`. The tables take
// turns, as the machine may be at something else now and then.
package main

import (
	"context"
	"flag"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"os"
	"slices"
	"time"

	"bennu"
	"bennu/live"
	"bennu/token"
)

func main() {
	assets := flag.String("assets", "examples/showcase/web/assets/dist", "`directory` of the built client")
	turns := flag.Int("turns", 6, "turns of each table")
	changes := flag.Int("changes", 10, "changes in a turn")
	flag.Parse()
	if err := run(*assets, *turns, *changes); err != nil {
		fmt.Fprintln(os.Stderr, "patchtime:", err)
		os.Exit(1)
	}
}

func run(assets string, turns, changes int) error {
	path := findChromium()
	if path == "" {
		fmt.Println("table cell, message to patched page: not measured, there is no Chromium; `make setup` installs it")
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	defer cancel()
	site := httptest.NewServer(app(assets))
	defer site.Close()
	b, err := startBrowser(ctx, path)
	if err != nil {
		return err
	}
	defer b.stop()
	var whole, open []float64
	for range turns {
		for _, side := range []struct {
			path  string
			times *[]float64
		}{{"/whole", &whole}, {"/open", &open}} {
			times, err := b.measure(site.URL+side.path, changes)
			if err != nil {
				return err
			}
			*side.times = append(*side.times, times...)
		}
	}
	report(whole, open)
	return nil
}

func app(assets string) *bennu.App {
	a := bennu.New(bennu.Options{SecretKeyBase: token.NewSecret(), RootLayout: root,
		Assets: os.DirFS(assets), Logger: slog.New(slog.DiscardHandler)})
	a.Live("/whole", func() live.View { return &table{Whole: true} })
	a.Live("/open", func() live.View { return &table{} })
	return a
}

func report(whole, open []float64) {
	slices.Sort(whole)
	slices.Sort(open)
	median := func(s []float64) float64 { return s[len(s)/2] }
	fmt.Printf("table %dx%d, one cell, message to patched page, ms in Chromium (%d changes each)\n", rows, columns, len(whole))
	fmt.Printf("  %-22s %8s %8s\n", "", "least", "median")
	fmt.Printf("  %-22s %8.1f %8.1f\n", "row roots", whole[0], median(whole))
	fmt.Printf("  %-22s %8.1f %8.1f\n", "row roots off", open[0], median(open))
	least, middle := open[0]/whole[0], median(open)/median(whole)
	verdict := "ok"
	if middle < 3 {
		verdict = "over"
	}
	fmt.Printf("  %-22s %7.1fx %7.1fx   bar 3x of the median: %s\n", "faster by", least, middle, verdict)
}
