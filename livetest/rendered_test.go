package livetest

import (
	"strings"
	"testing"
)

// Each step is a diff and the HTML that a browser then shows, or, with "!", a
// part of the error. The facts are those of the official client's rules.
type step struct{ diff, want string }

func TestRendered(t *testing.T) {
	t.Parallel()
	list := step{`{"s":["<ul>","</ul>"],"0":{"s":["<li>","</li>"],"k":{"0":{"0":"a"},"1":{"0":"b"},"2":{"0":"c"},"kc":3}}}`,
		"<ul><li>a</li><li>b</li><li>c</li></ul>"}
	component := step{`{"s":["<main>","</main>"],"0":1,"c":{"1":{"s":["<p>","</p>"],"0":"x","r":1}}}`,
		`<main><p data-phx-component="1">x</p></main>`}
	tests := map[string][]step{
		"one slot": {{`{"s":["<p>","</p>"],"0":"1"}`, "<p>1</p>"}, {`{"0":"2"}`, "<p>2</p>"}, {`{}`, "<p>2</p>"}},
		"no slots": {{`{"s":["x"]}`, "x"}},
		"nested node": {
			{`{"s":["<p>","|","</p>"],"0":"1","1":{"s":["<b>","</b>"],"0":"x"}}`, "<p>1|<b>x</b></p>"},
			{`{"1":{"0":"y"}}`, "<p>1|<b>y</b></p>"},
			{`{"1":{"s":["<i>","</i>"],"0":"z"}}`, "<p>1|<i>z</i></p>"},
			{`{"1":""}`, "<p>1|</p>"},
			{`{"1":{"0":"y"}}`, "!without statics of a node that the client does not have"},
		},
		"an update of text":         {{`{"s":["",""],"0":"x"}`, "x"}, {`{"0":{"0":"y"}}`, "!without statics"}},
		"a missing slot":            {{`{"s":["","",""],"0":"x"}`, "!slot 1 of the new node"}},
		"a missing slot in a node":  {{`{"s":["",""],"0":{"s":["",""]}}`, "!would show undefined"}},
		"an unknown slot":           {{`{"s":["",""],"0":"x","1":"y"}`, "!slot 1 of a node with 1"}},
		"an unknown key":            {{`{"s":["x"],"stream":[]}`, `!unknown key "stream"`}},
		"a slot named 00":           {{`{"s":["",""],"0":"x","00":"y"}`, `!unknown key "00"`}},
		"null to show":              {{`{"s":["",""],"0":null}`, "!want a string"}},
		"true to show":              {{`{"s":["",""],"0":true}`, "!want a string"}},
		"a list to show":            {{`{"s":["",""],"0":["x"]}`, "!want a string"}},
		"a number to show":          {{`{"s":["",""],"0":7}`, "!component 7 is on the page and was never sent"}},
		"component 0":               {{`{"s":["",""],"0":0}`, "!numbers to show must be strings"}},
		"a number with a fraction":  {{`{"s":["",""],"0":1.5}`, "!numbers to show must be strings"}},
		"the first diff is partial": {{`{"0":"x"}`, "!the first diff of a view has no statics"}},
		"a new root": {
			{`{"s":["<p>","</p>"],"0":"1"}`, "<p>1</p>"}, {`{"s":["<b>","</b>"],"0":"2"}`, "<b>2</b>"},
		},
		"statics are no list":  {{`{"s":"x"}`, "!want a list of strings"}},
		"statics are empty":    {{`{"s":[]}`, "!s is empty"}},
		"statics hold numbers": {{`{"s":[1]}`, "!want strings only"}},

		"shared statics": {
			{`{"p":{"0":["<b>","</b>"],"1":["<p>","","</p>"]},"s":1,"0":{"s":0,"0":"a"},"1":{"s":0,"0":"z"}}`, "<p><b>a</b><b>z</b></p>"},
			{`{"0":{"0":"c"}}`, "<p><b>c</b><b>z</b></p>"},
			{`{"p":{"0":["<i>","</i>"]},"1":{"s":0,"0":"y"}}`, "<p><b>c</b><i>y</i></p>"},
			{`{"1":{"s":0,"0":"y"}}`, "!no table in scope"},
		},
		"a node's own table": {
			{`{"s":["",""],"0":{"p":{"0":["<b>","</b>"]},"s":0,"0":{"s":0,"0":"x"}}}`, "<b><b>x</b></b>"},
		},
		"an inner table hides the outer": {
			{`{"p":{"1":["o"]},"s":["",""],"0":{"p":{"0":["i"]},"s":["",""],"0":{"s":1}}}`, "!which no table in scope has"},
		},
		"a list's table is for its entries": {
			{`{"s":["",""],"0":{"p":{"0":["<b>","</b>"]},"s":["<li>","</li>"],"k":{"0":{"0":{"s":0,"0":"x"}},"kc":1}}}`, "<li><b>x</b></li>"},
		},
		"and not for itself": {
			{`{"s":["",""],"0":{"p":{"0":["<li>","</li>"]},"s":0,"k":{"0":{"0":"x"},"kc":1}}}`, "!no table in scope"},
		},
		"and not when one is inherited": {
			{`{"p":{"1":["<i>","</i>"]},"s":["",""],"0":{"p":{"0":["<b>","</b>"]},"s":1,"k":{"0":{"0":{"s":0,"0":"x"}},"kc":1}}}`, "!no table in scope"},
		},
		"a table of no lists":  {{`{"p":{"0":1},"s":0}`, "!want a list of strings"}},
		"a table is no object": {{`{"p":[],"s":["x"]}`, "!p is"}},

		"list":                   {list},
		"append":                 {list, {`{"0":{"k":{"3":{"0":"d"},"kc":4}}}`, "<ul><li>a</li><li>b</li><li>c</li><li>d</li></ul>"}},
		"remove the last":        {list, {`{"0":{"k":{"kc":2}}}`, "<ul><li>a</li><li>b</li></ul>"}},
		"remove the first":       {list, {`{"0":{"k":{"0":1,"1":2,"kc":2,"km":true}}}`, "<ul><li>b</li><li>c</li></ul>"}},
		"swap":                   {list, {`{"0":{"k":{"0":1,"1":0,"kc":3,"km":true}}}`, "<ul><li>b</li><li>a</li><li>c</li></ul>"}},
		"move and change":        {list, {`{"0":{"k":{"0":[2,{"0":"C"}],"1":0,"2":1,"kc":3,"km":true}}}`, "<ul><li>C</li><li>a</li><li>b</li></ul>"}},
		"change in place":        {list, {`{"0":{"k":{"1":{"0":"B"},"kc":3}}}`, "<ul><li>a</li><li>B</li><li>c</li></ul>"}},
		"insert in front":        {list, {`{"0":{"k":{"0":{"0":"n"},"1":0,"2":1,"3":2,"kc":4,"km":true}}}`, "<ul><li>n</li><li>a</li><li>b</li><li>c</li></ul>"}},
		"empty and fill":         {list, {`{"0":{"k":{"kc":0}}}`, "<ul></ul>"}, {`{"0":{"k":{"0":{"0":"z"},"kc":1}}}`, "<ul><li>z</li></ul>"}},
		"empty at first":         {{`{"s":["<ul>","</ul>"],"0":""}`, "<ul></ul>"}, {`{"0":{"s":["<li>","</li>"],"k":{"0":{"0":"a"},"kc":1}}}`, "<ul><li>a</li></ul>"}},
		"no kc":                  {list, {`{"0":{"k":{"0":{"0":"x"}}}}`, "!kc is"}},
		"no km":                  {list, {`{"0":{"k":{"0":1,"kc":1}}}`, "!a move without km"}},
		"km is false":            {list, {`{"0":{"k":{"0":1,"kc":1,"km":false}}}`, "!a move without km"}},
		"moved from nowhere":     {list, {`{"0":{"k":{"0":3,"kc":1,"km":true}}}`, "!moved from 3, there were 3"}},
		"moved twice":            {list, {`{"0":{"k":{"0":1,"1":1,"kc":2,"km":true}}}`, "!for one object"}},
		"an entry is missing":    {list, {`{"0":{"k":{"kc":4}}}`, "!entry 3: is missing"}},
		"an entry beyond kc":     {list, {`{"0":{"k":{"3":{"0":"x"},"kc":3}}}`, `!unknown key "3" in a list of 3`}},
		"an entry of text":       {list, {`{"0":{"k":{"0":"x","kc":3}}}`, "!want an object, an old place"}},
		"a move without a diff":  {list, {`{"0":{"k":{"0":[1],"kc":3,"km":true}}}`, "!want [old place, diff]"}},
		"a move with two diffs":  {list, {`{"0":{"k":{"0":[1,{},{}],"kc":3,"km":true}}}`, "!want [old place, diff]"}},
		"a new entry lacks one":  {list, {`{"0":{"k":{"3":{},"kc":4}}}`, "!slot 0"}},
		"k is no object":         {list, {`{"0":{"k":[]}}`, "!a list without entries"}},
		"slots of a list":        {list, {`{"0":{"k":{"kc":3},"0":"x"}}`, `!unknown key "0" in the list`}},
		"slots of a new list":    {{`{"s":["",""],"0":{"s":["",""],"k":{"kc":0},"0":"x"}}`, `!unknown key "0" in the list`}},
		"a list updated as node": {list, {`{"0":{"0":"x"}}`, `!unknown key "0" in the list`}},
		"a new item at an old index is merged": {
			{`{"s":["",""],"0":{"s":["<li>","</li>"],"k":{"0":{"0":{"s":["<b>","</b>"],"0":"a"}},"kc":1}}}`, "<li><b>a</b></li>"},
			{`{"0":{"k":{"0":{"0":{"s":["<i>","</i>"],"0":"n"}},"kc":1}}}`, "<li><i>n</i></li>"},
			{`{"0":{"k":{"0":{"0":{"0":"m"}},"kc":1}}}`, "<li><i>m</i></li>"},
		},

		"component":             {component, {`{"c":{"1":{"0":"y"}}}`, `<main><p data-phx-component="1">y</p></main>`}},
		"component in the path": {component, {`{"0":1,"c":{"1":{"0":"y"}}}`, `<main><p data-phx-component="1">y</p></main>`}},
		"component replaced":    {component, {`{"0":"gone"}`, "<main>gone</main>"}, {`{"0":1}`, `<main><p data-phx-component="1">x</p></main>`}},
		"component of a new root": {component,
			{`{"s":["<i>","</i>"],"0":1}`, "!component 1 is on the page and was never sent"}},
		"component without r": {{`{"s":["",""],"0":1,"c":{"1":{"s":["<p></p>"]}}}`, "!without r:1"}},
		"component unknown":   {component, {`{"c":{"2":{"0":"y"}}}`, "!2: is not known to the client"}},
		"component 0 in c":    {component, {`{"c":{"0":{"s":["<p></p>"],"r":1}}}`, "!want a number from 1 on"}},
		"component is text":   {{`{"s":["",""],"0":1,"c":{"1":{"s":["text"],"r":1}}}`, "!r:1 says one element"}},
		"c is no object":      {component, {`{"c":[]}`, "!c is"}},
		"components share the statics of this message": {
			{`{"s":["","",""],"0":1,"1":2,"c":{"1":{"s":2,"0":"x"},"2":{"s":["<p>","</p>"],"0":"y","r":1}}}`,
				`<p data-phx-component="1">x</p><p data-phx-component="2">y</p>`},
		},
		"and those of the message before": {component,
			{`{"0":{"s":["",""],"0":2},"c":{"2":{"s":-1,"0":"z"}}}`, `<main><p data-phx-component="2">z</p></main>`}},
		"but not what is not there": {component, {`{"c":{"2":{"s":-9,"0":"z"}}}`, "!component -9, which is not there"}},
		"nor in a circle":           {component, {`{"c":{"2":{"s":3,"0":"z"},"3":{"s":2,"0":"z"}}}`, "!by way of"}},
		"a component in itself":     {{`{"s":["",""],"0":1,"c":{"1":{"s":["<p>","</p>"],"0":1,"r":1}}}`, "!contains itself"}},
		"tables do not reach into components": {
			{`{"p":{"0":["<b>","</b>"]},"s":["",""],"0":1,"c":{"1":{"s":["<p>","</p>"],"0":{"s":0,"0":"x"},"r":1}}}`, "!no table in scope"},
		},
		"a component's own table": {
			{`{"s":["",""],"0":1,"c":{"1":{"p":{"0":["<b>","</b>"]},"s":["<p>","</p>"],"0":{"s":0,"0":"x"},"r":1}}}`, `<p data-phx-component="1"><b>x</b></p>`},
		},
		"the path rule: a change within a region that is left alone": {
			{`{"s":["",""," ",""],"0":{"s":["<div>","</div>"],"0":1,"r":1},"1":"a","2":"","c":{"1":{"s":["<p>","</p>"],"0":"x","r":1}}}`,
				`<div><p data-phx-component="1">x</p></div>a `},
			{`{"1":"b","c":{"1":{"0":"y"}}}`, "!does not name all that it changes"},
		},
		"the path rule, kept": {
			{`{"s":["",""," ",""],"0":{"s":["<div>","</div>"],"0":1,"r":1},"1":"a","2":"","c":{"1":{"s":["<p>","</p>"],"0":"x","r":1}}}`,
				`<div><p data-phx-component="1">x</p></div>a `},
			{`{"1":"b","0":{"0":1},"c":{"1":{"0":"y"}}}`, `<div><p data-phx-component="1">y</p></div>b `},
		},
		"alone, a component needs no path": {
			{`{"s":["",""],"0":{"s":["<div>","</div>"],"0":1,"r":1},"c":{"1":{"s":["<p>","</p>"],"0":"x","r":1}}}`,
				`<div><p data-phx-component="1">x</p></div>`},
			{`{"c":{"1":{"0":"y"}}}`, `<div><p data-phx-component="1">y</p></div>`},
		},
		"but one in another needs it": {
			{`{"s":["",""],"0":1,"c":{"1":{"s":["<div>","","</div>"],"0":{"s":["<i>","</i>"],"0":2,"r":1},"1":"","r":1},"2":{"s":["<p>","</p>"],"0":"x","r":1}}}`,
				`<div data-phx-component="1"><i><p data-phx-component="2">x</p></i></div>`},
			{`{"c":{"1":{"0":{"0":2}},"2":{"0":"y"}}}`, `<div data-phx-component="1"><i><p data-phx-component="2">y</p></i></div>`},
			{`{"c":{"1":{"1":"."},"2":{"0":"z"}}}`, "!does not name all that it changes"},
		},

		"a single element": {
			{`{"s":["",""],"0":{"s":["<p>","</p>"],"0":"x","r":1}}`, "<p>x</p>"}, {`{"0":{"0":"y"}}`, "<p>y</p>"},
		},
		"no single element":  {{`{"s":["",""],"0":{"s":["text <p>","</p>"],"0":"x","r":1}}`, "!r:1 says one element"}},
		"r is something":     {{`{"s":["",""],"0":{"s":["<p></p>"],"r":true}}`, "!r is true, want 1"}},
		"rows":               {{`{"s":["",""],"0":{"s":["",""],"k":{"0":{"0":{"s":["<li>","</li>"],"0":"a","r":1}},"kc":1}}}`, "<li>a</li>"}, {`{"0":{"k":{"1":{"0":{"s":["<li>","</li>"],"0":"b","r":1}},"kc":2}}}`, "<li>a</li><li>b</li>"}, {`{"0":{"k":{"0":1,"1":[0,{"0":{"0":"A"}}],"kc":2,"km":true}}}`, "<li>b</li><li>A</li>"}},
		"only events":        {{`{"s":["x"]}`, "x"}, {`{"e":[["a",{}],["b",1,true]],"t":"T"}`, "x"}},
		"e is no list":       {{`{"s":["x"],"e":{}}`, "!e is"}},
		"an event is short":  {{`{"s":["x"],"e":[["a"]]}`, "!want [name, payload]"}},
		"before is false":    {{`{"s":["x"],"e":[["a",{},false]]}`, "!want [name, payload]"}},
		"an event is 7":      {{`{"s":["x"],"e":[[7,{}]]}`, "!an event named 7"}},
		"the title is null":  {{`{"s":["x"],"t":null}`, "!want the title as a string"}},
		"a comment in front": {{`{"s":["",""],"0":1,"c":{"1":{"s":["<!-- c -->\n<p>","</p> "],"0":"x","r":1}}}`, "<!-- c -->\n<p data-phx-component=\"1\">x</p> "}},
	}
	for name, steps := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var r rendered
			for i, s := range steps {
				html, err := follow(&r, s.diff)
				part, wantErr := strings.CutPrefix(s.want, "!")
				switch {
				case wantErr && (err == nil || !strings.Contains(err.Error(), part)):
					t.Errorf("step %d: %s: %q, %v, want an error with %q", i, s.diff, html, err, part)
				case !wantErr && (err != nil || html != s.want):
					t.Errorf("step %d: %s: %q, %v, want %q", i, s.diff, html, err, s.want)
				}
			}
		})
	}
}

