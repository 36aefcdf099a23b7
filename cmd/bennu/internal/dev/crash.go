package dev

import (
	"fmt"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"bennu/cmd/bennu/internal/problem"
)

// maxCrashLines is how much of an app's last words is shown in the browser; the
// terminal has them all.
const maxCrashLines = 25

// frame is a line of a Go stack that names a place: "\t/app/main.go:12 +0x1d".
var frame = regexp.MustCompile(`(?m)^\s+(/\S+\.(?:go|templ)):(\d+)`)

// crash says how an app ended that should not have. said is the end of what it
// wrote to standard error. The place is the first of the app's own in a stack.
func (s site) crash(err error, said string, wasReady bool) problem.Problem {
	how := "exit status 0"
	if err != nil {
		how = err.Error()
	}
	when := "before it was ready"
	if wasReady {
		when = "while it was running"
	}
	text := fmt.Sprintf("The app ended %s: %s", when, how)
	if strings.Contains(said, "address already in use") {
		text += "\nIt opened a port itself. bennu dev holds the port already: app.ListenAndServe uses it."
	}
	p := problem.Problem{Tool: "app"}
	for _, m := range frame.FindAllStringSubmatch(said, -1) {
		if rel, err := filepath.Rel(s.Dir, m[1]); err != nil || !filepath.IsLocal(rel) {
			continue
		}
		p.File = m[1]
		p.Line, _ = strconv.Atoi(m[2]) // digits by the pattern; too many of them are no line
		break
	}
	if last := lastWords(said); last != "" {
		text += "\n\n" + last
	}
	p.Message = text
	return problem.WithSource(p)
}

// lastWords are the lines of a panic from its message on, or else the last ones.
func lastWords(said string) string {
	said = strings.TrimSpace(said)
	if i := strings.LastIndex("\n"+said, "\npanic: "); i >= 0 {
		said = said[i:]
		lines := strings.Split(said, "\n")
		return strings.Join(lines[:min(len(lines), maxCrashLines)], "\n")
	}
	lines := strings.Split(said, "\n")
	return strings.Join(lines[max(0, len(lines)-maxCrashLines):], "\n")
}
