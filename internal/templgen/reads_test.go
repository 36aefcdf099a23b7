package templgen

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// loop is a template with a tracked loop. Its parameters are v, s, n and f.
func loop(body string) string {
	return `package p

import (
	"context"
	"strings"
	"time"

	"bennu/live"
	"example.com/shop"
)

const limit = 3

templ row(r Row, v *View) {
	<b></b>
}

templ x(v *View, s string, n int, f func(Row) string) {
	for _, r := range live.Each(v.Rows) {
		` + strings.ReplaceAll(body, "\n", "\n\t\t") + `
	}
}
`
}

var readCall = regexp.MustCompile(`bennurender\.Read\(bennuR\s*(?:/\*line [^*]*\*/)?,?\s*(.*)\)(?: },)?\n`)

// What the body of a tracked loop reads besides its row.
func TestReadsOfALoop(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ body, reads string }{
		{`<i>{ r.Name }</i>`, ``},
		{`<i>text</i>`, ``},
		{`<i>{ s }</i>`, `s`},
		{`<i>{ s + s }{ s }</i>`, `s`},
		{`<i>{ v.Filter.Name }</i>`, `v.Filter.Name`},
		{`<i>{ v.Names[r.ID] }</i>`, `v.Names`},
		{`<i>{ r.Names[n] }</i>`, `n`},
		{`<i>{ len(v.Names) }</i>`, `len(v.Names)`},
		{"if v.User != nil && nil != v.Other {\n\t{ v.User.Name }\n}", `v.User != nil; nil != v.Other; v.User.Name`},
		{`<i>{ v.Format(r) }</i>`, `v`},
		{`<i>{ v.Money.Format(r) }</i>`, `v.Money`},
		{`<i>{ f(r) }</i>`, `f`},
		{`<i>{ strings.ToUpper(s) }</i>`, `s`},
		{`<i>{ limit }{ shop.Limit }{ shop.Default.Name }</i>`, `limit; shop.Limit; shop.Default.Name`},
		{`<i>{ time.RFC3339 }</i>`, ``},
		{`<i id={ s } class={ templ.KV("a", n > 1) } hidden?={ v.Hidden } { v.Attrs... } { v.Key }={ v.Value }></i>`, `s; n; v.Hidden; v.Attrs; v.Key; v.Value`},
		{"<i\n\tif n > 2 {\n\t\ttitle={ s }\n\t} else {\n\t\tlang={ v.Lang }\n\t}\n></i>", `n; s; v.Lang`},
		{"{{ s := r.Name }}\n<i>{ s }</i>", ``},
		{"if true {\n\t{{ s := r.Name }}\n\t{ s }\n}\n{ s }", `s`},
		{"for _, s := range r.Tags {\n\t{ s }\n}", ``},
		{"for _, x := range v.Tags {\n\t{ x }\n}", `v.Tags`},
		{"switch n {\n\tcase r.ID:\n\t\ta\n\tcase v.Second:\n\t\tb\n\tdefault:\n\t\t{ s }\n}", `n; v.Second; s`},
		{"switch x := r.Any.(type) {\n\tcase shop.Order:\n\t\t{ x.Name }\n\tcase limited:\n\t\tx\n}", ``},
		{`@row(r, v)`, `v`},
		{"@row(r, nil) {\n\t{ s }\n}", `s`},
		{`@row(Row{Name: s, Tags: []string{v.Tag}}, nil)`, `s; v.Tag`},
		{`<i>{ map[string]string{s: v.Value}[r.Name] }</i>`, `s; v.Value`},
		{`<i>{ strings.Join([]string{r.Name}, v.Comma) }</i>`, `v.Comma`},
		{`<i>{ r.Less(func(a, b Row) bool { return a.N < b.N+n }) }</i>`, `n`},
		{`<i>{ *v.Pointer }{ string(s[n]) }{ -n }{ (n) }</i>`, `v.Pointer; s; n`},
		{`<script>let x = {{ v.Value }};</script>`, `v.Value`},
		{`<i>{ make([]Row, n)[0].Name }{ new(Row).Name }</i>`, `n`},
		{"@live.Memo(v.Version) {\n\t<i>{ s }</i>\n}", `v.Version; s`},
		{`<i>{ s /* v.Value */ }</i>`, `s`},
	} {
		text := string(translateAll(t, loop(c.body)))
		var reads []string
		for _, m := range readCall.FindAllStringSubmatch(text, -1) {
			reads = append(reads, m[1])
		}
		if got := strings.Join(reads, "; "); got != c.reads {
			t.Errorf("%s\nreads %q, want %q", c.body, got, c.reads)
		}
		if strings.Contains(text, "UnknownReads") || c.reads == "" && !strings.Contains(text, "bennurender.NoReads") {
			t.Errorf("%s: the reads are unknown, or should be none:\n%s", c.body, text)
		}
	}
}

