package pubsub_test

import (
	"fmt"

	"bennu/pubsub"
)

type Price struct {
	Of    string
	Cents int
}

func Example() {
	hub := pubsub.New()
	prices := pubsub.NewTopic[Price](hub, "prices")

	sub := prices.Subscribe(func(p Price) { fmt.Println(p.Of, p.Cents) })
	prices.Broadcast(Price{"tea", 300})
	sub.Cancel()
	prices.Broadcast(Price{"tea", 400}) // nobody listens
	// Output: tea 300
}
