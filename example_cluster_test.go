package bennu_test

import (
	"context"
	"fmt"
	"strings"

	"bennu"
	"bennu/presence"
	"bennu/pubsub"
	"bennu/pubsub/pubsubtest"
)

// Two servers of one app, joined by a network in memory; package cluster/nats has
// carriers for real ones.
func ExampleApp_Presence() {
	network := pubsubtest.NewNetwork()
	start := func(node string) *bennu.App {
		app := bennu.New(bennu.Options{SecretKeyBase: strings.Repeat("a secret of the app, ", 4), Carrier: network.Carrier(node)})
		if err := app.Start(context.Background()); err != nil {
			fmt.Println(err)
		}
		return app
	}
	here, there := start("here"), start("there")
	defer here.Shutdown(context.Background())

	joined := make(chan struct{})
	room := presence.NewTopic[string](here.Presence(), "room:lobby")
	sub, err := room.Subscribe(func(presence.Diff[string]) { joined <- struct{}{} })
	if err != nil {
		fmt.Println(err)
		return
	}
	defer sub.Cancel()
	if _, err := presence.NewTopic[string](there.Presence(), "room:lobby").Track("ann", "on the phone"); err != nil {
		fmt.Println(err)
	}
	<-joined
	fmt.Println(room.List()[0].Key, "is here")

	go there.Shutdown(context.Background()) // its people leave at once
	<-joined
	fmt.Println(room.Count(), "are here")
	// Output:
	// ann is here
	// 0 are here
}

// A topic of the App's hub reaches the pages of all its servers.
func ExampleApp_PubSub() {
	app := bennu.New(bennu.Options{SecretKeyBase: strings.Repeat("a secret of the app, ", 4)})
	prices := pubsub.NewTopic[int](app.PubSub(), "prices")
	heard := make(chan int)
	sub, err := prices.Subscribe(func(price int) { heard <- price })
	if err != nil {
		fmt.Println(err)
		return
	}
	defer sub.Cancel()
	if err := prices.Broadcast(42); err != nil {
		fmt.Println(err)
	}
	fmt.Println(<-heard)
	// Output: 42
}
