package form_test

import (
	"errors"
	"fmt"

	"bennu/form"
)

// A button with phx-value-number="2" sends its number as text, and the value
// that every button has.
func ExampleDecodeJSON() {
	var step struct{ Number int }
	err := form.DecodeJSON([]byte(`{"number":"2","value":""}`), &step)
	fmt.Println(step.Number, err)
	// Output: 2 <nil>
}

func ExampleDecodeQuery() {
	var in struct {
		User struct {
			Name  string
			Roles []string
		}
	}
	err := form.DecodeQuery("user[name]=Ann&user[roles][]=admin&user[roles][]=author", &in)
	fmt.Printf("%+v %v\n", in.User, err)
	// Output: {Name:Ann Roles:[admin author]} <nil>
}

// What does not fit is reported by name; the rest is there.
func ExampleErrors() {
	var in struct {
		Title string
		Items []struct{ Price float64 }
	}
	err := form.DecodeQuery("title=Cart&items[0][price]=9.50&items[1][price]=cheap", &in)
	var errs form.Errors
	if errors.As(err, &errs) {
		for _, e := range errs {
			fmt.Printf("%s: %s\n", e.Path, e.Message)
		}
	}
	fmt.Println(in.Title, in.Items[0].Price)
	// Output:
	// items[1][price]: expected a number, got "cheap"
	// Cart 9.5
}

// A form shows each error beside its input.
func ExampleErrors_Get() {
	var in struct{ Age int }
	err := form.DecodeQuery("age=old", &in)
	var errs form.Errors
	if errors.As(err, &errs) {
		e, _ := errs.Get("age")
		fmt.Println(e.Message)
	}
	// Output: expected a whole number, got "old"
}

// A decoder is found once and used for many inputs.
func ExampleFor() {
	type move struct {
		Row int    `form:"id,required"`
		Dir string `form:"direction"`
	}
	d, err := form.For[move]()
	if err != nil {
		panic(err) // a field of a type that cannot be decoded
	}
	for _, payload := range []string{`{"id":"17","direction":"up"}`, `{"direction":"up"}`} {
		var m move
		err := d.JSON([]byte(payload), &m)
		fmt.Println(m.Row, err)
	}
	// Output:
	// 17 <nil>
	// 0 form: id: is required
}
