package supervisor

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"bennu/internal/logs"
)

// Status is what a supervisor or one of its children was at when it was asked:
// values, which may be kept.
type Status struct {
	Name  string
	State State
	// Since is when the state began.
	Since time.Time
	// Restarts is how often it was started again.
	Restarts int
	// Err is what it last failed with, in words, "" if it has not; ErrAt is when
	// that was.
	Err   string
	ErrAt time.Time
	// Detail is what the child says of itself.
	Detail string
	// Strategy is that of a supervisor, "" for other children.
	Strategy string
	// Children are those of a supervisor, in their order.
	Children []Status
}

// State is what a child is at.
type State uint8

const (
	// Waiting: its turn to start has not come.
	Waiting State = iota
	// Starting: its Start has not returned.
	Starting
	// Running: it has started.
	Running
	// BackingOff: it has failed, and waits for its restart.
	BackingOff
	// Stopping: its context has ended, and it has not returned.
	Stopping
	// Stuck: nor has it in the time that it has for it.
	Stuck
	// Stopped: it has ended for good, in good order.
	Stopped
	// Failed: it has ended for good, with an error.
	Failed
)

// String is the state in words.
func (s State) String() string {
	return name(int(s), "waiting", "starting", "running", "backing off", "stopping", "stuck", "stopped", "failed")
}

// Tree is the supervisor with all below it.
func (s *Supervisor) Tree() Status {
	s.mu.Lock()
	t := Status{Name: s.opts.Name, Strategy: s.opts.Strategy.String(), State: s.state()}
	procs := s.inOrder()
	children := make([]Child, len(procs))
	t.Children = make([]Status, len(procs))
	for i, p := range procs {
		children[i], t.Children[i] = p.child, p.status()
		if t.Since.IsZero() || p.born.Before(t.Since) {
			t.Since = p.born
		}
	}
	if s.life != nil && s.life.plan.why != nil {
		t.Err = logs.Cut(text(s.life.plan.why), maxError)
	}
	if s.life == nil {
		t.Children = make([]Status, len(s.children))
		for i, c := range s.children {
			t.Children[i] = Status{Name: c.Name}
		}
		children = slices.Clone(s.children)
	}
	s.mu.Unlock()
	for i, c := range children { // whose functions may ask the supervisor
		t.Children[i].Detail = detail(c.Detail)
		if c.nested != nil {
			below := c.nested.Tree()
			t.Children[i].Strategy, t.Children[i].Children = below.Strategy, below.Children
		}
	}
	return t
}

// state is the supervisor's own. The caller holds mu.
func (s *Supervisor) state() State {
	switch l := s.life; {
	case l == nil:
		return Waiting
	case l.plan.finished && l.plan.why != nil:
		return Failed
	case l.plan.finished:
		return Stopped
	case l.plan.ending:
		return Stopping
	case !l.plan.booted:
		return Starting
	}
	return Running
}

// status is a child's, but for what is below it. The caller holds mu.
func (p *proc) status() Status {
	t := Status{Name: p.child.Name, Since: p.since, Restarts: max(0, p.runs-1), Err: p.err, ErrAt: p.errAt}
	switch p.member.phase {
	case down:
		if p.member.armed {
			t.State = BackingOff
		}
	case starting:
		t.State = Starting
	case up:
		t.State = Running
	case stopping:
		t.State = Stopping
	case stuck:
		t.State = Stuck
	case ended:
		t.State = Stopped
		if p.failed {
			t.State = Failed
		}
	}
	return t
}

// detail is what a child says of itself, whatever it does.
func detail(f func() string) (text string) {
	if f == nil {
		return ""
	}
	defer func() {
		if v := recover(); v != nil {
			text = logs.Cut(fmt.Sprintf("its Detail panics: %v", v), logs.MaxValue)
		}
	}()
	return logs.Cut(f(), logs.MaxValue)
}

// String is the tree as people read it, a line for each child:
//
//	shop              running                     one for one
//	├─ store          running      12m
//	└─ workers        running      12m            one for one
//	   ├─ prices      running       3s  2 restarts  last error: timeout
//	   └─ mail        stopped      12m
func (t Status) String() string { return t.Text(time.Now()) }

// Text is String at a given time.
func (t Status) Text(now time.Time) string {
	var rows []row
	rows = t.rows(rows, "", "", now)
	width := 0
	for _, r := range rows {
		width = max(width, utf8.RuneCountInString(r.name))
	}
	var b strings.Builder
	for _, r := range rows {
		b.WriteString(r.name)
		b.WriteString(strings.Repeat(" ", width-utf8.RuneCountInString(r.name)))
		b.WriteString(strings.TrimRight(fmt.Sprintf("  %-11s  %8s  %s", r.state, r.age, strings.Join(r.notes, ", ")), " "))
		b.WriteByte('\n')
	}
	return b.String()
}

type row struct {
	name, state, age string
	notes            []string
}

func (t Status) rows(rows []row, first, rest string, now time.Time) []row {
	r := row{name: first + t.Name, state: t.State.String()}
	if !t.Since.IsZero() {
		r.age = age(now.Sub(t.Since))
	}
	if t.Strategy != "" {
		r.notes = append(r.notes, t.Strategy)
	}
	if t.Detail != "" {
		r.notes = append(r.notes, line(t.Detail))
	}
	switch t.Restarts {
	case 0:
	case 1:
		r.notes = append(r.notes, "1 restart")
	default:
		r.notes = append(r.notes, fmt.Sprintf("%d restarts", t.Restarts))
	}
	if t.Err != "" {
		r.notes = append(r.notes, "last error: "+line(t.Err))
	}
	rows = append(rows, r)
	for i, c := range t.Children {
		if i == len(t.Children)-1 {
			rows = c.rows(rows, rest+"└─ ", rest+"   ", now)
		} else {
			rows = c.rows(rows, rest+"├─ ", rest+"│  ", now)
		}
	}
	return rows
}

// line is a text in one line.
func line(text string) string { return strings.Join(strings.Fields(text), " ") }

// age is a duration as people say it.
func age(d time.Duration) string {
	switch {
	case d < time.Second:
		return "now"
	case d < time.Minute:
		return fmt.Sprintf("%ds", d/time.Second)
	case d < time.Hour:
		return fmt.Sprintf("%dm%02ds", d/time.Minute, d%time.Minute/time.Second)
	case d < 48*time.Hour:
		return fmt.Sprintf("%dh%02dm", d/time.Hour, d%time.Hour/time.Minute)
	}
	return fmt.Sprintf("%dd", d/(24*time.Hour))
}
