package live

import (
	"errors"
	"fmt"
	"runtime/debug"
)

// PanicError is a panic of a callback or of a render, caught at the border of
// the view whose callback it was.
type PanicError struct {
	// Value is what panic was called with.
	Value any
	// Stack is the goroutine's at the time of the panic.
	Stack []byte
}

// Error is the panic's value; the stack is for logs.
func (e *PanicError) Error() string { return fmt.Sprintf("panic: %v", e.Value) }

// Unwrap is the value, if the panic was called with an error.
func (e *PanicError) Unwrap() error {
	err, _ := e.Value.(error)
	return err
}

// errGoexit is the end of a callback that neither returned nor panicked.
var errGoexit = errors.New("live: a callback ended its goroutine with runtime.Goexit (does it call t.FailNow?)")

// catch turns a panic of the surrounding function into its error.
func catch(err *error) {
	if v := recover(); v != nil {
		*err = &PanicError{Value: v, Stack: debug.Stack()}
	}
}
