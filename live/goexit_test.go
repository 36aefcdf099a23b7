package live

import (
	"runtime"

	"github.com/a-h/templ"
)

// goexit is a view whose handler ends its goroutine, as t.FailNow does.
type goexit struct{}

func (goexit) Events() Events {
	return Events{"exit": Do(func(*Socket) error { runtime.Goexit(); return nil })}
}
func (goexit) Render() templ.Component { return new(counter).Render() }
