package presence_test

import (
	"fmt"

	"bennu/presence"
)

type Member struct {
	Name   string `json:"name"`
	Typing bool   `json:"typing,omitempty"`
}

// Who is in a room?
func ExampleTopic() {
	tracker, err := presence.New(presence.Options{}) // with a Carrier: those of all nodes
	if err != nil {
		fmt.Println(err)
		return
	}
	defer tracker.Close()

	room := presence.NewTopic[Member](tracker, "room:lobby")
	ann, err := room.Track("user:1", Member{Name: "Ann"})
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := ann.Update(Member{Name: "Ann", Typing: true}); err != nil {
		fmt.Println(err)
	}
	for _, p := range room.List() {
		fmt.Println(p.Key, p.Metas[0].Value.Name, p.Metas[0].Value.Typing)
	}
	ann.Untrack()
	fmt.Println(room.Count(), "left")
	// Output:
	// user:1 Ann true
	// 0 left
}
