package js_test

import (
	"fmt"
	"time"

	"bennu/js"
)

// A button that saves and closes its dialog at once, without waiting for the
// server.
func Example() {
	fmt.Println(js.Push("save").Hide("#dialog"))
	// Output: [["push",{"event":"save"}],["hide",{"to":"#dialog"}]]
}

// Commands that a component needs in several places are a function.
func ExampleCommands_Then() {
	open := func(id string) js.Commands {
		return js.PushFocus(js.Self).Show(js.ID(id)).FocusFirst(js.ID(id))
	}
	fmt.Println(js.Push("opened").Then(open("menu")))
	// Output: [["push",{"event":"opened"}],["push_focus",{}],["show",{"to":"#menu"}],["focus_first",{"to":"#menu"}]]
}

// The payload is the handler's own type, so that both change together.
func ExampleValues() {
	type move struct {
		Card, To int
	}
	fmt.Println(js.Push("move", js.Values(move{Card: 7, To: 2})))
	// Output: [["push",{"event":"move","value":{"Card":7,"To":2}}]]
}

func ExampleIn() {
	fmt.Println(js.Show("#m", js.In("transition duration-150").From("opacity-0").To("opacity-100"), js.Time(150*time.Millisecond)))
	// Output: [["show",{"to":"#m","transition":[["transition","duration-150"],["opacity-0"],["opacity-100"]],"time":150}]]
}

// What users chose may stand in a selector by ID or Having.
func ExampleHaving() {
	fmt.Println(js.AddClass(js.Having("data-user", `a"b`), "online"))
	// Output: [["add_class",{"names":["online"],"to":"[data-user=\"a\\\"b\"]"}]]
}

// Inner and Closest keep two menus of one page apart.
func ExampleInner() {
	fmt.Println(js.Toggle(js.Inner(".items")))
	// Output: [["toggle",{"to":{"inner":".items"}}]]
}
