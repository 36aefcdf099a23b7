package nats_test

import (
	"context"
	"fmt"
	"log"
	"net/http"
	"strings"
	"time"

	"bennu"
	"bennu/cluster/nats"
	"bennu/pubsub"
)

// The whole of a main.go: several copies of it are one app, if the environment
// says so.
func ExampleFromEnv() {
	run := func(ctx context.Context) error {
		opts, err := bennu.FromEnv()
		if err != nil {
			return err
		}
		if opts.Carrier, err = nats.FromEnv(opts.SecretKeyBase, opts.Logger); err != nil {
			return err
		}
		app := bennu.New(opts)
		app.Health()
		app.Get("/", func(w http.ResponseWriter, _ *http.Request) error {
			_, err := fmt.Fprintln(w, "served by", app.PubSub().Node())
			return err
		})
		return app.ListenAndServe(ctx)
	}
	if err := run(context.Background()); err != nil {
		log.Fatal(err)
	}
}

// Two nodes with a server in each, in one program for once.
func ExampleEmbed() {
	secret := strings.Repeat("a secret of the app, ", 4)
	first, err := nats.Embed(nats.Embedded{Node: "first", Listen: "127.0.0.1:0", Secret: secret})
	if err != nil {
		fmt.Println(err)
		return
	}
	here := pubsub.New()
	if err := here.Join(context.Background(), first, pubsub.Cluster{Fingerprint: secret}); err != nil {
		fmt.Println(err)
		return
	}
	defer here.Leave()

	second, err := nats.Embed(nats.Embedded{Node: "second", Listen: "127.0.0.1:0", Peers: []string{first.Listening()}, Secret: secret})
	if err != nil {
		fmt.Println(err)
		return
	}
	there := pubsub.New()
	if err := there.Join(context.Background(), second, pubsub.Cluster{Fingerprint: secret}); err != nil {
		fmt.Println(err)
		return
	}
	defer there.Leave()

	heard := make(chan string, 100)
	sub, err := pubsub.NewTopic[string](there, "news").Subscribe(func(text string) { heard <- text })
	if err != nil {
		fmt.Println(err)
		return
	}
	defer sub.Cancel()
	for { // the servers may still be looking for each other
		if err := pubsub.NewTopic[string](here, "news").Broadcast("hello"); err != nil {
			fmt.Println(err)
		}
		select {
		case text := <-heard:
			fmt.Println(text, "from", there.Health().Nodes[0].Name)
			return
		case <-time.After(50 * time.Millisecond):
		}
	}
	// Output: hello from first
}

// A NATS that runs anyway, with what an operator would set in code.
func ExampleNew() {
	carrier, err := nats.New(nats.Options{
		Node: "web-1", App: "shop", URLs: []string{"nats://broker-1:4222", "nats://broker-2:4222"},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	app := bennu.New(bennu.Options{SecretKeyBase: strings.Repeat("a secret of the app, ", 4), Carrier: carrier})
	fmt.Println(app.Tree().Children[0].Name)
	// Output: cluster
}
