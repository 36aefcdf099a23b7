package e2e

import (
	"fmt"
	"strings"
	"testing"
)

// stream is the list of a message, which must have one.
func stream(t *testing.T, f frame) map[string]any {
	t.Helper()
	var lists []map[string]any
	var walk func(any)
	walk = func(n any) {
		if m, ok := n.(map[string]any); ok {
			if m["stream"] != nil {
				lists = append(lists, m)
			}
			for _, v := range m {
				walk(v)
			}
		}
	}
	walk(f.diff(t))
	if len(lists) != 1 {
		t.Fatalf("%s, want one stream", f.raw)
	}
	return lists[0]
}

// entries are the texts of a stream's entries, which must be whole.
func entries(t *testing.T, list map[string]any) (texts []string) {
	t.Helper()
	k, _ := list["k"].(map[string]any)
	n, ok := k["kc"].(float64)
	if !ok || k["km"] != nil || len(k) != int(n)+1 {
		t.Fatalf("entries %s, want a kc that counts them, and no moves", text(k))
	}
	for i := range int(n) {
		e, _ := k[fmt.Sprint(i)].(map[string]any)
		if e["0"] == nil || e["1"] == nil {
			t.Errorf("entry %d is %s, want all of it", i, text(e))
		}
		texts = append(texts, fmt.Sprint(e["1"]))
	}
	return texts
}

func TestItem98InitialStream(t *testing.T) {
	t.Parallel()
	_, _, j := joinLab(t, "/lab/list?n=3")
	list := stream(t, j.frame)
	op, _ := list["stream"].([]any)
	if list["s"] == nil || strings.Join(entries(t, list), ",") != "line 0,line 1,line 2" || len(op) != 3 {
		t.Errorf("%s, want statics, three whole entries and a stream of three elements", text(list))
	}
	if got := text(op[1:]); got != `[[["lines-2",-1,null,null],["lines-1",-1,null,null],["lines-0",-1,null,null]],[]]` {
		t.Errorf("inserts and deletes are %s, want the newest first", got)
	}
}

func TestItem99FourthElementMeansReset(t *testing.T) {
	t.Parallel()
	_, _, j := joinLab(t, "/lab/list?n=2")
	for event, want := range map[string]int{`insert {"id":"9","at":-1}`: 3, `move {"id":"1"}`: 3, `delete {"id":"9"}`: 3, `reset {}`: 4} {
		name, value, _ := strings.Cut(event, " ")
		_, f := j.event(name, value, 0)
		op, _ := stream(t, f)["stream"].([]any)
		if len(op) != want || want == 4 && op[3] != true {
			t.Errorf("%s: %s, want %d elements, the fourth one true", event, text(op), want)
		}
	}
}

func TestItem100EmptyInitialStream(t *testing.T) {
	t.Parallel()
	_, _, j := joinLab(t, "/lab/list")
	list := stream(t, j.frame)
	if op, _ := list["stream"].([]any); list["s"] == nil || text(list["k"]) != `{"kc":0}` || text(op[1:]) != `[[],[]]` {
		t.Errorf("%s, want statics, no entries and an empty stream", text(list))
	}
	_, f := j.event("insert", `{"id":"1","text":"first","at":-1}`, 0)
	if list := stream(t, f); list["s"] != nil || strings.Join(entries(t, list), ",") != "first" {
		t.Errorf("%s, want the entry without statics", text(list))
	}
}

func TestItem101DeleteAlone(t *testing.T) {
	t.Parallel()
	_, _, j := joinLab(t, "/lab/list?n=2")
	_, f := j.event("delete", `{"id":"1"}`, 0)
	list := stream(t, f)
	if op, _ := list["stream"].([]any); text(list["k"]) != `{"kc":0}` || text(op[1:]) != `[[],["lines-1"]]` {
		t.Errorf("%s, want no entries and the id", text(list))
	}
}

// What the elements then do is in TestItem102And103InTheBrowser.
func TestItem102And103InsertsOfKnownIDsAndLimits(t *testing.T) {
	t.Parallel()
	_, _, j := joinLab(t, "/lab/list?n=3")
	for _, tt := range []struct{ event, value, want string }{
		{"insert", `{"id":"2","text":"again","at":0}`, `[[["lines-2",0,null,null]],[]]`},
		{"move", `{"id":"2"}`, `[[["lines-2",0,null,null]],["lines-2"]]`},
		{"insert", `{"id":"9","text":"last","at":-1,"limit":-2}`, `[[["lines-9",-1,-2,null]],[]]`},
	} {
		_, f := j.event(tt.event, tt.value, 0)
		if op, _ := stream(t, f)["stream"].([]any); text(op[1:]) != tt.want {
			t.Errorf("%s %s: %s, want %s", tt.event, tt.value, text(op), tt.want)
		}
	}
}

func TestItem104SentItemsAreForgotten(t *testing.T) {
	t.Parallel()
	_, _, j := joinLab(t, "/lab/list?n=3")
	j.event("insert", `{"id":"a","text":"the first","at":0}`, 0)
	_, f := j.event("insert", `{"id":"b","text":"the second","at":0}`, 0)
	if got := entries(t, stream(t, f)); strings.Join(got, ",") != "the second" || strings.Contains(f.raw, "lines-a") {
		t.Errorf("%s, want the second alone", f.raw)
	}
	if _, f = j.event("count", `{}`, 0); strings.Contains(f.raw, "stream") || strings.Contains(f.raw, "lines") {
		t.Errorf("an event that is none of the stream's: %s", f.raw)
	}
}

func TestItem105RejoinSendsTheItemsOfMount(t *testing.T) {
	t.Parallel()
	_, v, j := joinLab(t, "/lab/list?n=2")
	j.event("insert", `{"id":"a","text":"from an event","at":0}`, 0)
	again := j.rejoin(v)
	list := stream(t, again.frame)
	if got := entries(t, list); list["s"] == nil || strings.Join(got, ",") != "line 0,line 1" {
		t.Errorf("%s, want what Mount puts there", text(list))
	}
}
