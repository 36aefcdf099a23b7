package templgen

import (
	"bytes"
	"errors"
	"fmt"
	"go/format"
	"go/scanner"
	"regexp"
	"strconv"
	"strings"
)

// An emitter collects the Go text of one file and the positions of the pieces
// in it that come from the template.
//
// Go from the template is preceded by /*line x.templ:8:15*/. What follows it
// counts as lines of x.templ, so a //line x_templ.go:31 leads back before the
// next statement that is the generator's own.
//
// The numbers are only known when gofmt is through: it moves a comment in front
// of the comma that it follows, and the column has to make up for that. Until
// then directives carry the number of their entry in marks as a line number.
// Should gofmt find the text wrong, its error names such a line too.
type emitter struct {
	templ string // name of the template's file
	goOut string // name of the Go file
	buf   bytes.Buffer
	marks []position
	away  bool // what is written next counts as a line of the template
}

// Line numbers of directives before gofmt: markBase + markStep*(index of mark)
// + the lines after it.
const (
	markBase = 100_000_000
	markStep = 10_000
	markMax  = (1<<30 - 1 - markBase) / markStep // the largest line number Go accepts is 1<<30
	backLine = 1
)

func (e *emitter) printf(format string, args ...any) { fmt.Fprintf(&e.buf, format, args...) }

// own writes a statement that is not from the template.
func (e *emitter) own(format string, args ...any) {
	e.back()
	e.printf(format+"\n", args...)
}

// back returns from the template's lines to those of the Go file.
func (e *emitter) back() {
	if !e.away {
		return
	}
	e.away = false
	if b := e.buf.Bytes(); len(b) > 0 && b[len(b)-1] != '\n' {
		e.printf("\n")
	}
	e.printf("//line %s:%d\n", e.goOut, backLine)
}

// at returns the directive for Go that stands at a position of the template.
func (e *emitter) at(p position) string {
	e.away = true
	e.marks = append(e.marks, p)
	return fmt.Sprintf("/*line %s:%d:1*/", e.templ, markBase+markStep*(len(e.marks)-1))
}

// atLine writes a directive for the line that is written next.
func (e *emitter) atLine(p position) {
	e.away = true
	e.marks = append(e.marks, p)
	e.printf("//line %s:%d:1\n", e.templ, markBase+markStep*(len(e.marks)-1))
}

var errTooLarge = errors.New("the template is too large for one file")

// finish formats the file and fills in its directives. An error of gofmt is a
// scanner.ErrorList with positions in the template where that is possible.
func (e *emitter) finish() ([]byte, error) {
	if len(e.marks) > markMax {
		return nil, errTooLarge
	}
	text, err := format.Source(e.buf.Bytes())
	if err != nil {
		return nil, e.locate(err)
	}
	text = e.number(text)
	// The width of a directive can count in the alignment of comments.
	return format.Source(text)
}

// number gives the directives their final numbers.
func (e *emitter) number(text []byte) []byte {
	mark := regexp.MustCompile(`(/\*|//)line ` + regexp.QuoteMeta(e.templ) + `:(\d{9,10}):1(\*/)?`)
	back := []byte(fmt.Sprintf("//line %s:%d", e.goOut, backLine))
	var out bytes.Buffer
	for i, line := range bytes.SplitAfter(text, []byte("\n")) {
		if bytes.HasPrefix(line, back) && len(bytes.TrimSpace(line)) == len(back) {
			fmt.Fprintf(&out, "//line %s:%d\n", e.goOut, i+2)
			continue
		}
		last := 0
		for _, m := range mark.FindAllSubmatchIndex(line, -1) {
			p, ok := e.mark(string(line[m[4]:m[5]]))
			if !ok {
				continue
			}
			moved := len(line[m[1]:]) - len(bytes.TrimLeft(line[m[1]:], ", \t"))
			out.Write(line[last:m[0]])
			fmt.Fprintf(&out, "%sline %s:%d:%d%s", line[m[2]:m[3]], e.templ, p.line, max(p.col-moved, 1), line[m[5]+2:m[1]])
			last = m[1]
		}
		out.Write(line[last:])
	}
	return out.Bytes()
}

// mark returns the position for which a line number stands.
func (e *emitter) mark(digits string) (position, bool) {
	n, err := strconv.Atoi(digits)
	if err != nil || n < markBase {
		return position{}, false
	}
	index, below := (n-markBase)/markStep, (n-markBase)%markStep
	if index >= len(e.marks) {
		return position{}, false
	}
	p := e.marks[index]
	return position{p.line + below, p.col}, true
}

// locate translates the positions of gofmt's errors into the template.
func (e *emitter) locate(err error) error {
	var list scanner.ErrorList
	if !errors.As(err, &list) {
		return err
	}
	for _, x := range list {
		if !strings.HasSuffix(x.Pos.Filename, e.templ) {
			continue
		}
		if p, ok := e.mark(strconv.Itoa(x.Pos.Line)); ok {
			if (x.Pos.Line-markBase)%markStep == 0 {
				p.col += x.Pos.Column - 1
			} else {
				p.col = x.Pos.Column
			}
			x.Pos.Line, x.Pos.Column = p.line, p.col
		}
	}
	return list
}
