package live_test

import (
	"fmt"

	"bennu/live"
)

// A list that several views show. Its owner changes it from any goroutine;
// each view evaluates the rows that changed since it was drawn.
func ExampleRows() {
	type order struct {
		ID    string
		State string
	}
	var orders live.Rows[order]
	orders.Append(order{"a1", "new"}, order{"a2", "new"})
	orders.Insert(0, order{"a0", "new"})
	orders.EditFunc(
		func(o order) bool { return o.ID == "a1" },
		func(o *order) { o.State = "paid" },
	)
	orders.Delete(2)
	for i, o := range orders.All() {
		fmt.Println(i, o.ID, o.State)
	}
	// Output:
	// 0 a0 new
	// 1 a1 paid
}

// In a template: for _, o := range live.Each(v.Orders) { <li id={ o.ID }>…</li> }
func ExampleEach() {
	var names live.Rows[string]
	names.Append("ann", "bob")
	for i, name := range live.Each(&names) {
		fmt.Println(i, name)
	}
	// Output:
	// 0 ann
	// 1 bob
}

// In a template: for _, m := range live.Chunked(v.Messages) { <li id={ m.ID }>…</li> }
func ExampleChunked() {
	for i, m := range live.Chunked([]string{"hello", "again"}) {
		fmt.Println(i, m)
	}
	// Output:
	// 0 hello
	// 1 again
}
