package e2e

import (
	"encoding/json"
	"html"
	"regexp"
	"strings"
	"testing"
)

// change sends the form of the lab and returns what its handler has seen.
func (j *joined) change(query, meta string) string {
	j.t.Helper()
	_, f := j.request("event", `{"type":"form","event":"change","value":`+text(query)+`,"meta":`+meta+`,"uploads":{}}`)
	got, _ := at(f.diff(j.t), "2", "0").(string)
	return html.UnescapeString(got)
}

func TestItem108TargetIsAPath(t *testing.T) {
	t.Parallel()
	_, _, j := joinLab(t, "/lab/form")
	for target, want := range map[string]string{
		"user[name]": `["user" "name"]`, "tags[]": `["tags"]`, "avatar": `["avatar"]`, "undefined": `["undefined"]`,
	} {
		if got := j.change("user[name]=Ann", `{"_target":"`+target+`"}`); !strings.Contains(got, want) {
			t.Errorf("target %s: the handler saw %s, want %s", target, got, want)
		}
	}
	if got := j.change("user[name]=Bob", `{"_target":["user","name"]}`); !strings.Contains(got, `["user" "name"]`) {
		t.Errorf("a list: the handler saw %s, want it as it is", got)
	}
}

func TestItem110MetaWins(t *testing.T) {
	t.Parallel()
	_, _, j := joinLab(t, "/lab/form")
	if got := j.change("kind=of+the+form&user[name]=Ann&tags[]=a", `{"kind":"of the element","_target":"kind"}`); !strings.Contains(got, "of the element Ann/ [a]") || strings.Contains(got, "of the form") {
		t.Errorf("the handler saw %s, want what the element says", got)
	}
	if got := j.change("tags[]=a&tags[]=b", `{"tags":["c"]}`); !strings.Contains(got, "[c]") {
		t.Errorf("the handler saw %s, want the list of the element", got)
	}
}

// Item 116: a chain of commands in an attribute, in the dead render and in the
// live one.
func TestItem116CommandsInAnAttribute(t *testing.T) {
	t.Parallel()
	_, v, j := joinLab(t, "/lab/form")
	live := zip(t, j.rendered, shared(j.rendered))
	for where, markup := range map[string]string{"dead": v.inner, "live": live} {
		m := regexp.MustCompile(`id="command" phx-click="([^"]*)"`).FindStringSubmatch(markup)
		if m == nil {
			t.Fatalf("%s: no command in\n%s", where, markup)
		}
		var chain [][]json.RawMessage
		if err := json.Unmarshal([]byte(html.UnescapeString(m[1])), &chain); err != nil || len(chain) != 2 {
			t.Fatalf("%s: %s is no chain of two commands: %v", where, m[1], err)
		}
		for _, c := range chain {
			var op string
			var args map[string]any
			if json.Unmarshal(c[0], &op) != nil || json.Unmarshal(c[1], &args) != nil || len(c) != 2 {
				t.Errorf("%s: the command %s", where, c)
			}
			for name, arg := range args {
				if arg == nil {
					t.Errorf("%s: the argument %s of %s is null", where, name, op)
				}
			}
		}
		if !strings.Contains(html.UnescapeString(m[1]), `"<>&\"'"`) {
			t.Errorf("%s: the text in %s is not what was given", where, m[1])
		}
	}
}
