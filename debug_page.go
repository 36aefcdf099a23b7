package bennu

import (
	"bytes"
	"errors"
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"runtime"
	"slices"
	"strings"

	"github.com/a-h/templ"
)

// maxMessage bounds how much of an error's text a page shows.
const maxMessage = 8 << 10

// debugView is what the page of development shows. Much of it comes from
// outside: the template escapes all of it.
type debugView struct {
	Status      int
	Title       string // "panic in cart.(*Cart).add"
	Message     string
	Type        string     // of the panic's value or the error
	Causes      []debugRow // the errors that it wraps: type and text
	Focus       *debugFrame
	App         []debugFrame // the app's calls, the last one first
	All         []debugFrame
	Request     []debugRow
	Params      []debugRow
	Headers     []debugRow
	Environment []debugRow
	Nonce       string
	Style       template.CSS
}

// debugFrame is a call with its source.
type debugFrame struct {
	stackFrame
	Source []sourceLine
	Editor template.URL
}

// debugRow is a name and what it has.
type debugRow struct{ Name, Value string }

// debugPage is the page for what went wrong in the server, in development: the
// error, the source line, the stack and the request without its secrets.
func (a *App) debugPage(r *http.Request, status int, err error) []byte {
	v := debugView{
		Status: status, Title: statusText(status), Message: cut(err.Error(), maxMessage), Type: errorType(err),
		Causes: causes(err),
		Nonce:  Nonce(r.Context()), Style: pageStyle,
	}
	v.addStack(err)
	v.addPosition(err)
	if v.Focus == nil && len(v.App) > 0 {
		v.Focus = &v.App[0]
	}
	v.addRequest(r)
	v.Environment = []debugRow{
		{"Bennu", Version}, {"Go", runtime.Version()}, {"request id", RequestID(r)}, {"editor", editorHint()},
	}
	var b bytes.Buffer
	if err := debugTemplate.Execute(&b, v); err != nil {
		panic(err) // the data are of the template's own types
	}
	return b.Bytes()
}

// addStack shows a panic and where it happened.
func (v *debugView) addStack(err error) {
	crash := panicOf(err)
	if crash == nil {
		return
	}
	v.Title, v.Type = "panic", fmt.Sprintf("%T", crash.Value)
	if e, ok := crash.Value.(error); ok {
		v.Type = errorType(e)
	}
	if e, ok := crash.Value.(runtime.Error); ok {
		v.Type, v.Message = "runtime error", cut(e.Error(), maxMessage)
	}
	origin := thisProgram()
	excerpts := 0
	for _, f := range parseStack(crash.Stack) {
		f.App = origin.owns(f)
		frame := debugFrame{stackFrame: f}
		if f.App {
			frame.Editor = editorLink(f.File, f.Line)
			if excerpts < maxExcerpts {
				frame.Source = excerpt(f.File, f.Line)
				excerpts++
			}
			v.App = append(v.App, frame)
		}
		v.All = append(v.All, frame)
	}
	if len(v.App) > 0 {
		v.Title = "panic in " + v.App[0].Name()
	}
}

// addPosition shows the place of a template that an error names.
func (v *debugView) addPosition(err error) {
	var at templ.Error
	if !errors.As(err, &at) || at.FileName == "" || at.Line <= 0 {
		return
	}
	file := findSource(at.FileName)
	v.Focus = &debugFrame{
		stackFrame: stackFrame{Function: "template", File: file, Line: at.Line, App: true},
		Source:     excerpt(file, at.Line), Editor: editorLink(file, at.Line),
	}
}

// addRequest shows the request, secrets left out.
func (v *debugView) addRequest(r *http.Request) {
	v.Request = []debugRow{{"method", r.Method}, {"host", r.Host}, {"path", r.URL.Path}, {"from", r.RemoteAddr}}
	if r.Pattern != "" {
		v.Request = append(v.Request, debugRow{"route", r.Pattern})
	}
	v.Params = rows(url.Values(redactValues(r.URL.Query())))
	headers := make(url.Values, len(r.Header))
	for name, values := range r.Header {
		headers[name] = values
		if name == "Referer" {
			headers[name] = []string{withoutQuery(r.Referer())}
		}
	}
	v.Headers = rows(redactValues(headers))
}

// rows are values by their names in order.
func rows(values url.Values) []debugRow {
	var list []debugRow
	for name, all := range values {
		list = append(list, debugRow{cut(name, 200), cut(strings.Join(all, ", "), 1000)})
	}
	slices.SortFunc(list, func(a, b debugRow) int { return strings.Compare(a.Name, b.Name) })
	return list
}

// withoutQuery is an address without what may be secret in it.
func withoutQuery(address string) string {
	path, _, _ := strings.Cut(address, "#")
	path, query, found := strings.Cut(path, "?")
	if !found || query == "" {
		return path
	}
	return path + "?…"
}

// editorHint says how places become links.
func editorHint() string {
	if editorLink("/", 1) != "" {
		return "places above open it"
	}
	return "set BENNU_EDITOR=vscode://file/__FILE__:__LINE__ to open places from here"
}