// translateAll generates a template that may have warnings.
func translateAll(t *testing.T, text string) []byte {
	t.Helper()
	texts, diagnostics := generate([]*file{newFile("x.templ", text)})
	for _, d := range diagnostics {
		if !d.Warning {
			t.Fatalf("%s", d)
		}
	}
	return texts[0]
}

// What cannot be followed is told, and where.
func TestWarningsOfTrackedLoops(t *testing.T) {
	t.Parallel()
	const (
		unknown = "rows of live.Each are evaluated when they or what the loop reads changed; what %s reads is not known|if it reads anything but its arguments, let the loop read that and pass it; a method of the row is not warned of"
		always  = "the loop over live.Each %s, so that all its rows are evaluated each time|"
	)
	for _, c := range []struct {
		body, want string
		all        bool // rows are evaluated every time
	}{
		{`<i>{ ▲money(r.Price) }</i>`, fmt.Sprintf(unknown, "money"), false},
		{`<i>{ ▲money(r.Price) }{ money(n) }</i>`, fmt.Sprintf(unknown, "money"), false},
		{`<i>{ ▲convert[int](r.Price) }</i>`, fmt.Sprintf(unknown, "convert"), false},
		{`<i>{ ▲shop.Now().Name }</i>`, fmt.Sprintf(unknown, "shop.Now"), false},
		{`<i>{ ▲time.Now().Year() }</i>`, fmt.Sprintf(unknown, "time.Now"), false},
		{"{{ x := strings.ToUpper(▲name()) }}\n<i>{ x }</i>", fmt.Sprintf(unknown, "name"), false},
		{`<i>{ name(▲ctx, r) }</i>`, fmt.Sprintf(always, "reads ctx") + "read what you need of it before the loop, in {{ }}", true},
		{"{{ ▲n++ }}\n<i>{ n }</i>", fmt.Sprintf(always, "assigns to n") + "number and sum up rows before the loop, in {{ }}", true},
		{"{{ ▲v.Sums[r.ID] += r.Price }}\n<i></i>", fmt.Sprintf(always, "assigns to v") + "number and sum up rows before the loop, in {{ }}", true},
		{"{{ r.Fill(&▲s) }}\n<i></i>", fmt.Sprintf(always, "assigns to s") + "number and sum up rows before the loop, in {{ }}", true},
		{`<i>{ r.Name }{ strings.ToUpper(r.Name) }{ r.Total() }{ len(r.Tags) }</i>@row(r, nil)`, "", false},
		{`<i>{ children... }</i>`, "", true},
	} {
		text, at := marked(loop(c.body))
		texts, ds := generate([]*file{newFile("x.templ", text)})
		if got := strings.Contains(string(texts[0]), "bennurender.UnknownReads"); got != c.all {
			t.Errorf("%s: all rows are evaluated %t, want %t", c.body, got, c.all)
		}
		if c.want == "" {
			if len(ds) > 0 {
				t.Errorf("%s: %v, want no warning", c.body, ds)
			}
			continue
		}
		i := slices.IndexFunc(ds, func(d Diagnostic) bool { return d.Message+"|"+d.Hint == c.want })
		if i < 0 {
			t.Errorf("%s: %v, want %q", c.body, ds, c.want)
			continue
		}
		if d := ds[i]; !d.Warning || d.Line != at[0].line || d.Col != at[0].col {
			t.Errorf("%s: %v (warning %t), want it at %v", c.body, d, d.Warning, at[0])
		}
		if strings.Count(fmt.Sprint(ds), c.want[:20]) > 1 && !strings.Contains(c.body, "name(") {
			t.Errorf("%s: %v, want one warning", c.body, ds)
		}
	}
}

func TestChunkedRowsNeedAKey(t *testing.T) {
	t.Parallel()
	text, at := marked("package p\n\nimport \"bennu/live\"\n\ntempl x(l []int) {\n\tfor _, i := range live.Chunked(▲l) {\n\t\t<b>{ i }</b>\n\t}\n}\n")
	_, ds := generate([]*file{newFile("x.templ", text)})
	if len(ds) != 1 || !ds[0].Warning || (position{ds[0].Line, ds[0].Col}) != at[0] || !strings.Contains(ds[0].Message, "have no key") {
		t.Errorf("%v, want a warning at %v", ds, at[0])
	}
}