// follow applies a diff and is what the page then shows.
func follow(r *rendered, diff string) (string, error) {
	v, err := parseJSON([]byte(diff))
	if err != nil {
		return "", err
	}
	if _, err := r.apply(v.(object)); err != nil {
		return "", err
	}
	return r.html(r.page.root, true)
}

func TestExtras(t *testing.T) {
	t.Parallel()
	var r rendered
	v, err := parseJSON([]byte(`{"s":["x"],"e":[["a",{"n":1}],["b","p",true]],"t":"T","r":{"ok":true}}`))
	if err != nil {
		t.Fatal(err)
	}
	x, err := r.apply(v.(object))
	if err != nil || len(x.events) != 2 || x.events[0].name != "a" || x.events[1].payload != "p" || *x.title != "T" || x.reply == nil {
		t.Errorf("extras %+v, %v", x, err)
	}
}

func FuzzRendered(f *testing.F) {
	f.Add(`{"s":["<ul>","</ul>"],"0":{"s":["<li>","</li>"],"k":{"0":{"0":"a"},"1":{"0":"b"},"kc":2}}}`, `{"0":{"k":{"0":1,"1":[0,{"0":"x"}],"kc":2,"km":true}}}`)
	f.Add(`{"p":{"0":["<b>","</b>"]},"s":["","",""],"0":1,"1":{"s":0,"0":"x"},"c":{"1":{"s":["<p>","</p>"],"0":2,"r":1},"2":{"s":1,"0":""}}}`, `{"c":{"3":{"s":-1},"1":{"0":"y"}},"1":""}`)
	f.Fuzz(func(t *testing.T, first, second string) {
		var r rendered
		for _, diff := range []string{first, second} {
			v, err := parseJSON([]byte(diff))
			if err != nil {
				return
			}
			o, ok := v.(object)
			if !ok {
				return
			}
			if _, err := r.apply(o); err != nil {
				return
			}
		}
	})
}
