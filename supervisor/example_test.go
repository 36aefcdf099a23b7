package supervisor_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"bennu/supervisor"
)

var quiet = slog.New(slog.DiscardHandler)

// A worker that crashes is started again; it tells by itself what it works on.
func Example_howIsACrashedWorkerStartedAgain() {
	crash, back := make(chan bool), make(chan bool, 2)
	s := supervisor.New(supervisor.Options{Name: "shop", Log: quiet}, supervisor.Child{
		Name: "prices",
		Run: func(ctx context.Context) error {
			back <- true
			select {
			case <-crash: // the button that crashes it
				panic("no prices today")
			case <-ctx.Done():
				return nil
			}
		},
	})
	if err := s.Start(context.Background()); err != nil {
		fmt.Println(err)
		return
	}
	<-back
	crash <- true
	<-back
	prices := s.Tree().Children[0]
	fmt.Println(prices.Name, prices.Restarts, prices.Err)
	fmt.Println(s.Stop(context.Background()))
	// Output:
	// prices 1 panic: no prices today
	// <nil>
}

// What cannot start ends the start, and what stood already is taken down.
func Example_whatHappensWhenAChildCannotStart() {
	s := supervisor.New(supervisor.Options{Name: "shop", Log: quiet},
		supervisor.Child{Name: "cache", Run: func(ctx context.Context) error {
			<-ctx.Done()
			return nil
		}},
		supervisor.Child{Name: "store", Start: func(context.Context) error { return errors.New("no such file") }},
	)
	fmt.Println(s.Run(context.Background()))
	// Output: supervisor: shop: "store" did not start: no such file
}

func Example_howDoIBuildATree() {
	run := func(ctx context.Context) error { <-ctx.Done(); return nil }
	workers := supervisor.New(supervisor.Options{Name: "workers", Log: quiet},
		supervisor.Child{Name: "mail", Run: run}, supervisor.Child{Name: "prices", Run: run})
	root := supervisor.New(supervisor.Options{Name: "shop", Strategy: supervisor.RestForOne, Log: quiet},
		supervisor.Child{Name: "store", Run: run}, workers.Child())
	if err := root.Start(context.Background()); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Print(root.Tree())
	fmt.Println(root.Stop(context.Background()))
	// Output:
	// shop          running           now  rest for one
	// ├─ store      running           now
	// └─ workers    running           now  one for one
	//    ├─ mail    running           now
	//    └─ prices  running           now
	// <nil>
}

// Who asks for a game that is not there starts it; however many ask, there is
// one.
func Example_howDoIFindOrStartAProcessByItsName() {
	type game struct{ id int }
	var games supervisor.Registry[int, *game]
	s := supervisor.New(supervisor.Options{Name: "games", Log: quiet})
	join := func(ctx context.Context, id int) (*game, error) {
		err := s.EnsureChild(ctx, supervisor.Child{
			Name:    fmt.Sprint("game ", id),
			Restart: supervisor.OnFailure,
			Start:   func(ctx context.Context) error { return games.Register(ctx, id, &game{id}) },
			Run:     func(ctx context.Context) error { <-ctx.Done(); return nil },
		})
		if err != nil {
			return nil, err
		}
		return games.Await(ctx, id)
	}

	ctx := context.Background()
	if err := s.Start(ctx); err != nil {
		fmt.Println(err)
		return
	}
	one, err := join(ctx, 42)
	other, err2 := join(ctx, 42)
	fmt.Println(one == other, err, err2, s.Children())
	fmt.Println(s.StopChild(ctx, "game 42"))
	_, ok := games.Lookup(42)
	fmt.Println(ok, s.Stop(ctx))
	// Output:
	// true <nil> <nil> [game 42]
	// <nil>
	// false <nil>
}

func Example_howDoIRunSomethingBesideAndWaitForIt() {
	reports := supervisor.NewTasks(supervisor.TasksOptions{Name: "reports", AtOnce: 2, Log: quiet})
	s := supervisor.New(supervisor.Options{Log: quiet}, reports.Child())
	ctx := context.Background()
	if err := s.Start(ctx); err != nil {
		fmt.Println(err)
		return
	}
	sum := supervisor.Async(ctx, reports, func(context.Context) (int, error) { return 6 * 7, nil })
	bad := supervisor.Async(ctx, reports, func(context.Context) (int, error) { panic("no data") })

	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	fmt.Println(sum.Await(ctx))
	_, err := bad.Await(ctx)
	fmt.Println(err)
	fmt.Println(s.Stop(ctx))
	// Output:
	// 42 <nil>
	// panic: no data
	// <nil>
}

// A child that needs to know why it ends asks the cause of its context.
func Example_howDoesAChildKnowWhyItEnds() {
	stopped := make(chan error, 1)
	s := supervisor.New(supervisor.Options{Log: quiet}, supervisor.Child{
		Name: "mail",
		Run: func(ctx context.Context) error {
			<-ctx.Done()
			stopped <- context.Cause(ctx)
			return nil
		},
	})
	ctx := context.Background()
	if err := s.Start(ctx); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(s.Stop(ctx))
	fmt.Println(errors.Is(<-stopped, supervisor.ErrStopped))
	// Output:
	// <nil>
	// true
}
