package bennu_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"strings"

	"bennu"
)

func quietApp() *bennu.App {
	return bennu.New(bennu.Options{SecretKeyBase: strings.Repeat("0123456789abcdef", 4), Logger: slog.New(slog.DiscardHandler)})
}

// A worker runs beside the pages; this one is crashed on purpose, and comes
// back.
func ExampleApp_Supervise() {
	app := quietApp()
	crash, runs := make(chan bool), make(chan bool, 2)
	app.Supervise(bennu.Worker{Name: "prices", Run: func(ctx context.Context) error {
		runs <- true
		select {
		case <-crash:
			panic("no prices today")
		case <-ctx.Done():
			return nil
		}
	}})

	ctx := context.Background()
	if err := app.Start(ctx); err != nil { // ListenAndServe does it
		fmt.Println(err)
		return
	}
	<-runs
	crash <- true
	<-runs
	workers := app.Tree().Children[0]
	for _, w := range workers.Children {
		fmt.Printf("%s: %d restart, last error: %s\n", w.Name, w.Restarts, w.Err)
	}
	fmt.Println(app.Shutdown(ctx))
	// Output:
	// prices: 1 restart, last error: panic: no prices today
	// <nil>
}

// A balancer asks /readyz whether to send anybody here.
func ExampleGroup_Health() {
	app := quietApp()
	app.Health(bennu.HealthCheck{Name: "store", Check: func(context.Context) error { return nil }})
	ready := func() {
		w := httptest.NewRecorder()
		app.ServeHTTP(w, httptest.NewRequest("GET", "/readyz", nil))
		fmt.Print(w.Code, " ", w.Body)
	}
	ready()
	if err := app.Shutdown(context.Background()); err != nil {
		fmt.Println(err)
	}
	ready()
	// Output:
	// 200 ok
	// 503 stopping
}
