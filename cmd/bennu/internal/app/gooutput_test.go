package app

import (
	"strings"
	"testing"
)

func TestGoProblemsInTheWordsOfTheTemplate(t *testing.T) {
	t.Parallel()
	stale := "\nthe Go of this template is from another version of bennu, or \"templ generate\" wrote some of its package: run \"bennu generate\""
	for said, want := range map[string]string{
		"a_templ.go:9:1: undefined: bennurender.ABI1":                                                                                   "undefined: bennurender.ABI1" + stale,
		"a_templ.go:9:1: bennuW.SpreadOn undefined (type *render.Writer has no field)":                                                  "bennuW.SpreadOn undefined (type *render.Writer has no field)" + stale,
		"a.templ:9:1: undefined: bennuR_leaf":                                                                                           "undefined: bennuR_leaf" + stale,
		"a.go:9:1: undefined: bennurender.ABI1":                                                                                         "undefined: bennurender.ABI1",
		"a.templ:9:1: point does not satisfy render.Stringable (point missing in ~int | ~string)":                                       "point cannot be written as text: expected a string, a number or a truth value; give it a method that returns one, or use fmt.Sprint",
		"a.templ:9:1: func() does not satisfy comparable":                                                                               "func() cannot be a key: expected a type that == takes, such as string or int",
		"a.templ:9:1: in call to bennurender.URL, T (type int) does not satisfy ~string":                                                "cannot use a value of type int here: expected a string",
		"a.templ:9:1: cannot use n (variable of type int) as bool value in argument to bennuW.Flag":                                     "cannot use n (variable of type int) as bool value",
		"a.templ:9:1: too many arguments in call to bennuR_leaf\n\thave (*render.Writer, number, string)\n\twant (*render.Writer, int)": "too many arguments in call to leaf\nhave (string)\nwant ()",
		"a.templ:9:1: cannot use leaf (value of type func(s string) templ.Component) as templ.Component value in argument to bennuW.Comp: func(s string) templ.Component does not implement templ.Component (missing method Render)": "leaf is a template that is not called; write @leaf(…)",
		"a.templ:9:1: cannot use two() (value of type string) as error value in argument to bennurender.V: string does not implement error (missing method Error)":                                                                   "two() (of type string) stands beside another value, where only an error may: join the parts of a text with +, and numbers by strconv.Itoa, or write fmt.Sprint(…)",
		"a.templ:9:1: cannot use it.ID (variable of type int) as error value in argument to bennurender.V: int does not implement error (missing method Error)":                                                                      "it.ID (of type int) stands beside another value, where only an error may: join the parts of a text with +, and numbers by strconv.Itoa, or write fmt.Sprint(…)",
		"a.templ:9:1: invalid operation: \"item-\" + it.ID (mismatched types untyped string and int)":                                                                                                                                "invalid operation: \"item-\" + it.ID (mismatched types untyped string and int): write the number as text, as in \"item-\" + strconv.Itoa(n), or fmt.Sprint(\"item-\", n)",
		"a.go:9:1: invalid operation: \"item-\" + it.ID (mismatched types untyped string and int)":                                                                                                                                   "invalid operation: \"item-\" + it.ID (mismatched types untyped string and int)",
	} {
		got := goProblems(said, t.TempDir(), func(string) string { return "" })
		if len(got) != 1 || got[0].Message != want {
			t.Errorf("%q becomes %+v, want %q", said, got, want)
		}
	}
	dir := func(path string) string { return strings.TrimPrefix(path, "shop/") }
	got := goProblems("web/routes.go:9:2: package shop/web/hello is not in std (/usr/local/go/src/shop/web/hello)", t.TempDir(), dir)
	if want := "package shop/web/hello has no Go files yet"; len(got) != 1 || got[0].Message != want {
		t.Errorf("%+v, want %q", got, want)
	}
}
