package live

import (
	"context"
	"errors"
	"slices"
	"testing"
	"testing/synctest"
)

func TestInspectSeesTheViewBetweenItsCallbacks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &desk{Cards: []string{"a", "b"}}
		r := start(t, d, Spec{})
		r.out.take()
		r.event("4", "cards", `{"to":"c d e"}`)
		calls := len(d.calls)
		var cards []string
		if err := Inspect(t.Context(), Ref{r.p}, func(v View) { cards = slices.Clone(v.(*desk).Cards) }); err != nil {
			t.Fatal(err)
		}
		if want := []string{"c", "d", "e"}; !slices.Equal(cards, want) {
			t.Errorf("the view has cards %q, want %q", cards, want)
		}
		if len(d.calls) != calls {
			t.Errorf("an inspection called %q", d.calls[calls:])
		}
		r.want(r.out.take()) // nothing

		// What panics is the caller's own fault and no crash of the view.
		var panicked *PanicError
		if err := Inspect(t.Context(), Ref{r.p}, func(View) { panic("looked too hard") }); !errors.As(err, &panicked) {
			t.Errorf("a panic: %v, want a PanicError", err)
		}
		r.want(r.event("5", "cards", `{"to":"c d e"}`), `5 true {}`)

		r.stopped()
		ran := func(View) { t.Error("ran on a view that has ended") }
		if err := Inspect(t.Context(), Ref{r.p}, ran); !errors.Is(err, ErrEnded) {
			t.Errorf("of a view that has ended: %v", err)
		}
		if err := Inspect(t.Context(), Ref{}, ran); !errors.Is(err, ErrEnded) {
			t.Errorf("of no view: %v", err)
		}
	})
}

// Whoever stops waiting may be sure that nothing runs behind his back.
func TestInspectThatIsGivenUpDoesNotRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := start(t, &desk{}, Spec{})
		held, let := make(chan struct{}), make(chan struct{})
		go func() {
			if err := Inspect(context.Background(), Ref{r.p}, func(View) { close(held); <-let }); err != nil {
				t.Error(err)
			}
		}()
		<-held
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if err := Inspect(ctx, Ref{r.p}, func(View) { t.Error("ran after all") }); !errors.Is(err, context.Canceled) {
			t.Errorf("given up: %v", err)
		}
		close(let)
		synctest.Wait()
		r.stopped()
	})
}
