package token_test

import (
	"errors"
	"fmt"
	"time"

	"bennu/token"
)

// A link that confirms an address is good for a day, and for nothing else.
func Example() {
	keys, err := token.New(token.NewSecret()) // a program takes it from its environment
	if err != nil {
		fmt.Println(err)
		return
	}
	link := keys.Sign("confirm-email", []byte("user 42"))

	who, err := keys.Verify("confirm-email", link, 24*time.Hour)
	fmt.Println(string(who), err)

	_, err = keys.Verify("reset-password", link, 24*time.Hour)
	fmt.Println(errors.Is(err, token.ErrPurpose))
	// Output:
	// user 42 <nil>
	// true
}

// What the holder must not read is encrypted.
func ExampleKeys_Encrypt() {
	keys, err := token.New(token.NewSecret())
	if err != nil {
		fmt.Println(err)
		return
	}
	sealed := keys.Encrypt("export", []byte("internal id 7"))
	data, err := keys.Decrypt("export", sealed, time.Hour)
	fmt.Println(string(data), err)
	// Output: internal id 7 <nil>
}

// After a change of the secret, tokens of the old one are accepted.
func ExampleNew() {
	oldSecret, newSecret := token.NewSecret(), token.NewSecret()
	before, err := token.New(oldSecret)
	if err != nil {
		fmt.Println(err)
		return
	}
	after, err := token.New(newSecret, oldSecret)
	if err != nil {
		fmt.Println(err)
		return
	}
	o, err := after.VerifyOpen("remember-me", before.Sign("remember-me", []byte("user 42")), token.Forever)
	fmt.Println(string(o.Data), o.Retired, err)
	// Output: user 42 true <nil>
}
