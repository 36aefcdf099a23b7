package livetest

import (
	"strings"
	"testing"
)

// Each step is a diff, or with "j" a join that begins anew, and what the page
// then shows, or with "!" a part of the error.
func TestTree(t *testing.T) {
	t.Parallel()
	stream := func(ops, entries string) string {
		return `{"0":{"k":{` + entries + `},"stream":["f",` + ops + `]}}`
	}
	const start = `{"s":["<ul id=\"l\" phx-update=\"stream\">","</ul>"],"0":{"s":["<li id=\"","\">","</li>"],"k":{"0":{"0":"a","1":"1"},"1":{"0":"b","1":"2"},"kc":2},"stream":["f",[["b",-1,null,null],["a",-1,null,null]],[]]}}`
	shown := func(items string) string {
		for _, id := range []string{"a", "b", "c", "d", "z"} {
			items = strings.ReplaceAll(items, "["+id+"=", `<li id="`+id+`" data-phx-stream="f">`)
		}
		return `<ul id="l" phx-update="stream">` + strings.ReplaceAll(items, "]", "</li>") + `</ul>`
	}
	first := step{start, shown("[a=1][b=2]")}
	insert := func(id, at, limit, only, text string) string {
		return stream(`[["`+id+`",`+at+`,`+limit+`,`+only+`]],[]`, `"0":{"0":"`+id+`","1":"`+text+`"},"kc":1`)
	}
	tests := map[string][]step{
		"at the end":       {first, {insert("c", "-1", "null", "null", "3"), shown("[a=1][b=2][c=3]")}},
		"at the beginning": {first, {insert("c", "0", "null", "null", "3"), shown("[c=3][a=1][b=2]")}},
		"in the middle":    {first, {insert("c", "1", "null", "null", "3"), shown("[a=1][c=3][b=2]")}},
		"far behind":       {first, {insert("c", "9", "null", "null", "3"), shown("[a=1][b=2][c=3]")}},
		"in its place":     {first, {insert("a", "-1", "null", "null", "x"), shown("[a=x][b=2]")}},
		"update only":      {first, {insert("a", "-1", "null", "true", "x"), shown("[a=x][b=2]")}, {insert("c", "-1", "null", "true", "x"), shown("[a=x][b=2]")}},
		"the first two":    {first, {insert("c", "0", "2", "null", "3"), shown("[c=3][a=1]")}},
		"the last two":     {first, {insert("c", "-1", "-2", "null", "3"), shown("[b=2][c=3]")}},
		"none":             {first, {insert("c", "-1", "0", "null", "3"), shown("")}},
		"delete":           {first, {stream(`[],["a","gone"]`, `"kc":0`), shown("[b=2]")}},
		"move":             {first, {stream(`[["a",-1,null,null]],["a"]`, `"0":{"0":"a","1":"1"},"kc":1`), shown("[b=2][a=1]")}},
		"move of an update": {first,
			{stream(`[["a",-1,null,true]],["a"]`, `"0":{"0":"a","1":"9"},"kc":1`), shown("[b=2][a=9]")}},
		"reset": {first, {stream(`[["c",-1,null,null],["a",-1,null,null]],[],true`, `"0":{"0":"a","1":"x"},"1":{"0":"c","1":"3"},"kc":2`), shown("[a=x][c=3]")}},
		"a new container, from the front": {
			{strings.ReplaceAll(start, "-1", "0"), shown("[b=2][a=1]")}},
		"without an id": {{strings.ReplaceAll(start, ` id=\"l\"`, ""), "!a stream's element needs an id"}},
		"an item without an id": {{strings.ReplaceAll(start, `<li id=\"","\">"`, `<li title=\"","\">"`),
			"!an element in the stream"}},
		"text in it": {{strings.Replace(start, `stream\">`, `stream\">text`, 1), "!text stands in the stream"}},
		"beside it": {{strings.Replace(start, `stream\">`, `stream\"><li id=\"e\">empty</li>`, 1), `<ul id="l" phx-update="stream"><li id="e">empty</li><li id="a" data-phx-stream="f">1</li><li id="b" data-phx-stream="f">2</li></ul>`},
			{insert("c", "-1", "null", "null", "3"), `<ul id="l" phx-update="stream"><li id="e">empty</li><li id="a" data-phx-stream="f">1</li><li id="b" data-phx-stream="f">2</li><li id="c" data-phx-stream="f">3</li></ul>`},
		},
		"ignored": {
			{`{"s":["<div id=\"i\" phx-update=\"ignore\" data-n=\"","\" class=\"","\">","</div>"],"0":"1","1":"a","2":"x"}`, `<div id="i" phx-update="ignore" data-n="1" class="a">x</div>`},
			{`{"0":"2","1":"b","2":"y"}`, `<div id="i" phx-update="ignore" data-n="2" class="a">x</div>`},
		},
		"ignored by data, and its data goes": {
			{`{"s":["<div id=\"i\" data-phx-update=\"ignore\"",">","</div>"],"0":" data-x=\"1\"","1":"x"}`, `<div id="i" data-phx-update="ignore" data-x="1">x</div>`},
			{`{"0":"","1":"y"}`, `<div id="i" data-phx-update="ignore">x</div>`},
		},
		"a component's element with another id": {
			{`{"s":["",""],"0":1,"c":{"1":{"s":["<p id=\"","\">x</p>"],"0":"a","r":1}}}`, `<p id="a" data-phx-component="1">x</p>`},
			{`{"c":{"1":{"0":"b"}}}`, `<p id="b" data-phx-component="1">x</p>`},
		},
		"a component in a stream": {
			{`{"s":["<ul id=\"l\" phx-update=\"stream\">","</ul>"],"0":{"s":["<li id=\"","\">","</li>"],"k":{"0":{"0":"a","1":1},"kc":1},"stream":["f",[["a",-1,null,null]],[]]},"c":{"1":{"s":["<b>","</b>"],"0":"x","r":1}}}`, shown(`[a=<b data-phx-component="1">x</b>]`)},
			{`{"c":{"1":{"0":"y"}}}`, shown(`[a=<b data-phx-component="1">y</b>]`)},
			{stream(`[],["gone"]`, `"kc":0`), shown(`[a=<b data-phx-component="1">y</b>]`)},
			{`{"0":{"k":{"kc":0},"stream":["f",[],[]]},"c":{"1":{"0":"z"}}}`, "!no place that holds it"},
		},
		"a component as an item": {
			{`{"s":["<ul id=\"l\" phx-update=\"stream\">","</ul>"],"0":{"s":["",""],"k":{"0":{"0":1},"kc":1},"stream":["f",[["a",-1,null,null]],[]]},"c":{"1":{"s":["<li id=\"a\">","</li>"],"0":"x","r":1}}}`, `<ul id="l" phx-update="stream"><li data-phx-component="1" id="a" data-phx-stream="f">x</li></ul>`},
			{`{"c":{"1":{"0":"y"}}}`, `<ul id="l" phx-update="stream"><li data-phx-component="1" id="a" data-phx-stream="f">y</li></ul>`},
		},
		"a component that came in one that had gone": {
			{`{"s":["<p>","","</p>"],"0":1,"1":"","c":{"1":{"s":["<b>","</b>"],"0":"x","r":1}}}`, `<p><b data-phx-component="1">x</b></p>`},
			{`{"0":""}`, `<p></p>`},
			{`{"c":{"1":{"0":2},"2":{"s":["<i>","</i>"],"0":"y","r":1}}}`, `<p></p>`},
			{`{"1":2}`, "!has never drawn it"},
		},
		"no object": {{`[]`, "!diff is [], want an object"}},
		"no JSON":   {{`{`, "!diff:"}},
		"no diff":   {{`{"0":"x"}`, "!no statics"}},
	}
	for name, steps := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var tree Tree
			if tree.HTML() != "" || tree.Markup() != "" {
				t.Error("the zero Tree shows something")
			}
			for i, s := range steps {
				err := tree.Apply([]byte(s.diff))
				part, wantErr := strings.CutPrefix(s.want, "!")
				switch {
				case wantErr && (err == nil || !strings.Contains(err.Error(), part)):
					t.Errorf("step %d: %s: %v, want an error with %q", i, s.diff, err, part)
				case !wantErr && (err != nil || attrsAside(tree.HTML()) != attrsAside(s.want)):
					t.Errorf("step %d: %s: %v\n got %s\nwant %s", i, s.diff, err, tree.HTML(), s.want)
				}
			}
		})
	}
}

// attrsAside is HTML without what depends on the order of attributes.
func attrsAside(html string) string {
	return strings.NewReplacer(`data-phx-component="1" id="a"`, `id="a" data-phx-component="1"`,
		`data-phx-component="1" id="b"`, `id="b" data-phx-component="1"`).Replace(html)
}
