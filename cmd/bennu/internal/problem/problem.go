// Package problem is what the tools behind `bennu` find wrong in the sources of
// an app, in one shape for the terminal and for the browser.
package problem

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"bennu/internal/devreload"
)

// Problem is one complaint of a tool about one place. File is absolute until
// [Relative] shortens it; it is empty when the tool named no place.
type Problem = devreload.Problem

// Failure is an error that consists of problems.
type Failure struct{ Problems []Problem }

// Error is every problem as [Format] gives it.
func (f *Failure) Error() string {
	texts := make([]string, len(f.Problems))
	for i, p := range f.Problems {
		texts[i] = Format(p)
	}
	return strings.Join(texts, "\n")
}

// Format is the problem for a terminal: file:line:col: message, and below it
// the line that is meant with a mark under the column.
func Format(p Problem) string {
	var b strings.Builder
	if p.File != "" {
		fmt.Fprintf(&b, "%s:", p.File)
		if p.Line > 0 {
			fmt.Fprintf(&b, "%d:", p.Line)
		}
		if p.Line > 0 && p.Col > 0 {
			fmt.Fprintf(&b, "%d:", p.Col)
		}
		b.WriteByte(' ')
	}
	b.WriteString(strings.ReplaceAll(p.Message, "\n", "\n    "))
	if strings.TrimSpace(p.Source) == "" {
		return b.String()
	}
	source := strings.ReplaceAll(strings.TrimRight(p.Source, " \t\r\n"), "\t", " ")
	fmt.Fprintf(&b, "\n    %d | %s", p.Line, source)
	if p.Col > 0 && p.Col <= len(source)+1 {
		margin := len(fmt.Sprintf("    %d | ", p.Line)) + p.Col - 1
		fmt.Fprintf(&b, "\n%s^", strings.Repeat(" ", margin))
	}
	return b.String()
}

// Relative shortens the files that lie below the directory base.
func Relative(base string, problems []Problem) []Problem {
	short := make([]Problem, len(problems))
	for i, p := range problems {
		if rel, err := filepath.Rel(base, p.File); err == nil && filepath.IsAbs(p.File) && filepath.IsLocal(rel) {
			p.File = filepath.ToSlash(rel)
		}
		short[i] = p
	}
	return short
}

// maxLine is how much of a line is worth showing: more is generated text.
const maxLine = 400

// WithSource fills in the text of the line that the problem names, as far as
// the file can be read.
func WithSource(p Problem) Problem {
	if p.Source != "" || p.File == "" || p.Line <= 0 {
		return p
	}
	f, err := os.Open(p.File)
	if err != nil {
		return p // a problem without its line is still a problem
	}
	defer func() { _ = f.Close() }()
	p.Source = nthLine(f, p.Line)
	return p
}

func nthLine(r io.Reader, n int) string {
	lines := bufio.NewReader(r)
	for {
		text, err := lines.ReadString('\n')
		if n--; n == 0 {
			text = strings.TrimRight(text, "\r\n")
			return text[:min(len(text), maxLine)]
		}
		if err != nil {
			return ""
		}
	}
}
