// Package walk has a page that changes at random.
package walk

import (
	"github.com/a-h/templ"

	"bennu/e2e/oracle/world"
	"bennu/live"
)

// Walker is a world that changes at random.
type Walker struct {
	World  *world.World
	Chance *world.Chance
}

// NewWalker returns the walk of a seed, on which no id stands twice.
func NewWalker(seed uint64) *Walker {
	c := world.NewChance(seed)
	c.Unique = true
	return &Walker{World: c.World(), Chance: c}
}

// failEvery is how many steps come to one whose render fails.
const failEvery = 300

// step changes the world. A render that fails does so once; the next draws
// what this one should have.
func (w *Walker) step() {
	w.Chance.Change(w.World)
	w.World.Step++
	if w.World.Step%failEvery == 0 {
		w.World.Light(1+w.Chance.IntN(2), w.Chance.One(2))
	}
}

// View shows the one world of a walker, however often it is mounted. Nobody may
// ask for the page while an event is under way.
type View struct{ Walker *Walker }

// Events is the step to the next state.
func (v *View) Events() live.Events {
	return live.Events{"step": live.Do(func(*live.Socket) error {
		v.Walker.step()
		return nil
	})}
}

// Render draws the state.
func (v *View) Render() templ.Component { return show(v) }
