package app

import (
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"bennu/cmd/bennu/internal/problem"
)

// position opens a line of the compiler: "web/a.templ:12:7: undefined: x". The
// column may be missing.
var position = regexp.MustCompile(`^([^\s:][^:]*\.\w+):(\d+)(?::(\d+))?: (.*)$`)

// heading opens the lines about a package: "# shop/web", or with what it is
// compiled for, "# shop/web [shop/web.test]".
var heading = regexp.MustCompile(`^# (\S+)`)

// goProblems reads what go build writes when it fails, where it ran in dir. A
// line that starts with white space goes on with the problem before it.
//
// Files are relative to dir, but for those that a line directive names, as
// generated code does: they are given as they stand there, without a directory,
// and belong to the package of the heading. dirOf finds its directory, "" when
// it is not the app's.
func goProblems(output, dir string, dirOf func(importPath string) string) []problem.Problem {
	var found []problem.Problem
	here := ""
	for line := range strings.Lines(output) {
		line = strings.TrimRight(line, "\r\n")
		if h := heading.FindStringSubmatch(line); h != nil {
			here = dirOf(h[1])
			continue
		}
		switch m := position.FindStringSubmatch(line); {
		case line == "", line == "too many errors":
		case m != nil && here != "" && filepath.Base(m[1]) == m[1]:
			found = append(found, goProblem(m, here))
		case m != nil:
			found = append(found, goProblem(m, dir))
		case len(found) > 0 && (line[0] == '\t' || line[0] == ' '):
			last := &found[len(found)-1]
			last.Message += "\n" + strings.TrimSpace(line)
		default:
			found = append(found, problem.Problem{Tool: "go", Message: line})
		}
	}
	for i, p := range found {
		if m := notThere.FindStringSubmatch(p.Message); m != nil && dirOf(m[1]) != "" {
			p.Message = "package " + m[1] + " has no Go files yet"
		} else if a := Apart(p.Message); a != nil {
			p.Message = a.Error()
		}
		p.Message = Explained(p.File, p.Message)
		found[i] = problem.WithSource(p)
	}
	return found
}

// ofGenerated is what the compiler says of names of generated code that are not
// there.
var ofGenerated = regexp.MustCompile(`undefined: bennu(?:render\.|[RT]_)|bennuW\.\w+ undefined`)

// plainer says in the words of the template what the compiler says of the Go
// that it became.
var plainer = []struct {
	from *regexp.Regexp
	to   string
}{
	{regexp.MustCompile(`^(.*) does not satisfy render\.Stringable.*$`),
		"$1 cannot be written as text: expected a string, a number or a truth value; give it a method that returns one, or use fmt.Sprint"},
	{regexp.MustCompile(`^(.*) does not satisfy comparable.*$`), "$1 cannot be a key: expected a type that == takes, such as string or int"},
	{regexp.MustCompile(`^in call to (?:bennurender|templ)\.\w+, T \(type (.*)\) does not satisfy ~string$`), "cannot use a value of type $1 here: expected a string"},
	{regexp.MustCompile(`^cannot use (.*) \((?:variable|value|constant)(?: \S+)? of (?:\w+ )?type (.*)\) as error value in argument to bennurender\.V\b.*`),
		"$1 (of type $2) stands beside another value, where only an error may: join the parts of a text with +, and numbers by strconv.Itoa, or write fmt.Sprint(…)"},
	{regexp.MustCompile(`^(invalid operation: .* \(mismatched types (?:(?:untyped )?string and u?int\d*|u?int\d* and (?:untyped )?string)\))$`),
		"$1: write the number as text, as in \"item-\" + strconv.Itoa(n), or fmt.Sprint(\"item-\", n)"},
	{regexp.MustCompile(`cannot use (.*) as error value in argument to bennurender\.V\b`), "cannot use $1 as the error beside the value"},
	{regexp.MustCompile(`cannot use (.*) \(value of type func\(.*\) templ\.Component\) as templ\.Component value in argument to bennuW\.Comp: .*`),
		"$1 is a template that is not called; write @$1(…)"},
	{regexp.MustCompile(` in argument to bennu(?:W|render)\.\w+`), ""},
	{regexp.MustCompile(`\bbennuR_(\w+)`), "$1"},
	{regexp.MustCompile(`\(\*render\.Writer, (?:int|number)(?:, )?`), "("},
}

// notThere is what the go command says of a directory without Go, taking its
// import path for one of the standard library.
var notThere = regexp.MustCompile(`^package (\S+) is not in std`)

// Explained adds to what the compiler says of generated code where that comes
// from, or puts it into the words of the template.
func Explained(file, message string) string {
	switch {
	case !strings.HasSuffix(file, "_templ.go") && !strings.HasSuffix(file, ".templ"):
	case ofGenerated.MatchString(message):
		message += "\nthe Go of this template is from another version of bennu, or \"templ generate\" wrote some of its package: run \"bennu generate\""
	default:
		for _, r := range plainer {
			message = r.from.ReplaceAllString(message, r.to)
		}
	}
	return message
}

func goProblem(m []string, dir string) problem.Problem {
	p := problem.Problem{Tool: "go", File: m[1], Message: m[4]}
	if !filepath.IsAbs(p.File) {
		p.File = filepath.Join(dir, p.File)
	}
	// Numbers too large to be a line stay 0, which is no line.
	p.Line, _ = strconv.Atoi(m[2])
	p.Col, _ = strconv.Atoi(m[3])
	if strings.HasSuffix(m[1], ".templ") {
		p.Tool = "templ"
	}
	return p
}
