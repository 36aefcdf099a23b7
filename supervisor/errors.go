package supervisor

import (
	"errors"
	"fmt"
	"time"
)

// ErrStopped is the [context.Cause] of a child that is stopped because somebody
// wants it: the supervisor is stopped, or that child alone. A child that is
// stopped because of another one's failure sees a [*SiblingError], or the error
// with which the whole supervisor fails.
var ErrStopped = errors.New("supervisor: stopped")

// ErrNotRunning is the answer of a supervisor, or of [Tasks], that has not been
// started, is stopping or has stopped.
var ErrNotRunning = errors.New("supervisor: not running")

// ErrExited is the end of a child that neither returned nor panicked: it called
// runtime.Goexit, as t.FailNow does.
var ErrExited = errors.New("supervisor: ended its goroutine with runtime.Goexit (does it call t.FailNow?)")

// PanicError is a panic, caught where the supervisor calls a child or a task.
type PanicError struct {
	// Value is what panic was called with.
	Value any
	// Stack is the goroutine's at the time of the panic.
	Stack []byte
}

// Error is the panic's value; the stack is for logs.
func (e *PanicError) Error() string { return fmt.Sprintf("panic: %v", e.Value) }

// Unwrap is the value, if panic was called with an error.
func (e *PanicError) Unwrap() error {
	err, _ := e.Value.(error)
	return err
}

// SiblingError is the [context.Cause] of a child that is stopped and started
// again because another one has failed.
type SiblingError struct {
	// Child is the one that failed.
	Child string
	// Err is its error, nil if it returned without one.
	Err error
}

func (e *SiblingError) Error() string {
	return fmt.Sprintf("supervisor: restarted with %q: %s", e.Child, text(e.Err))
}

// Unwrap is the error of the child that failed.
func (e *SiblingError) Unwrap() error { return e.Err }

// StartError says which child did not start. None of the others runs then.
type StartError struct {
	// Child is its name.
	Child string
	// Err is what it failed with.
	Err error
}

func (e *StartError) Error() string {
	return fmt.Sprintf("%q did not start: %s", e.Child, text(e.Err))
}

// Unwrap is what the child failed with.
func (e *StartError) Unwrap() error { return e.Err }

// IntensityError is the failure of a supervisor: a child failed more often than
// [Options.Intensity] allows. All its children are stopped.
type IntensityError struct {
	// Child is the one that failed last.
	Child string
	// Restarts and Period are what was allowed.
	Restarts int
	Period   time.Duration
	// Err is the child's last error.
	Err error
}

func (e *IntensityError) Error() string {
	if e.Restarts < 0 {
		return fmt.Sprintf("%q has ended, and no restart is allowed: %s", e.Child, text(e.Err))
	}
	return fmt.Sprintf("%q has ended, after %d restarts of children within %v already: %s", e.Child, e.Restarts, e.Period, text(e.Err))
}

// Unwrap is the child's last error.
func (e *IntensityError) Unwrap() error { return e.Err }

// StuckError says that a child did not return in the time that it has for it.
// Nothing in Go can end it; its goroutine stays until the program ends.
type StuckError struct {
	// Child is its name.
	Child string
	// After is how long it was waited for.
	After time.Duration
	// Stack is where its goroutine was, "" if that was not found.
	Stack string
}

func (e *StuckError) Error() string {
	return fmt.Sprintf("%q is stuck: it has not returned %v after its context ended", e.Child, e.After)
}

// DuplicateError says that a name is taken.
type DuplicateError struct {
	// Name is the child's, or the key in a [Registry].
	Name string
}

func (e *DuplicateError) Error() string {
	return fmt.Sprintf("supervisor: %q is there already", e.Name)
}

// text is an error in words, also where there is none.
func text(err error) string {
	if err == nil {
		return "it returned without an error"
	}
	return fmt.Sprint(err) // which outlives an Error method that panics
}
