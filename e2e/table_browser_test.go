package e2e

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// tableDOM is what a browser holds: the table's rows as HTML and what stands
// around them as a list of elements.
type tableDOM struct {
	Rows   []string
	Around []string
}

// readTable defines table(document) in the page. The client's own attributes
// are no part of what the server has drawn.
const readTable = `void (window.table = doc => {
	const plain = e => {
		const c = e.cloneNode(true);
		for (const x of [c, ...c.querySelectorAll("*")])
			for (const a of [...x.attributes])
				if (a.name.startsWith("data-phx-") || a.name === "class" && a.value === "") x.removeAttribute(a.name);
		return c;
	};
	return {
		Rows: [...doc.querySelectorAll("tbody tr")].map(tr => plain(tr).outerHTML),
		Around: [...plain(doc.querySelector("#main > div")).querySelectorAll("*")].filter(e => !e.closest("tbody tr"))
			.map(e => [e.tagName, ...[...e.attributes].filter(a => a.name !== "id").map(a => a.name + "=" + a.value)].join(" ")),
	};
})`

func (p *tab) table(doc string) tableDOM {
	p.t.Helper()
	var d tableDOM
	if err := json.Unmarshal([]byte(p.js(`JSON.stringify(table(`+doc+`))`)), &d); err != nil {
		p.t.Fatal(err)
	}
	return d
}

// fresh is the table as a new request draws it.
func (p *tab) fresh() tableDOM {
	p.t.Helper()
	p.do(chromedp.Evaluate[chromedp.Void](`void (window.drawn = undefined, fetch(location.href).then(r => r.text())
		.then(t => window.drawn = new DOMParser().parseFromString(t, "text/html")))`))
	p.wait(`window.drawn`)
	return p.table(`window.drawn`)
}

func TestTablePageInTheBrowser(t *testing.T) {
	t.Parallel()
	s := showcase(t)
	p := newTab(t)
	p.visit(s.url + "/table")
	p.do(chromedp.Evaluate[chromedp.Void](readTable))
	want := p.fresh()
	if len(want.Rows) != 1000 {
		t.Fatalf("the page has %d rows, want 1000", len(want.Rows))
	}
	same := func(when string) {
		t.Helper()
		got := p.table(`document`)
		if !slices.Equal(got.Around, want.Around) {
			t.Errorf("%s the elements around the rows are\n%q\nwant\n%q", when, got.Around, want.Around)
		}
		if len(got.Rows) != len(want.Rows) {
			t.Fatalf("%s there are %d rows, want %d", when, len(got.Rows), len(want.Rows))
		}
		for i := range got.Rows {
			if got.Rows[i] != want.Rows[i] {
				t.Fatalf("%s row %d is\n%s\nwant\n%s", when, i, got.Rows[i], want.Rows[i])
			}
		}
	}
	same("after the join")

	// One click more is seen in one cell.
	seen := func(id string) string { return fmt.Sprintf(`td button[phx-value-id="%s"]`, id) }
	touch := func(id string, row int) {
		t.Helper()
		n := p.js(fmt.Sprintf(`+document.querySelector(%q).textContent`, seen(id)))
		more := p.js(n + " + 1")
		p.click(seen(id))
		p.waitText(seen(id), more)
		want.Rows[row] = strings.Replace(want.Rows[row], ">"+n+"</button>", ">"+more+"</button>", 1)
		same("after a touch")
	}
	touch("17", 16)

	p.click(`button[phx-click="insert"]`)
	p.wait(`document.querySelectorAll("tbody tr").length === 1001`)
	first := p.table(`document`).Rows[0]
	if !strings.HasPrefix(first, "<tr><td>1001</td>") || strings.Count(first, "<td>") != 8 {
		t.Errorf("the new row is %s, want eight cells of number 1001", first)
	}
	want.Rows = slices.Insert(want.Rows, 0, first)
	same("after an insert")

	const top = `[...document.querySelectorAll("tbody tr:nth-child(-n + 9)")].map(r => r.firstChild.textContent).join(" ")`
	before := p.js(top)
	p.click(`button[phx-click="shuffle"]`)
	p.wait(fmt.Sprintf(`%s !== %q`, top, before))
	shuffled := p.table(`document`)
	if slices.Equal(shuffled.Rows, want.Rows) {
		t.Error("after a shuffle the rows stand as before")
	}
	sorted := func(rows []string) []string { return slices.Sorted(slices.Values(rows)) }
	if !slices.Equal(sorted(shuffled.Rows), sorted(want.Rows)) {
		t.Error("after a shuffle these are not the same rows")
	}
	want.Rows = shuffled.Rows

	// The rows are still what they say they are.
	touch("1001", slices.IndexFunc(want.Rows, func(r string) bool { return strings.HasPrefix(r, "<tr><td>1001</td>") }))
}
