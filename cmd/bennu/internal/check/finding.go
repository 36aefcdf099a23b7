package check

import (
	"cmp"
	"fmt"
	"slices"
)

// Finding is one thing that a check has to say about one place.
type Finding struct {
	// Check is the name of the check, by which a comment can silence it.
	Check string `json:"check"`
	// File is the absolute path; Line and Col count from one, columns in bytes.
	// They are zero when the finding concerns the whole file.
	File string `json:"file"`
	Line int    `json:"line,omitempty"`
	Col  int    `json:"col,omitempty"`
	// Message says what is wrong, Fix what to do about it.
	Message string `json:"message"`
	Fix     string `json:"fix,omitempty"`
	// Note marks what may well be meant as it is.
	Note bool `json:"note,omitempty"`

	// element is the line where the element begins that the finding is about:
	// a comment above it silences the finding too. 0 for none.
	element int
}

// Names are the names of the checks that a comment can silence.
var Names = []string{
	checkAttribute, checkComponent, checkEvent, checkGenerated, checkGoroutine, checkID,
	checkLink, checkMethod, checkPayload, checkScript, checkSocket,
}

const (
	checkAttribute = "attribute"
	checkComponent = "component"
	checkEvent     = "event"
	checkGenerated = "generated"
	checkGoroutine = "goroutine"
	checkID        = "id"
	checkLink      = "link"
	checkMethod    = "method"
	checkPayload   = "payload"
	checkScript    = "script"
	checkSocket    = "socket"

	// What these find cannot be silenced.
	checkCompile  = "compile"
	checkTemplate = "template"
	checkIgnore   = "ignore"
	checkRoute    = "route"
)

// place is a position in a file.
type place struct {
	file      string
	line, col int
}

func (p place) before(o place) bool {
	return p.line < o.line || p.line == o.line && p.col < o.col
}

// in is the place as text within a message about another file or the same.
func (p place) in(prog *program) string {
	return fmt.Sprintf("%s:%d:%d", prog.shown(p.file), p.line, p.col)
}

func finding(check string, at place, fix, format string, args ...any) Finding {
	return Finding{Check: check, File: at.file, Line: at.line, Col: at.col, Fix: fix, Message: fmt.Sprintf(format, args...)}
}

// tidy sorts the findings and drops those that were made twice.
func tidy(found []Finding) []Finding {
	slices.SortStableFunc(found, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Col, b.Col),
			cmp.Compare(a.Check, b.Check), cmp.Compare(a.Message, b.Message))
	})
	return slices.Compact(found)
}
