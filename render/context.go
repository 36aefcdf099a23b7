package render

import (
	"context"
	"sync"

	"github.com/a-h/templ"
)

// templ keeps what it has to remember during a render in one private value of
// the context: which once handles, css classes and scripts were emitted, and
// the nonce. It keeps the children of a component in another. Both keys are
// private; they are learnt by letting templ look them up in a context that
// writes down what it is asked for.
var (
	templKey         = askedFor(func(ctx context.Context) { templ.InitializeContext(ctx) })
	templChildrenKey = askedFor(func(ctx context.Context) { templ.GetChildren(ctx) })
)

func askedFor(lookUp func(context.Context)) any {
	s := &keySpy{Context: context.Background()}
	lookUp(s)
	return s.key
}

type keySpy struct {
	context.Context
	key any
}

func (s *keySpy) Value(key any) any {
	s.key = key
	return nil
}

// Ctx returns the context of the render, which templates see as ctx.
func (w *Writer) Ctx() context.Context {
	if w.ready {
		return w.ctx
	}
	w.ready = true
	if w.html {
		w.ctx = templ.InitializeContext(w.ctx)
	} else {
		w.ctx = &diffContext{Context: w.ctx}
	}
	return w.ctx
}

// SetCtx replaces the context for what is written from now on. A component
// that sets it puts back the one it found before it ends.
func (w *Writer) SetCtx(ctx context.Context) {
	w.ctx, w.ready = ctx, true
}

// diffContext is a view's context during one render. The view's own outlives
// the render, and templ would remember in it that a style or a once block was
// emitted; the next render would then leave it out and the client would remove
// it from the page. So templ's value is hidden and made anew on first use.
type diffContext struct {
	context.Context
	once  sync.Once
	value any
}

func (c *diffContext) Value(key any) any {
	switch key {
	case templKey:
		c.once.Do(func() {
			ctx := templ.InitializeContext(context.Background())
			if nonce := templ.GetNonce(c.Context); nonce != "" {
				ctx = templ.WithNonce(ctx, nonce)
			}
			c.value = ctx.Value(templKey)
		})
		return c.value
	case templChildrenKey:
		return nil
	}
	return c.Context.Value(key)
}
