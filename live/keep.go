package live

import (
	"maps"
	"sync"
	"time"
)

// Connector is a [View] that does the work of its Mount once for a page: the
// state of the dead render is kept, and taken over when the page's socket joins.
//
// Connect runs when the view is connected and its state is there: taken over,
// and then neither Mount nor HandleParams runs again, or set by those two,
// where nothing was kept. What needs a living view belongs into it
// and not into Mount: subscriptions, timers, handlers of messages, background
// work, events for the page's script. Mount hooks run for both, since they
// decide who may come in; values that were kept under a [Key] come along, but
// for those that these hooks have set meanwhile, and live components mount anew.
//
// State is kept for 15 seconds, in this process, for the view of the page's own
// address and for the same session, unchanged; [Runtime.Keep] bounds it. A
// crash and a lost connection start with Mount, like every page.
type Connector interface {
	Connect(*Socket) error
}

// keepFor is how long a page's first state waits for its socket.
const keepFor = 15 * time.Second

// kept is the state of a dead render.
type kept struct {
	id      string
	view    View
	values  map[any]any
	session string
	url     string
	until   time.Time
}

// keeper has the states that wait. They all wait equally long, so that the
// oldest is the first that is given up, and one timer does for all.
type keeper struct {
	mu    sync.Mutex
	byID  map[string]*kept
	order []*kept // the oldest first; those that were taken are in it still
	timer *time.Timer
}

// keep keeps the state of a dead render whose view wants it.
func (r *Runtime) keep(v *instance) {
	if _, ok := v.spec.View.(Connector); !ok || v.spec.Nested || v.spec.Info == nil {
		return
	}
	k := &kept{id: v.spec.ID, view: v.spec.View, session: v.spec.Session.Encoded(), url: v.spec.Info.URL, until: time.Now().Add(keepFor)}
	if v.extras != nil {
		k.values = v.extras.values.of
	}
	r.keeper.put(k, r.mostKept())
}

// takeOver gives a view that connects the state of its page's dead render.
// False: there is none, or it is of another session or address.
func (p *Process) takeOver() bool {
	if _, ok := p.spec.View.(Connector); !ok || p.spec.Nested || p.spec.Navigated {
		return false
	}
	k := p.rt.keeper.take(p.spec.ID)
	if k == nil || TypeName(k.view) != p.spec.Name || k.session != p.spec.Session.Encoded() || k.url != p.spec.URL {
		return false
	}
	p.spec.View = k.view
	if k.values != nil {
		values := &p.more().values
		values.mu.Lock()
		defer values.mu.Unlock()
		// What the mount hooks have found out just now is newer: the user's roles, say.
		maps.Copy(k.values, values.of)
		values.of = k.values
	}
	return true
}

func (r *Runtime) mostKept() int {
	if r.Keep > 0 {
		return r.Keep
	}
	return 1000
}

func (k *keeper) put(state *kept, most int) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.byID == nil {
		k.byID = make(map[string]*kept)
	}
	for len(k.order) >= most {
		k.forgetOldest()
	}
	k.byID[state.id] = state
	k.order = append(k.order, state)
	if k.timer == nil {
		k.timer = time.AfterFunc(keepFor, k.sweep)
	}
}

// take is the state of that view, which from then on is the caller's.
func (k *keeper) take(id string) *kept {
	k.mu.Lock()
	defer k.mu.Unlock()
	state := k.byID[id]
	if state == nil {
		return nil
	}
	delete(k.byID, id)
	taken := *state
	*state = kept{until: state.until} // what waits in the order is only its time
	if !time.Now().Before(taken.until) {
		return nil
	}
	return &taken
}

// sweep gives up what nobody has come for.
func (k *keeper) sweep() {
	k.mu.Lock()
	defer k.mu.Unlock()
	now := time.Now()
	for len(k.order) > 0 && !now.Before(k.order[0].until) {
		k.forgetOldest()
	}
	if len(k.order) == 0 {
		k.timer, k.order = nil, nil
		return
	}
	k.timer.Reset(k.order[0].until.Sub(now))
}

// drop gives up all: no socket comes any more.
func (k *keeper) drop() {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.timer != nil {
		k.timer.Stop()
	}
	k.byID, k.order, k.timer = nil, nil, nil
}

func (k *keeper) forgetOldest() {
	oldest := k.order[0]
	k.order[0] = nil
	k.order = k.order[1:]
	if k.byID[oldest.id] == oldest {
		delete(k.byID, oldest.id)
	}
}
