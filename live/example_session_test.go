package live_test

import (
	"fmt"

	"bennu/live"
)

// A handler that logs a user in renews the session first.
func ExampleSession() {
	var s live.Session // in a handler: s := bennu.Session(r)
	s.Renew()
	if err := s.Put("user_id", 42); err != nil {
		fmt.Println(err)
		return
	}

	var id int
	found, err := s.Decode("user_id", &id)
	fmt.Println(id, found, err, s.Get("user_id"))
	// Output: 42 true <nil> 42
}
