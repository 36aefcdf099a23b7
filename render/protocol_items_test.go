package render

import (
	"context"
	"encoding/json"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/a-h/templ"
)

// Items of the protocol's checklist that have no construct of their own.

// Item 76 is about what the generator marks as a root, too: see its tests.
func TestItem76NothingButRootsIsMarked(t *testing.T) {
	t.Parallel()
	two := newTemplate(0, "<b>", "</b><i></i>")
	lead := newTemplate(0, "text <b>", "</b>")
	for _, tpl := range []*Template{two, lead} {
		var s State
		got, err := s.AppendDiff(t.Context(), nil, node(oneSlot, comp(node(tpl, str("x")))))
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(got), `"r"`) {
			t.Errorf("a template that is not one element is marked as one: %s", got)
		}
	}
}

// The client looks for the id of a root as it is written: one space, the name,
// and a value in quotes.
func TestItem77IDsOfSpreadAttributes(t *testing.T) {
	t.Parallel()
	tpl := newTemplate(Root, "<p", "></p>")
	name := "n"
	for _, attrs := range []templ.Attributer{
		templ.Attributes{"id": "n", "class": "c", "hidden": true},
		templ.OrderedAttributes{{Key: "title", Value: `say " id=x`}, {Key: "id", Value: &name}},
	} {
		page := Func(func(w *Writer, slot int) error {
			w.Nest(slot, tpl)
			if err := w.Spread(0, attrs); err != nil {
				return err
			}
			w.End()
			return nil
		})
		html, err := AppendHTML(t.Context(), nil, page)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Count(string(html), ` id="n"`) != 1 || strings.Contains(string(html), "  ") {
			t.Errorf("%v is written as %s", attrs, html)
		}
	}
}

func TestItem92EveryListSaysItsLength(t *testing.T) {
	t.Parallel()
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	r := &chance{Rand: rand.New(rand.NewPCG(seed, 0))}
	p := r.world()
	var state State
	lists := 0
	for range 300 {
		r.change(p)
		diff, err := state.AppendDiff(context.Background(), nil, p.view())
		if err != nil {
			t.Fatal(err)
		}
		var message map[string]any
		if err := json.Unmarshal([]byte("{"+string(diff)+"}"), &message); err != nil {
			t.Fatalf("%v: %s", err, diff)
		}
		lists += countLists(t, message, string(diff))
	}
	if lists == 0 {
		t.Error("no message had a list")
	}
}

// countLists looks at all lists below a value of a message.
func countLists(t *testing.T, v any, message string) int {
	t.Helper()
	n := 0
	switch v := v.(type) {
	case map[string]any:
		if k, ok := v["k"]; ok {
			n++
			entries, _ := k.(map[string]any)
			if count, ok := entries["kc"].(float64); !ok || count < 0 {
				t.Errorf("a list without its length, %v, in %s", k, message)
			}
		}
		for _, member := range v {
			n += countLists(t, member, message)
		}
	case []any:
		for _, member := range v {
			n += countLists(t, member, message)
		}
	}
	return n
}
