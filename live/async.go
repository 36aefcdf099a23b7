package live

import (
	"context"
	"fmt"
)

// Async is a value that a view loads in the background, as one of its fields:
//
//	type Page struct{ Org live.Async[Org] }
//
//	func (p *Page) Mount(s *live.Socket, _ live.Params) error {
//		id := s.Session().Get("org")
//		live.Load(s, &p.Org, func(ctx context.Context) (Org, error) { return p.Store.Org(ctx, id) })
//		return nil
//	}
//
// Its template shows what there is:
//
//	switch {
//		case p.Org.OK:
//			@card(p.Org.Value)
//		case p.Org.Err != nil:
//			<p role="alert">The organisation could not be loaded.</p>
//		default:
//			<p class="skeleton"></p>
//	}
//
// While a value is loaded again, and when that fails, the last good one stays.
type Async[T any] struct {
	// Value is what was loaded last; it counts when OK is set.
	Value T
	// OK says that a value has been loaded.
	OK bool
	// Loading says that one is on its way.
	Loading bool
	// Err is why the last attempt failed, nil when it did not.
	Err error
}

// Reset makes [Load] forget the last good value at once, so that the page shows
// that it loads.
func Reset() TaskOption { return func(o *taskOptions) { o.reset = true } }

// Load fills a field of the view in the background, once the present callback
// has returned nil; the rules are those of [Go]. A later Load of the same field
// takes the place of an earlier one that has not ended. In a dead render the
// field is marked as loading and nothing is run.
//
// A panic is logged with its stack and shows as Err.
func Load[T any](s *Socket, field *Async[T], work func(context.Context) (T, error), opts ...TaskOption) {
	var o taskOptions
	for _, opt := range opts {
		opt(&o)
	}
	if field == nil {
		s.ask().fail(fmt.Errorf("live: Load wants the address of a field of the view, as in &v.Orders, got nil"))
		return
	}
	if o.reset {
		*field = Async[T]{}
	}
	if work == nil {
		s.ask().fail(fmt.Errorf("live: Load into %T wants a function that loads it, got nil", field))
		return
	}
	field.Loading = true
	startTask(s, field, fmt.Sprintf("load %T", field.Value), work, func(_ *Socket, value T, err error) error {
		field.Loading, field.Err = false, err
		if err == nil {
			field.Value, field.OK = value, true
		}
		return nil
	}, opts)
}

// CancelLoad ends the loading of a field, whose Err becomes [context.Canceled].
func CancelLoad[T any](s *Socket, field *Async[T]) { cancelTask(s, field) }
