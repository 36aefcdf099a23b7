// Package pubsub carries messages from whoever publishes on a topic to whoever
// has subscribed to it, inside one process:
//
//	hub := pubsub.New()
//	prices := pubsub.NewTopic[Price](hub, "prices")
//
//	sub := prices.Subscribe(func(p Price) { fmt.Println(p) })
//	defer sub.Cancel()
//	prices.Broadcast(Price{"tea", 3})
//
// A topic has a name and the type of its messages. Views subscribe by
// live.Subscribe, which ends with the view.
//
// # What is promised
//
// Broadcast never waits for a subscriber. Messages of one publisher on one
// topic reach each subscriber in order and at most once: who subscribes later
// has missed what came before. Subscribers get the very value that was
// published, all of them the same, so that nobody may change it.
package pubsub
