package templgen

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Diagnostic is something to tell the author of a template.
type Diagnostic struct {
	File      string // path of the templ file, below the directory given to Tree or Dir
	Line, Col int    // counted from one; columns count bytes; zero when it concerns the whole file
	Message   string // what is wrong
	Hint      string // what to do about it, when that can be said
	Warning   bool   // the file was written all the same
}

// String returns "file:line:col: message (hint)".
func (d Diagnostic) String() string {
	var b strings.Builder
	b.WriteString(d.File)
	if d.Line > 0 {
		fmt.Fprintf(&b, ":%d:%d", d.Line, d.Col)
	}
	b.WriteString(": ")
	if d.Warning {
		b.WriteString("warning: ")
	}
	b.WriteString(d.Message)
	if d.Hint != "" {
		b.WriteString(" (" + d.Hint + ")")
	}
	return b.String()
}

// Result says what a run did. Paths are below the directory it was given.
type Result struct {
	Written     []string     // Go files that were written
	Unchanged   []string     // Go files that were right already and were not touched
	Removed     []string     // Go files of this generator whose templates are gone
	Diagnostics []Diagnostic // by file and position
}

// Failed reports whether some template could not be translated. The Go files
// of its directory are then as they were.
func (r Result) Failed() bool {
	return anyError(r.Diagnostics)
}

func (r *Result) add(other Result) {
	r.Written = append(r.Written, other.Written...)
	r.Unchanged = append(r.Unchanged, other.Unchanged...)
	r.Removed = append(r.Removed, other.Removed...)
	r.Diagnostics = append(r.Diagnostics, other.Diagnostics...)
}

func sortDiagnostics(ds []Diagnostic) {
	slices.SortStableFunc(ds, func(a, b Diagnostic) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Col, b.Col))
	})
}

// fail records an error at a position of the template.
func (f *file) fail(at position, hint, format string, args ...any) {
	f.diagnostics = append(f.diagnostics, Diagnostic{
		File: f.path, Line: at.line, Col: at.col, Message: fmt.Sprintf(format, args...), Hint: hint,
	})
}

// warn records something that the author should know.
func (f *file) warn(at position, hint, format string, args ...any) {
	f.fail(at, hint, format, args...)
	f.diagnostics[len(f.diagnostics)-1].Warning = true
}

// failed reports whether an error was recorded.
func (f *file) failed() bool { return anyError(f.diagnostics) }

func anyError(ds []Diagnostic) bool {
	return slices.ContainsFunc(ds, func(d Diagnostic) bool { return !d.Warning })
}
