package live_test

import (
	"fmt"

	"bennu/live"
)

type orderForm struct{ Note string }

func (f *orderForm) save(s *live.Socket, in orderForm) error {
	f.Note = in.Note
	s.PutFlash(live.Info, "saved")
	s.Navigate("/orders/1")
	return nil
}

// A handler is tested without a server: it is a method, and a zero Socket
// remembers what it asks for.
func ExampleSocket_Asked() {
	form, s := new(orderForm), new(live.Socket)
	if err := form.save(s, orderForm{Note: "fragile"}); err != nil {
		fmt.Println(err)
	}
	asked := s.Asked()
	fmt.Println(form.Note, asked.Navigate, asked.Flash[live.Info])
	// Output: fragile /orders/1 saved
}
