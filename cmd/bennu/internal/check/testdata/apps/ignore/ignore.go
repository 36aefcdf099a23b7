// Package ignore has findings that a comment answers for.
package ignore

import (
	"github.com/a-h/templ"

	"bennu/live"
)

type Page struct {
	socket *live.Socket // bennu:ignore socket the test of kept sockets needs it
}

func (p *Page) Mount(s *live.Socket, _ live.Params) error {
	// bennu:ignore goroutine,socket waited for in Terminate
	go p.say(s)
	//bennu:ignore goroutine without the other check
	go p.say(s)
	return nil
}

func (p *Page) say(*live.Socket) {}

// A comment may speak of one:
//
//	// bennu:ignore event the script pushes it
const example = "// bennu:ignore event text"

// bennu:ignore event the script pushes it
func (p *Page) Events() live.Events { return nil }

func (p *Page) Render() templ.Component { return page() }
