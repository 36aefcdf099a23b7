package check

import (
	"errors"
	"go/scanner"
	"go/token"
	"io/fs"
	"iter"
	"os"
	"regexp"
	"slices"
	"strings"

	"bennu/internal/nearest"
)

// A silencer is a comment that answers for findings:
//
//	// bennu:ignore script the gallery is never patched
//
// It is about its own line when something else stands there, else about the
// next line that is no comment, and about the element that begins in that line.
type silencer struct {
	at     place
	checks []string
	reason string
	line   int // that it is about
	used   bool
}

// comment is one of Go, templ or HTML that silences.
var comment = regexp.MustCompile(`(//|/\*|<!--)\s*bennu:ignore\b[ \t]*([^\r\n]*)`)

// checkNames are the checks that a comment begins with.
var checkNames = regexp.MustCompile(`^[a-z]+(\s*,\s*[a-z]+)*`)

// silencers reads the comments of a file.
func silencers(path string) ([]*silencer, error) {
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil // a generated file that is missing
	}
	if err != nil || !strings.Contains(string(text), "bennu:ignore") {
		return nil, err
	}
	lines := strings.Split(string(text), "\n")
	begins := commentsOfTempl
	if strings.HasSuffix(path, ".go") {
		begins = commentsOfGo
	}
	var out []*silencer
	for line, col := range begins(string(text), lines) {
		if s := silencerAt(lines, line, col); s != nil {
			s.at.file = path
			out = append(out, s)
		}
	}
	return out, nil
}

// silencerAt reads the comment that begins in a line, nil for any other.
func silencerAt(lines []string, line, col int) *silencer {
	m := comment.FindStringSubmatchIndex(lines[line][col:])
	if m == nil || m[0] != 0 {
		return nil
	}
	rest := lines[line][col+m[4] : col+m[5]]
	for _, end := range []string{"*/", "-->"} {
		rest, _, _ = strings.Cut(rest, end)
	}
	rest = strings.TrimSpace(rest)
	names := checkNames.FindString(rest)
	s := &silencer{at: place{line: line + 1, col: col + 1}, reason: strings.TrimSpace(rest[len(names):]), line: line + 1}
	for name := range strings.SplitSeq(names, ",") {
		if name = strings.TrimSpace(name); name != "" {
			s.checks = append(s.checks, name)
		}
	}
	if strings.TrimSpace(lines[line][:col]) == "" {
		s.line = nextCode(lines, line+1) + 1
	}
	return s
}

// commentsOfGo are where the comments of Go begin: index of the line, and byte
// in it.
func commentsOfGo(text string, _ []string) iter.Seq2[int, int] {
	return func(yield func(int, int) bool) {
		var s scanner.Scanner
		file := token.NewFileSet().AddFile("", -1, len(text))
		s.Init(file, []byte(text), nil, scanner.ScanComments)
		for {
			pos, tok, _ := s.Scan()
			if tok == token.EOF {
				return
			}
			// Lines of the text, whatever line directives say.
			if at := file.PositionFor(pos, false); tok == token.COMMENT && !yield(at.Line-1, at.Column-1) {
				return
			}
		}
	}
}

// commentsOfTempl are where comments that silence begin in a template: not
// within another comment of the line.
func commentsOfTempl(_ string, lines []string) iter.Seq2[int, int] {
	return func(yield func(int, int) bool) {
		for i, line := range lines {
			m := comment.FindStringIndex(line)
			if m == nil || m[0] > 0 && strings.HasPrefix(strings.TrimSpace(line[:m[0]]), "//") {
				continue
			}
			if !yield(i, m[0]) {
				return
			}
		}
	}
}

// nextCode is the index of the first line from i on that is neither empty nor a
// comment of one line.
func nextCode(lines []string, i int) int {
	for ; i < len(lines); i++ {
		line := strings.TrimSpace(lines[i])
		if line != "" && !strings.HasPrefix(line, "//") && !(strings.HasPrefix(line, "<!--") && strings.HasSuffix(line, "-->")) {
			break
		}
	}
	return i
}

// silence takes away the findings that comments answer for, and adds what is
// wrong with those comments.
func (p *program) silence(found []Finding) ([]Finding, error) {
	byFile := map[string][]*silencer{}
	for _, path := range p.sources() {
		s, err := silencers(path)
		if err != nil {
			return nil, err
		}
		byFile[path] = s
	}
	found = slices.DeleteFunc(found, func(f Finding) bool {
		silent := false
		for _, s := range byFile[f.File] {
			if slices.Contains(s.checks, f.Check) && s.reason != "" && (s.line == f.Line || f.element > 0 && s.line == f.element) {
				s.used, silent = true, true
			}
		}
		return silent
	})
	for _, all := range byFile {
		for _, s := range all {
			if f, wrong := p.wrongSilencer(s); wrong {
				found = append(found, f)
			}
		}
	}
	return found, nil
}

func (p *program) wrongSilencer(s *silencer) (Finding, bool) {
	const form = "write // bennu:ignore CHECK reason"
	for _, name := range s.checks {
		if slices.Contains(Names, name) {
			continue
		}
		near := ""
		if n := nearest.Name(name, Names); n != "" {
			near = " (did you mean \"" + n + "\"?)"
		}
		return finding(checkIgnore, s.at, form+"; the checks are "+strings.Join(Names, ", "), "there is no check %q%s", name, near), true
	}
	switch {
	case len(s.checks) == 0:
		return finding(checkIgnore, s.at, form+"; the checks are "+strings.Join(Names, ", "), "the comment does not say which check to ignore"), true
	case s.reason == "":
		return finding(checkIgnore, s.at, form, "the comment gives no reason, so it silences nothing"), true
	case !s.used && p.pkgs != nil:
		return finding(checkIgnore, s.at, "remove the comment", "there is nothing to ignore here"), true
	}
	return Finding{}, false
}

// sources are the files that people write: templates, and Go that is not
// generated from them.
func (p *program) sources() []string {
	var out []string
	for _, f := range p.files {
		out = append(out, f.path)
	}
	for _, pkg := range p.pkgs {
		for _, name := range pkg.GoFiles {
			if !strings.HasSuffix(name, "_templ.go") {
				out = append(out, name)
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}
