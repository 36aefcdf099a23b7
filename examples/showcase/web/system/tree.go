package system

import (
	"time"

	"bennu/supervisor"
)

// Row is a part of the App, as a line of its drawing.
type Row struct {
	Branch string // what leads to it in the drawing
	Path   string // its names from the root on
	supervisor.Status
}

// rows are a tree's, from top to bottom.
func rows(t supervisor.Status) []Row { return branch(nil, t, "", "", "") }

func branch(all []Row, t supervisor.Status, path, first, rest string) []Row {
	path += t.Name
	all = append(all, Row{first, path, t})
	for i, c := range t.Children {
		if i == len(t.Children)-1 {
			all = branch(all, c, path+"-", rest+"└─ ", rest+"   ")
		} else {
			all = branch(all, c, path+"-", rest+"├─ ", rest+"│  ")
		}
	}
	return all
}

// find is the part with those names, one below the other.
func find(t supervisor.Status, names ...string) (supervisor.Status, bool) {
	for _, name := range names {
		found := false
		for _, c := range t.Children {
			if c.Name == name {
				t, found = c, true
				break
			}
		}
		if !found {
			return t, false
		}
	}
	return t, true
}

// look is how a state is shown: what is well, what mends itself, what does not.
func look(s supervisor.State) string {
	switch s {
	case supervisor.Running:
		return "good"
	case supervisor.Failed, supervisor.Stuck:
		return "bad"
	case supervisor.BackingOff, supervisor.Starting, supervisor.Stopping:
		return "busy"
	}
	return "idle"
}

// ago is a time as people say it.
func ago(now, then time.Time) string {
	if then.IsZero() {
		return ""
	}
	d := max(0, now.Sub(then)).Truncate(time.Second)
	if d == 0 {
		return "now"
	}
	return d.String()
}
