package supervisor

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
)

// Child is something that runs for as long as its supervisor does. The zero
// values of all but Name and Run are good ones.
type Child struct {
	// Name tells it from the others of its supervisor, in logs and in the tree.
	Name string
	// Start is called before Run and at each restart, on the same goroutine and
	// with the same context: it opens what Run needs. The children behind this
	// one start when it has returned; its error, the first time, is the failure
	// of the whole start. Nil: there is nothing to open. What is open when Start
	// fails it closes itself.
	Start func(ctx context.Context) error
	// Run does the work and returns when its context ends. Whatever it returns
	// before, nil too, is an end of its own, of which Restart says what follows;
	// so are a panic and runtime.Goexit. Nil: it waits for the context. A panic
	// on another goroutine that Run has started ends the program.
	Run func(ctx context.Context) error
	// Restart says when it is started again; the zero value is Always.
	Restart Restart
	// Shutdown is how long it may take to return when its context has ended; 0
	// is 5 s, Unlimited any time. Then it is stuck: its stack is logged, and the
	// others go on without it.
	Shutdown time.Duration
	// Detail is shown in the tree, "12 jobs" say; nil is nothing. It is called
	// from any goroutine, also while the child does not run, and must be quick.
	Detail func() string

	nested *Supervisor // whose child this is
}

// Unlimited lifts a limit that says so.
const Unlimited = -1

// NoRestarts as [Intensity.Restarts] lets the first fault of any child be the
// supervisor's.
const NoRestarts = -2

const defaultShutdown = 5 * time.Second

// Restart says after which end a child is started again. A child that is
// stopped because somebody wants it never is.
type Restart uint8

const (
	// Always: whatever it ended with.
	Always Restart = iota
	// OnFailure: after an error, a panic or a Goexit. One that returns nil has
	// done its work.
	OnFailure
	// Never: it runs once, also where another one's failure stops it.
	Never
)

// String is the kind in words.
func (r Restart) String() string {
	return name(int(r), "always", "on failure", "never")
}

// name is one of several.
func name(i int, names ...string) string {
	if i < len(names) {
		return names[i]
	}
	return "unknown"
}

// check says what is wrong with a child.
func (c *Child) check() error {
	switch {
	case c.Name == "":
		return errors.New("a child has no Name")
	case strings.ContainsAny(c.Name, "\n\r"):
		return fmt.Errorf("the name %q has more than one line", c.Name)
	case c.Run == nil && c.Start == nil && c.Detail == nil:
		return fmt.Errorf("child %q has no Run", c.Name)
	case c.Restart > Never:
		return fmt.Errorf("child %q: Restart is %d, want Always, OnFailure or Never", c.Name, c.Restart)
	case c.Shutdown < 0 && c.Shutdown != Unlimited:
		return fmt.Errorf("child %q: Shutdown is %v, want 0 for the default, a positive time or Unlimited", c.Name, c.Shutdown)
	}
	return nil
}

func (c *Child) shutdown() time.Duration {
	if c.Shutdown == 0 {
		return defaultShutdown
	}
	return c.Shutdown
}
