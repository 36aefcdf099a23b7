package render

import (
	"context"
	"io"
	"strings"
	"testing"

	"github.com/a-h/templ"
)

func TestTemplsKeysAreLearnt(t *testing.T) {
	t.Parallel()
	ctx := templ.InitializeContext(context.Background())
	if templKey == nil || ctx.Value(templKey) == nil {
		t.Errorf("templ's value is not found under %v", templKey)
	}
	ctx = templ.WithChildren(context.Background(), templ.NopComponent)
	if templChildrenKey == nil || ctx.Value(templChildrenKey) == nil {
		t.Errorf("templ's children are not found under %v", templChildrenKey)
	}
}

// A view keeps its context, templ must not find in it what it did last time.
func TestOnceInEveryRender(t *testing.T) {
	t.Parallel()
	page := Func(func(w *Writer, slot int) error {
		w.Nest(slot, twoSlots)
		for i := range 2 {
			w.WithChildren(node(bold, str("once")))
			if err := w.Comp(i, once.Once()); err != nil {
				return err
			}
		}
		w.End()
		return nil
	})
	for name, ctx := range map[string]context.Context{
		"plain":          t.Context(),
		"used before":    templ.InitializeContext(t.Context()),
		"with a nonce":   templ.WithNonce(t.Context(), "n"),
		"with children":  templ.WithChildren(t.Context(), foreign("x")),
		"of its own use": context.WithValue(t.Context(), ctxKey{}, "v"),
	} {
		var s State
		c := newClient()
		for range 3 {
			diff, err := s.AppendDiff(ctx, nil, page)
			if err != nil {
				t.Fatal(err)
			}
			if got, err := c.apply(diff); err != nil || got != "<div><b>once</b>|</div>" {
				t.Errorf("%s: the client shows %s, %v", name, got, err)
			}
		}
	}
}

type ctxKey struct{}

// Values reach everything, in both modes, through components of either kind.
func TestContextValues(t *testing.T) {
	t.Parallel()
	show := Func(func(w *Writer, slot int) error {
		s, _ := w.Ctx().Value(ctxKey{}).(string)
		return node(bold, str(s+templ.GetNonce(w.Ctx())))(w, slot)
	})
	provider := templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		return templ.GetChildren(ctx).Render(context.WithValue(templ.ClearChildren(ctx), ctxKey{}, "inner"), w)
	})
	page := Func(func(w *Writer, slot int) error {
		w.Nest(slot, twoSlots)
		w.WithChildren(func(w *Writer, slot int) error { return w.Comp(slot, show) })
		if err := w.Comp(0, provider); err != nil {
			return err
		}
		before := w.Ctx()
		w.SetCtx(context.WithValue(before, ctxKey{}, "set"))
		if err := w.Comp(1, show); err != nil {
			return err
		}
		w.SetCtx(before)
		w.End()
		return nil
	})
	ctx := templ.WithNonce(context.WithValue(t.Context(), ctxKey{}, "outer"), "-n")
	want := "<div><b>inner-n</b>|<b>set-n</b></div>"
	if got, err := AppendHTML(ctx, nil, page); err != nil || string(got) != want {
		t.Errorf("HTML is %s, %v, want %s", got, err, want)
	}
	var s State
	diff, err := s.AppendDiff(ctx, nil, page)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := newClient().apply(diff); err != nil || got != want {
		t.Errorf("the client shows %s, %v, want %s", got, err, want)
	}
}

func TestContextThatEnded(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	page := node(bold, str("x"))
	var s State
	if got, err := s.AppendDiff(ctx, []byte("a"), page); err != context.Canceled || string(got) != "a" {
		t.Errorf("AppendDiff = %s, %v, want a, %v", got, err, context.Canceled)
	}
	if got, err := AppendHTML(ctx, []byte("a"), page); err != context.Canceled || string(got) != "a" {
		t.Errorf("AppendHTML = %s, %v, want a, %v", got, err, context.Canceled)
	}
	var out strings.Builder
	if err := page.Render(ctx, &out); err != context.Canceled || out.Len() > 0 {
		t.Errorf("Render = %q, %v, want nothing, %v", out.String(), err, context.Canceled)
	}
}
