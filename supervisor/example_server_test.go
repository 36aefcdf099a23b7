package supervisor_test

import (
	"context"
	"fmt"
	"time"

	"bennu/supervisor"
)

// A server owns its state: nobody else has it, so there is nothing to lock.
func Example_howDoIKeepAStateThatManyChange() {
	type stock struct{ tea int }
	store := supervisor.NewServer(supervisor.ServerOptions[stock]{
		Name: "stock",
		Init: func(context.Context) (*stock, error) { return &stock{tea: 10}, nil },
	})
	s := supervisor.New(supervisor.Options{Name: "shop", Log: quiet}, store.Child()) // or app.Supervise(store.Child())
	if err := s.Start(context.Background()); err != nil {
		fmt.Println(err)
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	fmt.Println(store.Cast(func(s *stock) { s.tea-- })) // does not wait
	fmt.Println(store.Do(ctx, func(s *stock) { s.tea -= 2 }))
	fmt.Println(supervisor.Ask(ctx, store, func(s *stock) (int, error) { return s.tea, nil }))
	fmt.Println(s.Stop(ctx))
	// Output:
	// <nil>
	// <nil>
	// 7 <nil>
	// <nil>
}

// A room is made when the first one enters, and all find the same.
func ExampleRegistry_GetOrStart() {
	type room struct{ guests int }
	var rooms supervisor.Registry[string, *supervisor.Server[room]]
	s := supervisor.New(supervisor.Options{Name: "hotel", Log: quiet}) // or app.Workers()
	ctx := context.Background()
	if err := s.Start(ctx); err != nil {
		fmt.Println(err)
		return
	}
	for range 2 {
		r, err := rooms.GetOrStart(ctx, s, "lobby", func(string) (*supervisor.Server[room], supervisor.Child) {
			r := supervisor.NewServer(supervisor.ServerOptions[room]{Name: "room"})
			return r, r.Child()
		})
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(supervisor.Ask(ctx, r, func(r *room) (int, error) { r.guests++; return r.guests, nil }))
	}
	fmt.Println(s.Children())
	fmt.Println(s.Stop(ctx))
	// Output:
	// 1 <nil>
	// 2 <nil>
	// [room lobby]
	// <nil>
}

// What many read and few replace needs no goroutine.
func ExampleCell() {
	notice := supervisor.NewCell("open")
	notice.Store("closed on Sunday")
	fmt.Println(notice.Update(func(s string) string { return s + "!" }))
	fmt.Println(notice.Load())
	// Output:
	// closed on Sunday!
	// closed on Sunday!
}
