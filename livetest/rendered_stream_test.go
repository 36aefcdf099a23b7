package livetest

import (
	"strings"
	"testing"
)

func TestRenderedStreams(t *testing.T) {
	t.Parallel()
	first := step{`{"s":["<ul>","|","</ul>"],"0":{"s":["<li>","</li>"],"k":{"0":{"0":"a"},"1":{"0":"b"},"kc":2},"stream":["s",[["s-b",-1,null,null],["s-a",-1,null,null]],[]]},"1":"x"}`,
		"<ul><li>a</li><li>b</li>|x</ul>"}
	bad := func(stream string) step {
		return step{`{"s":["",""],"0":{"s":["<li>","</li>"],"k":{"kc":0},"stream":` + stream + `}}`, ""}
	}
	tests := map[string][]step{
		"entries are forgotten": {first, {`{"1":"y"}`, "<ul>|y</ul>"},
			{`{"0":{"k":{"0":{"0":"c"},"kc":1},"stream":["s",[["s-c",0,-3,true]],["s-a"]]}}`, "<ul><li>c</li>|y</ul>"}, {`{"1":"z"}`, "<ul>|z</ul>"}},
		"deletes alone":  {first, {`{"0":{"k":{"kc":0},"stream":["s",[],["s-a"]]}}`, "<ul>|x</ul>"}},
		"a reset":        {first, {`{"0":{"k":{"kc":0},"stream":["s",[],[],true]}}`, "<ul>|x</ul>"}},
		"an empty one":   {{`{"s":["",""],"0":{"s":["<li>","</li>"],"k":{"kc":0},"stream":["s",[],[]]}}`, ""}},
		"only for a new": {first, {`{"0":{"k":{"1":{"0":"c"},"kc":2},"stream":["s",[],[]]}}`, "!entry 0: is missing"}},
		"moves":          {first, {`{"0":{"k":{"0":1,"kc":1,"km":true},"stream":["s",[],[]]}}`, "!moved from 1, there were 0"}},
		"a list without": {first, {`{"0":{"k":{"kc":0}}}`, "!a stream from its first message on or never"}},
		"a list with": {{`{"s":["",""],"0":{"s":["<li>","</li>"],"k":{"kc":0}}}`, ""},
			{`{"0":{"k":{"kc":0},"stream":["s",[],[]]}}`, "!a stream from its first message on or never"}},
		"short":         {bad(`["s",[]]`), {}},
		"null reset":    {bad(`["s",[],[],null]`), {}},
		"no ref":        {bad(`[7,[],[]]`), {}},
		"no inserts":    {bad(`["s",{},[]]`), {}},
		"a number gone": {bad(`["s",[],[7]]`), {}},
		"insert short":  {bad(`["s",[["a",0,null]],[]]`), {}},
		"place -2":      {bad(`["s",[["a",-2,null,null]],[]]`), {}},
		"limit text":    {bad(`["s",[["a",0,"1",null]],[]]`), {}},
		"limit 1.5":     {bad(`["s",[["a",0,1.5,null]],[]]`), {}},
		"only 1":        {bad(`["s",[["a",0,null,1]],[]]`), {}},
		"a stream in a component that is left alone": {
			{`{"s":["",""," ",""],"0":1,"1":"x","2":"","c":{"1":{"s":["<ul>","</ul>"],"r":1,"0":{"s":["<li>","</li>"],"k":{"0":{"0":"a"},"kc":1},"stream":["s",[["a",-1,null,null]],[]]}}}}`,
				`<ul data-phx-component="1"><li>a</li></ul>x `},
			{`{"1":"y"}`, `<ul data-phx-component="1"></ul>y `},
			{`{"c":{"1":{"0":{"k":{"0":{"0":"b"},"kc":1},"stream":["s",[["b",-1,null,null]],[]]}}}}`, `<ul data-phx-component="1"><li>b</li></ul>y `},
			{`{"1":"z"}`, `<ul data-phx-component="1"></ul>z `},
		},
	}
	wants := map[string]string{"short": "want [ref, inserts, deletes]", "null reset": "the client resets the stream for anything there",
		"no ref": "its ref is 7", "no inserts": "want a list of inserts", "a number gone": "want ids", "insert short": "want [id, at, limit, update only]",
		"place -2": "a place from -1 on", "limit text": "want a number or null", "limit 1.5": "want a whole number", "only 1": "want true, false or null"}
	for name, steps := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var r rendered
			if want := wants[name]; want != "" {
				steps = []step{{steps[0].diff, "!" + want}}
			}
			for i, s := range steps {
				html, err := markupAfter(&r, s.diff)
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

// markupAfter applies a diff and is what the client writes for it: the view, or
// with the marks of components if that is all that it draws.
func markupAfter(r *rendered, diff string) (string, error) {
	v, err := parseJSON([]byte(diff))
	if err != nil {
		return "", err
	}
	if _, err := r.apply(v.(object)); err != nil {
		return "", err
	}
	html, err := r.html(r.page.root, true)
	if err != nil {
		return "", err
	}
	for _, d := range r.drawn {
		if d.cid == 0 {
			return d.html, nil
		}
		rest, ok := strings.CutPrefix(html, "<ul data-phx-component=\"1\"></ul>")
		if ok {
			html = d.html + rest
		}
	}
	return html, nil
}
