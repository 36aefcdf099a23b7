package nested

import (
	"strings"
	"time"

	"github.com/a-h/templ"

	"bennu/live"
)

// Nest is a view that stands in another.
type Nest struct {
	Given
	Process uint64
	Eggs    int
	Calls   int
	Seconds int
}

// Given is what the template that a nest stands in tells it.
type Given struct {
	Name   string
	Inside string // the name of a nest in this one, "" for none
}

// ID is the id of the nest's element.
func (g Given) ID() string { return strings.ToLower(g.Name) }

// Report is what a nest tells its parent.
type Report struct {
	Name    string
	Process uint64
	Eggs    int
}

// Call is what parents send down.
type Call struct{}

// Mount reads what was given, reports for the first time, and begins to count
// the seconds. In the dead render there is no parent, and no clock.
func (n *Nest) Mount(s *live.Socket, _ live.Params) error {
	if err := s.Given(&n.Given); err != nil {
		return err
	}
	n.Process = s.Process()
	n.report(s)
	live.OnMessage(s, n.called)
	live.OnMessage(s, n.heard)
	live.Every(s, time.Second, n.tick)
	return nil
}

func (n *Nest) report(s *live.Socket) {
	s.Parent().Send(Report{n.Name, n.Process, n.Eggs})
}

// called hands a call on to the nest inside.
func (n *Nest) called(s *live.Socket, c Call) error {
	n.Calls++
	if n.Inside != "" {
		s.Child(Given{Name: n.Inside}.ID()).Send(c)
	}
	return nil
}

// heard hands on what the nest inside reports.
func (n *Nest) heard(s *live.Socket, r Report) error {
	s.Parent().Send(r)
	return nil
}

func (n *Nest) tick(*live.Socket) error {
	n.Seconds++
	return nil
}

// Events are the buttons of one nest.
func (n *Nest) Events() live.Events {
	return live.Events{
		"lay":   live.Do(n.lay),
		"crash": live.Do(n.crash),
	}
}

func (n *Nest) lay(s *live.Socket) error {
	n.Eggs++
	n.report(s)
	return nil
}

// crash costs this nest its eggs, and those of the nest inside, which ends with
// it. Nobody else notices.
func (n *Nest) crash(*live.Socket) error {
	panic("the crash button of " + n.Name + " was pressed")
}

// Render draws the nest.
func (n *Nest) Render() templ.Component { return nest(n) }
