package live

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/a-h/templ"

	"bennu/render"
)

// priced is what two components have in common of which one asks for its price
// alone and the other with those beside it.
type priced struct {
	Item  string
	Price string
	inner templ.Component
}

type alone struct{ priced }

func (c *alone) Update(*Socket) error { c.Price = "price of " + c.Item; return nil }

type together struct {
	priced
	queries *[]string
}

func (c *together) UpdateMany(s *Socket, all []*together) error {
	var items []string
	for _, c := range all {
		items = append(items, c.Item)
		c.Price = "price of " + c.Item
	}
	if c != all[0] {
		return fmt.Errorf("called on %q, want the first", c.Item)
	}
	*c.queries = append(*c.queries, strings.Join(items, " "))
	return nil
}

func (c *priced) Render() templ.Component {
	return render.Func(func(w *render.Writer, slot int) error {
		w.Nest(slot, cardTemplate)
		w.Str(0, c.Item)
		w.Str(1, c.Price)
		if c.inner == nil {
			w.Empty(2)
		} else if err := w.Comp(2, c.inner); err != nil {
			return err
		}
		w.End()
		return nil
	})
}

// basket is a view with a list of parts.
type basket struct {
	Total int
	parts []templ.Component
	keys  []string
}

func (b *basket) Events() Events {
	return Events{"draw": Do(func(*Socket) error { return nil })}
}

func (b *basket) Render() templ.Component {
	return render.Func(func(w *render.Writer, slot int) error {
		w.Nest(slot, deskTemplate)
		w.Int(0, int64(b.Total))
		w.For(1, loopTemplate)
		for i, part := range b.parts {
			w.Entry(render.Key(b.keys[i]))
			if err := w.Comp(0, part); err != nil {
				return err
			}
			w.EndEntry()
		}
		w.EndFor()
		w.Empty(2)
		w.End()
		return nil
	})
}

// What components are told together is sent as if each had been told alone, and
// asked for at once.
func TestUpdateManyIsUpdateAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var queries []string
		one, many := new(basket), new(basket)
		chance := rand.New(rand.NewPCG(1, 2))
		shuffle := func(i int) {
			keys := strings.Fields("a b c d e f g")
			chance.Shuffle(len(keys), func(i, j int) { keys[i], keys[j] = keys[j], keys[i] })
			keys = keys[:chance.IntN(len(keys))]
			one.keys, many.keys = keys, keys
			one.Total, many.Total = i/2, i/2
			one.parts, many.parts = nil, nil
			for _, k := range keys {
				item := fmt.Sprint(k, chance.IntN(2))
				one.parts = append(one.parts, Component(k, func(c *alone) { c.Item = item }))
				many.parts = append(many.parts, Component(k, func(c *together) { c.Item, c.queries = item, &queries }))
			}
		}
		shuffle(0)
		a, b := start(t, one, Spec{}), start(t, many, Spec{})
		for i := range 300 {
			said := fmt.Sprint(a.out.take())
			b.want(b.out.take(), strings.TrimSuffix(strings.TrimPrefix(said, "["), "]"))
			if want := min(1, len(many.keys)); len(queries) != want {
				t.Fatalf("%d components asked %q, want %d times", len(many.keys), queries, want)
			}
			queries = nil
			shuffle(i)
			a.send("4", "draw", `{}`)
			b.send("4", "draw", `{}`)
			synctest.Wait()
		}
		a.stopped()
		b.stopped()
	})
}

func TestUpdateManyInADeadRenderAndAlone(t *testing.T) {
	t.Parallel()
	var queries []string
	set := func(item string, inner templ.Component) func(*together) {
		return func(c *together) { c.Item, c.inner, c.queries = item, inner, &queries }
	}
	v := &basket{keys: []string{"a", "b"}, parts: []templ.Component{
		Component("a", set("a", Component("c", set("c", nil)))),
		Component("b", set("b", Component("d", set("d", nil)))),
	}}
	page, err := new(Runtime).Static(t.Context(), Spec{View: v}, nil, nil)
	const card = `<li data-t="%s">price of %[1]s%s</li>`
	inner := func(item string) string { return fmt.Sprintf(card, item, "") }
	if want := "<ul>0" + fmt.Sprintf(card, "a", inner("c")) + fmt.Sprintf(card, "b", inner("d")) + "</ul>"; err != nil || string(page.HTML) != want {
		t.Errorf("Static = %v\n  %s\nwant\n  %s", err, page.HTML, want)
	}
	if want := []string{"a b", "c d"}; !slices.Equal(queries, want) {
		t.Errorf("asked %q, want %q: once for each depth", queries, want)
	}
	html, err := render.AppendHTML(t.Context(), nil, Component("e", set("e", nil)))
	if err != nil || string(html) != inner("e") {
		t.Errorf("a component drawn alone is %s, %v, want %s", html, err, inner("e"))
	}
}

func TestUpdateManyOfComponentsInOthers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var queries []string
		many := func(id, item string, inner templ.Component) templ.Component {
			return Component(id, func(c *together) { c.Item, c.inner, c.queries = item, inner, &queries })
		}
		v := &basket{keys: []string{"a", "x"}}
		v.parts = []templ.Component{
			many("a", "a", many("b", "b", nil)),
			Component("x", func(c *alone) { c.Item, c.inner = "x", many("c", "c", nil) }),
		}
		r := start(t, v, Spec{})
		said := fmt.Sprint(r.out.take())
		for _, item := range []string{"a", "b", "c", "x"} {
			if strings.Count(said, `"1":"price of `+item+`"`) != 1 {
				t.Errorf("%s is in the message %d times, want once: %s", item, strings.Count(said, `"price of `+item), said)
			}
		}
		if want := []string{"a c", "b"}; !slices.Equal(queries, want) {
			t.Errorf("asked %q, want %q", queries, want)
		}
		r.want(r.event("4", "draw", `{}`), `4 true {}`)

		queries = nil
		SendUpdate(Ref{r.p}, "c", func(c *together) { c.Item = "z" })
		synctest.Wait()
		r.has(fmt.Sprint(r.out.take()), `"1":"price of z"`)
		if want := []string{"z"}; !slices.Equal(queries, want) {
			t.Errorf("asked %q, want %q", queries, want)
		}
		r.stopped()
	})
}

// both is a component that is updated alone and together.
type both struct{ alone }

func (c *both) UpdateMany(*Socket, []*both) error { return nil }

func TestMistakesWithUpdateMany(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		part templ.Component
		want string
	}{
		{Component("a", func(*both) {}), `component live.both "a" has both Update and UpdateMany`},
		{Component("a", func(c *failing) {}), `UpdateMany of component live.failing "a": the store is away`},
	} {
		_, err := new(Runtime).Static(t.Context(), Spec{View: &basket{keys: []string{"a"}, parts: []templ.Component{tt.part}}}, nil, nil)
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("Static = %v, want %s", err, tt.want)
		}
	}
}

type failing struct{ priced }

func (c *failing) UpdateMany(*Socket, []*failing) error { return fmt.Errorf("the store is away") }
