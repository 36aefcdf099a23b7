// Package system is a page that shows what runs in the server: its supervision
// tree as it changes, the other servers, topics, people, memory. A button crashes
// a worker, which is then seen to come back.
//
// Such a page is not for everybody. See [Operators].
package system

import (
	"strconv"
	"time"

	"github.com/a-h/templ"

	"bennu"
	"bennu/examples/showcase/web/pace"
	"bennu/live"
	"bennu/pubsub"
	"bennu/supervisor"
)

// refresh is how often the figures are looked at without a change of the tree;
// a change is shown at once, but no more often than calm.
const (
	refresh = time.Second
	calm    = 100 * time.Millisecond
)

// System is what all pages of an App share.
type System struct {
	app     *bennu.App
	fisher  *Fisher
	gauges  *Gauges
	changes pubsub.Topic[changed]
}

// changed says that something is different in the tree. It stays on its server.
type changed struct{}

// New gives the App a worker that can be crashed, and watches its tree.
func New(app *bennu.App) *System {
	sys := &System{
		app: app, fisher: NewFisher(refresh), gauges: NewGauges(app, refresh/2),
		changes: pubsub.NewTopic[changed](app.PubSub(), "system:tree"),
	}
	app.Supervise(sys.fisher.Worker())
	app.WatchTree(func() { _ = sys.changes.BroadcastLocal(changed{}) }) // the name is good, and nobody is waited for
	return sys
}

// Page is one operator's view.
type Page struct {
	sys *System

	Reading
	Rows   []Row
	Fisher supervisor.Status
	Known  bool // the fisher is in the tree
}

// Page makes the view.
func (sys *System) Page() *Page { return &Page{sys: sys} }

// Mount looks, so that the first answer has it all.
func (p *Page) Mount(s *live.Socket, _ live.Params) error { return p.look(s) }

// Connect looks again and again. A tree that changes a thousand times is drawn
// ten times a second.
func (p *Page) Connect(s *live.Socket) error {
	now := pace.New(calm, p.look)
	live.SubscribeLatest(s, p.sys.changes, func(changed) changed { return changed{} },
		func(s *live.Socket, _ changed) error { return now.Ask(s) })
	live.Every(s, refresh, p.look)
	return p.look(s)
}

func (p *Page) look(*live.Socket) error {
	tree := p.sys.app.Tree()
	p.Rows, p.Reading = rows(tree), p.sys.gauges.Read()
	p.At = time.Now() // of the tree
	p.Fisher, p.Known = find(tree, "workers", "fisher")
	return nil
}

// Events are the button's.
func (p *Page) Events() live.Events {
	return live.Events{"crash": live.Do(p.crash)}
}

func (p *Page) crash(s *live.Socket) error {
	if !p.sys.fisher.Crash() {
		s.PutFlash(live.Error, "It is down already, and will be back in a moment.")
	}
	return nil
}

// Render draws what was seen.
func (p *Page) Render() templ.Component { return page(p) }

// mega is bytes for people.
func mega(bytes uint64) string {
	const mib = 1 << 20
	return strconv.FormatFloat(float64(bytes)/mib, 'f', 1, 64) + " MiB"
}
