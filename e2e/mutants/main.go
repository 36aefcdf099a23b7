// Command mutants shows that the proofs of rendering have teeth. It breaks the
// runtime in one place at a time and runs the random walks over the broken one:
// those of package render with its own small client and, if these are content,
// those with the official client under node. Each mutant has to be caught.
//
//	go run ./mutants [-all] [-steps 3000] [NAME...]
//
// It is run in the directory e2e (`make mutants`). Nothing in the repository is
// changed: the Go command reads the broken file in place of the real one.
package main

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"text/tabwriter"
)

func main() {
	steps := flag.Int("steps", 3000, "random states of each proof and mutant")
	all := flag.Bool("all", false, "run all proofs, also after one that catches the mutant")
	flag.Parse()
	survived, err := run(*steps, *all, flag.Args())
	if err != nil {
		fmt.Fprintln(os.Stderr, "mutants:", err)
		os.Exit(1)
	}
	if survived > 0 {
		fmt.Fprintf(os.Stderr, "mutants: %d were not caught\n", survived)
		os.Exit(1)
	}
}

// run tries the mutants of the given names, all if there are none, and returns
// how many no proof caught.
func run(steps int, all bool, names []string) (survived int, err error) {
	for _, n := range names {
		if !slices.ContainsFunc(mutants, func(m mutant) bool { return m.name == n }) {
			return 0, fmt.Errorf("no mutant is called %q", n)
		}
	}
	dir, err := os.MkdirTemp("", "mutants-")
	if err != nil {
		return 0, err
	}
	defer os.RemoveAll(dir)
	// The proofs must hold over what is not broken, or catching means nothing.
	for _, p := range proofs {
		if caught, out, err := p.run(dir, nil, steps); err != nil || caught {
			return 0, fmt.Errorf("%s fails before anything is broken: %v\n%s", p.name, err, out)
		}
	}
	tw := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	for _, m := range mutants {
		if len(names) > 0 && !slices.Contains(names, m.name) {
			continue
		}
		by, err := m.try(dir, steps, all)
		if err != nil {
			return survived, err
		}
		if len(by) == 0 {
			survived++
			by = []string{"NOTHING"}
		}
		fmt.Fprintf(tw, "%s\tcaught by %s\n", m.name, strings.Join(by, ", "))
		tw.Flush()
	}
	return survived, nil
}
