package pubsub_test

import (
	"errors"
	"fmt"
	"log"

	"bennu/pubsub"
)

type Price struct {
	Of    string
	Cents int
}

func Example() {
	hub := pubsub.New()
	prices := pubsub.NewTopic[Price](hub, "prices")

	heard := make(chan Price)
	sub, err := prices.Subscribe(func(p Price) { heard <- p })
	if err != nil {
		log.Fatal(err)
	}
	if err := prices.Broadcast(Price{"tea", 300}); err != nil {
		log.Print(err) // it has not gone everywhere
	}
	p := <-heard
	fmt.Println(p.Of, p.Cents)
	sub.Cancel()
	// Output: tea 300
}

// What happens to a subscriber that is slow?
func ExampleSubscriber() {
	prices := pubsub.NewTopic[Price](pubsub.New(), "prices")

	begun, hold, done := make(chan bool, 1), make(chan bool), make(chan bool)
	sub, err := prices.SubscribeWith(pubsub.Subscriber[Price]{
		Receive: func(p Price) {
			begun <- true
			<-hold // takes its time
			if fmt.Println(p.Of, p.Cents); p.Of == "end" {
				close(done)
			}
		},
		Queue:  100,
		Key:    func(p Price) any { return p.Of }, // only the newest price of each counts
		Missed: func(n int) { fmt.Println("load all prices anew, missed", n) },
	})
	if err != nil {
		log.Fatal(err)
	}
	defer sub.Cancel()

	publish := func(of string, cents int) {
		if err := prices.Broadcast(Price{of, cents}); err != nil {
			log.Print(err)
		}
	}
	publish("tea", 300)
	<-begun
	publish("milk", 120)
	publish("tea", 310)
	publish("tea", 320)
	publish("end", 0)
	close(hold)
	for range 3 {
		<-begun
	}
	<-done
	// Output:
	// tea 300
	// milk 120
	// tea 320
	// end 0
}

// How is a topic made of what a user has sent?
func ExampleCheckName() {
	hub := pubsub.New()
	for _, id := range []string{"42", "42\x00"} {
		room := pubsub.NewTopic[string](hub, "room:"+id) // and ask whether this user may enter it
		err := room.Broadcast("hello")
		if bad, ok := errors.AsType[*pubsub.NameError](err); ok {
			fmt.Println(bad.HTTPStatus(), bad)
		}
	}
	// Output: 400 pubsub: topic "room:42\x00": want printable characters and spaces, got U+0000 at 7
}
