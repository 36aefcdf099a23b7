package templgen

import (
	"strings"
	"testing"
)

// liveTemplates are compiled and rendered again and again, so that what the
// generator finds out about them decides which rows are evaluated.
const liveTemplates = `package loops

import "bennu/live"

type Row struct {
	ID, Name string
	Done     bool
	Version  int
}

type Page struct {
	Rows     *live.Rows[Row]
	List     []Row
	Selected string
	User     *User
	Marks    map[string]bool
}

type User struct{ Name string }

templ Tracked(p *Page, prefix string) {
	for _, r := range live.Each(p.Rows) {
		<b id={ r.ID }>
			{ prefix + r.Name }
			if r.ID == p.Selected {
				<i>selected</i>
			}
			if p.User != nil {
				{ p.User.Name }
			}
		</b>
	}
}

templ Indexed(p *Page) {
	for i, r := range live.Each(p.Rows) {
		<b>{ i }{ r.Name }</b>
	}
}

templ Counted(p *Page) {
	{{ n := 0 }}
	for _, r := range live.Each(p.Rows) {
		{{ if !r.Done {
			n++
		} }}
		<b>{ n }</b>
	}
}

templ Marked(p *Page) {
	for _, r := range live.Each(p.Rows) {
		<b id={ r.ID } hidden?={ p.Marks[r.ID] }></b>
	}
}

templ Memoized(p *Page) {
	for _, r := range p.List {
		@live.Memo(r.Version) {
			<b id={ r.ID }>{ r.Name }</b>
		}
	}
}

templ InChunks(p *Page) {
	for i, r := range live.Chunked(p.List) {
		<b id={ r.ID }>{ i }{ r.Name }</b>
	}
}
`

const liveLoops = `package loops

import (
	"context"
	"fmt"
	"testing"

	"bennu/live"
	"bennu/render"
	"github.com/a-h/templ"
)

// tell renders a page after each change and prints what is sent.
func tell(t *testing.T, name string, page func() templ.Component, changes ...func()) {
	var s render.State
	if _, err := s.AppendDiff(context.Background(), nil, page()); err != nil {
		t.Fatal(err)
	}
	for i, change := range changes {
		change()
		diff, err := s.AppendDiff(context.Background(), nil, page())
		fmt.Println(name, i, string(diff), err)
	}
}

func TestLoops(t *testing.T) {
	rows := []Row{{"a", "A", false, 1}, {"b", "B", false, 2}, {"c", "C", false, 3}}
	p := &Page{Rows: new(live.Rows[Row]), List: rows, Marks: map[string]bool{}}
	p.Rows.Append(rows...)
	prefix := ""
	done := func(i int) { p.Rows.Edit(i, func(r *Row) { r.Done = !r.Done }) }
	tell(t, "tracked", func() templ.Component { return Tracked(p, prefix) },
		func() {},
		func() { p.Rows.Edit(1, func(r *Row) { r.Name = "X" }) },
		func() { p.Selected = "c" },
		func() { p.User = &User{"ann"} },
		func() { p.User.Name = "bob" },
		func() { p.User = nil },
		func() { prefix = "-" },
		func() { p.Rows.Move(2, 0) },
	)
	tell(t, "indexed", func() templ.Component { return Indexed(p) },
		func() { p.Rows.Delete(1) },
	)
	tell(t, "counted", func() templ.Component { return Counted(p) },
		func() { done(0) },
	)
	tell(t, "marked", func() templ.Component { return Marked(p) },
		func() { p.Marks["b"] = true },
	)
	tell(t, "memoized", func() templ.Component { return Memoized(p) },
		func() { p.List[0].Name = "stays" },
		func() { p.List[1].Name, p.List[1].Version = "goes", 9 },
		func() { p.List = []Row{p.List[2], p.List[0], p.List[1]} },
	)
	tell(t, "chunked", func() templ.Component { return InChunks(&Page{List: rows[:1]}) },
		func() { rows[0].Name = "Y" },
	)
}
`

const wantLoops = `tracked 0  <nil>
tracked 1 "0":{"k":{"1":{"0":{"1":"X"}},"kc":3}} <nil>
tracked 2 "0":{"k":{"2":{"0":{"2":{"s":0,"r":1}}},"kc":3}},"p":{"0":["<i>selected</i> "]} <nil>
tracked 3 "0":{"k":{"0":{"0":{"3":{"0":"ann","s":0}}},"1":{"0":{"3":{"0":"ann","s":0}}},"2":{"0":{"3":{"0":"ann","s":0}}},"kc":3}},"p":{"0":["",""]} <nil>
tracked 4 "0":{"k":{"0":{"0":{"3":{"0":"bob"}}},"1":{"0":{"3":{"0":"bob"}}},"2":{"0":{"3":{"0":"bob"}}},"kc":3}} <nil>
tracked 5 "0":{"k":{"0":{"0":{"3":""}},"1":{"0":{"3":""}},"2":{"0":{"3":""}},"kc":3}} <nil>
tracked 6 "0":{"k":{"0":{"0":{"1":"-A"}},"1":{"0":{"1":"-X"}},"2":{"0":{"1":"-C"}},"kc":3}} <nil>
tracked 7 "0":{"k":{"0":2,"1":0,"2":1,"kc":3,"km":true}} <nil>
indexed 0 "0":{"k":{"1":[2,{"0":{"0":"1"}}],"kc":2,"km":true}} <nil>
counted 0 "0":{"k":{"0":{"0":{"0":"0"}},"1":{"0":{"0":"1"}},"kc":2}} <nil>
marked 0 "0":{"k":{"1":{"0":{"1":" hidden"}},"kc":2}} <nil>
memoized 0  <nil>
memoized 1 "0":{"k":{"1":{"0":{"1":"goes"}},"kc":3}} <nil>
memoized 2 "0":{"k":{"0":2,"1":0,"2":1,"kc":3,"km":true}} <nil>
chunked 0 "0":{"k":{"0":{"0":{"k":{"0":{"0":{"2":"Y"}},"kc":1}}},"kc":1}} <nil>
`

func TestLoopsOverLists(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("compiles a module")
	}
	m := newModule(t)
	m.write(t, "loops/x_templ.go", string(translateAll(t, liveTemplates)))
	m.write(t, "loops/x_test.go", liveLoops)
	out := string(m.goCommand(t, "test", "-count=1", "-v", "./loops"))
	var got strings.Builder
	for line := range strings.Lines(out) {
		if !strings.HasPrefix(line, "=== ") && !strings.HasPrefix(line, "--- ") && !strings.HasPrefix(line, "PASS") && !strings.HasPrefix(line, "ok ") {
			got.WriteString(line)
		}
	}
	if got.String() != wantLoops {
		t.Errorf("the loops send\n%s\nwant\n%s", &got, wantLoops)
	}
}
