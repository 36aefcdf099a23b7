package live

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"log/slog"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"bennu/render"
)

// Component puts a live component into a template: a struct with a state, a
// template and events of its own, that lives inside the view of its page and
// changes alone.
//
//	for _, item := range p.Items {
//		@live.Component(item.ID, func(c *Card) { c.Item = item })
//	}
//
// The runtime keeps the *Card of an id, as long as the page has its element, in
// the view that shows it. The function sets what the component is told by its
// parent; it runs at each render of the parent, and may be nil. A type and an
// id together name one component of a view, wherever it stands.
//
// A component is a [View] whose template is one element. It may be a
// [ComponentMounter], an [Updater] or a [ManyUpdater], an [EventHandler] and a
// [Terminator]. Its
// callbacks run like those of the view, one after the other with them. Its
// elements send their events to it by phx-target={ live.Target(ctx) }. To tell
// its parent it calls a function that the parent has set.
func Component[C any, P interface {
	*C
	View
}](id string, set func(P)) templ.Component {
	return &componentCall{
		componentName: componentName{reflect.TypeFor[C](), id},
		make:          func() View { return P(new(C)) },
		many:          updateMany[P],
		set: func(v View) {
			if set != nil {
				set(v.(P))
			}
		},
	}
}

// ComponentMounter is a live component that sets its first state, before its
// parent tells it anything.
type ComponentMounter interface {
	Mount(*Socket) error
}

// Updater is a live component that follows what it is told: Update runs when
// its parent has rendered it, or [SendUpdate] has set something, before it is
// drawn.
type Updater interface {
	Update(*Socket) error
}

// Target is the value of phx-target by which the elements of a live component
// send it their events; ctx is that of its template. In a view it is "", which
// is the view.
func Target(ctx context.Context) string {
	if c, ok := ctx.Value(componentKey{}).(*component); ok {
		return strconv.Itoa(c.cid)
	}
	return ""
}

// SendUpdate changes a live component from anywhere: set runs on the view's own
// goroutine, then its Update, and what changed is sent alone. False says that
// the view has ended or is too far behind. Without a component of this type and
// id it does nothing but say so in the log at level debug.
func SendUpdate[C any, P interface {
	*C
	View
}](r Ref, id string, set func(P)) bool {
	if set == nil {
		panic(fmt.Sprintf("live: SendUpdate wants a function that changes the component, a func(%s), got nil", reflect.TypeFor[P]()))
	}
	return r.p != nil && r.p.post(&componentUpdate{componentName{reflect.TypeFor[C](), id}, func(v View) { set(v.(P)) }})
}

type componentUpdate struct {
	componentName
	set func(View)
}

func (u *componentUpdate) name() string { return "update of component " + u.String() }

func (u *componentUpdate) run(p *Process) (*asks, error) {
	if p.extras == nil || p.extras.components == nil {
		u.logMissed(p)
		return nil, nil
	}
	c := p.extras.components.byName[u.componentName]
	if c == nil {
		u.logMissed(p)
		return nil, nil
	}
	p.extras.components.mark(c)
	u.set(c.view)
	if b := p.extras.components.batches[c.of]; b != nil {
		return p.callbackOf(nil, func(s *Socket) error { return b.update(s, []View{c.view}) })
	}
	up, ok := c.view.(Updater)
	if !ok {
		return nil, nil
	}
	return p.callbackOf(c, up.Update)
}

// logMissed tells, at level debug, of an update of a component that the page does
// not have: it may have gone just now, or never have had that id.
func (u *componentUpdate) logMissed(p *Process) {
	p.rt.log().LogAttrs(p.ctx, slog.LevelDebug, "update of a component that is not on the page",
		append(p.identity(), slog.String("component", u.componentName.String()))...)
}

// componentName is what names a component in its view.
type componentName struct {
	of reflect.Type
	id string
}

func (n componentName) String() string { return fmt.Sprintf("%s %q", n.of, n.id) }

// component is one that a view has.
type component struct {
	componentName
	cid      int
	view     View
	tape     render.State
	children render.Func
	form     *render.Form      // that it stands in
	flash    map[string]string // its own messages, by kind
	ends     endings
	standing
	was standing // where it stood before the message that says so

	mounted bool
	dirty   bool   // it is to be drawn again, though its parent may not be
	doomed  bool   // the client has said that its element is gone
	placed  uint64 // the pass in which a template has shown it
	told    uint64 // the message for which its parent has told it what it has to say
	drawn   uint64 // the message for which it was drawn
	before  uint64 // the one for which it was drawn before that
	sent    uint64 // the message that it was in
}

// standing is where a component stands.
type standing struct {
	around *component // whose template has shown it last; nil: the view's
	held   uint64     // the message for which it did
}

// components are those of a view.
type components struct {
	of     *instance
	last   int // the last cid that was given
	byName map[componentName]*component
	byCID  map[int]*component

	dirty   []*component // drawn again with the next message, though the view may not change
	message uint64       // counts the messages
	drawn   uint64       // the last message with the view's own template
	pass    uint64       // counts the renders: there are more of them for a message with a ManyUpdater
	depth   int
	form    string // the event of one that the message answers, "" for none
	diffs   []byte // of the message that is being made: the members of "c"

	batches map[reflect.Type]*batch // of the types that are a ManyUpdater; nil: none
	due     []*batch                // that have components which wait for their update
}

// deepest is how far live components may stand in each other.
const deepestComponent = 100

type (
	hostKey      struct{}
	viewKey      struct{}
	componentKey struct{}
)

// staticContext gives the templates of a dead render the components of their
// view.
type staticContext struct {
	context.Context
	host *components
}

func (c *staticContext) Value(key any) any {
	switch key {
	case hostKey{}:
		return c.host
	case viewKey{}:
		return c.host.of
	}
	return c.Context.Value(key)
}

// renderContext is a Process as the context of its renders, which gives
// templates the view's components; a type of its own costs no memory.
type renderContext Process

func (c *renderContext) Deadline() (time.Time, bool) { return c.ctx.Deadline() }
func (c *renderContext) Done() <-chan struct{}       { return c.ctx.Done() }
func (c *renderContext) Err() error                  { return c.ctx.Err() }

func (c *renderContext) Value(key any) any {
	if key == (viewKey{}) {
		return &c.instance
	}
	if key != (hostKey{}) {
		return c.ctx.Value(key)
	}
	e := c.more()
	if e.components == nil {
		e.components = newComponents(&c.instance)
	}
	return e.components
}

// inComponent is the context of a component's own template.
type inComponent struct {
	context.Context
	of *component
}

func (c *inComponent) Value(key any) any {
	if key == (componentKey{}) {
		return c.of
	}
	return c.Context.Value(key)
}

// componentCall is a live component in a template.
type componentCall struct {
	componentName
	make func() View
	many func(View) func(*Socket, []View) error // its ManyUpdater, nil for none
	set  func(View)
}

// Render writes the component as HTML, as it would be in a dead render.
func (call *componentCall) Render(ctx context.Context, out io.Writer) error {
	return render.Func(call.RenderTo).Render(ctx, out)
}

// RenderTo writes the component where it stands.
func (call *componentCall) RenderTo(w *render.Writer, slot int) error {
	children := w.TakeChildren()
	host, _ := w.Ctx().Value(hostKey{}).(*components)
	if host == nil {
		if !w.IsHTML() {
			return fmt.Errorf("live: component %s%s stands in no view; it is drawn by the Render of one", call.componentName, place())
		}
		host = new(components) // a template drawn alone, as in a test
	}
	if slot < 0 && !w.IsHTML() {
		w.Nest(-1, aloneTemplate)
		if err := call.place(w, 0, host, children); err != nil {
			return err
		}
		w.End()
		return nil
	}
	return call.place(w, slot, host, children)
}

// aloneTemplate is the root of a view that is nothing but a component.
var aloneTemplate = render.New(0xc0_0001, 0, "", "")

func (call *componentCall) place(w *render.Writer, slot int, host *components, children render.Func) error {
	if host.depth >= deepestComponent {
		return fmt.Errorf("live: component %s%s stands more than %d components deep; does it contain itself without end?",
			call.componentName, place(), deepestComponent)
	}
	host.depth++
	defer func() { host.depth-- }()
	c, err := host.find(call)
	if err != nil {
		return err
	}
	if c.placed == host.pass && host.pass != 0 {
		return fmt.Errorf("live: component %s%s stands twice on the page; give each component of a type an id of its own", call.componentName, place())
	}
	c.placed, c.children, c.form = host.pass, children, w.Form(slot)
	if c.held != host.message {
		c.was = c.standing
	}
	c.around, _ = w.Ctx().Value(componentKey{}).(*component)
	c.held = host.message
	if err := host.tell(c, call.set); err == errAgain {
		w.Fail(err)
		w.Empty(slot)
		return nil
	} else if err != nil {
		return err
	}
	if w.IsHTML() {
		outer := w.Ctx()
		view, err := c.render()
		if err != nil {
			return err
		}
		w.SetCtx(&inComponent{outer, c})
		w.WithChildren(children)
		w.BeginPart()
		err = w.Comp(slot, view)
		if misfit := w.EndPart(); misfit != nil && err == nil {
			err = fmt.Errorf("live: component %s%s: %w", c.componentName, place(), misfit)
		}
		w.SetCtx(outer)
		return err
	}
	if c.drawn != host.message {
		if c.doomed || w.Whole() || !w.HasPart(c.cid) && !host.onPage(c) {
			c.doomed = false
			c.tape.Reset()
		}
		if err := host.draw(w.Ctx(), c); errors.Is(err, errAgain) {
			w.Fail(errAgain)
		} else if err != nil {
			return err
		}
	}
	w.Part(slot, c.cid, c.sent == host.message)
	return nil
}

// onPage reports whether the page has the element of a component for certain,
// before this message: the template around it has had a place for it when it was
// last drawn, and so on up to the view. Such a component may get another place
// without being sent again. Of others only the client knows what it has of them:
// it does not draw what comes for a component that has just gone from its page.
func (h *components) onPage(c *component) bool {
	for range deepestComponent {
		p := c.standing
		if p.held == h.message {
			p = c.was
		}
		if p.held == 0 || p.around == nil {
			return p.held != 0 && p.held == h.drawn
		}
		last := p.around.drawn
		if last == h.message {
			last = p.around.before
		}
		if p.held != last {
			return false
		}
		c = p.around
	}
	return false
}

// find is the component of a call, a new one if the view has none.
func (h *components) find(call *componentCall) (*component, error) {
	if c := h.byName[call.componentName]; c != nil {
		return c, nil
	}
	if err := checkComponent(call.of); err != nil {
		return nil, err
	}
	h.last++
	c := &component{componentName: call.componentName, cid: h.last, view: call.make()}
	if h.byName == nil {
		h.byName, h.byCID = make(map[componentName]*component), make(map[int]*component)
	}
	h.byName[c.componentName], h.byCID[c.cid] = c, c
	return c, h.addBatch(call, c)
}

// tell lets the parent set what it has to say, and the component follow. With
// errAgain it has to wait for others of its type.
func (h *components) tell(c *component, set func(View)) error {
	if c.told == h.message && h.message != 0 {
		return nil
	}
	if !c.mounted {
		if m, ok := c.view.(ComponentMounter); ok {
			if err := h.callback(c, "Mount", m.Mount); err != nil {
				return err
			}
		}
		c.mounted = true
	}
	set(c.view)
	c.told = h.message
	if b := h.batches[c.of]; b != nil {
		return h.wait(b, c)
	}
	if u, ok := c.view.(Updater); ok {
		return h.callback(c, "Update", u.Update)
	}
	return nil
}

// callback runs a callback of a component in the middle of a render. What it
// asks for is done, but for leaving the page.
func (h *components) callback(c *component, name string, f func(*Socket) error) error {
	s := &Socket{view: h.of, component: c}
	defer s.end()
	var start time.Time
	if h.observed() {
		start = time.Now()
	}
	err := f(s)
	if h.observed() {
		h.of.observeComponent(c, strings.ToLower(name), start, err)
	}
	if err == nil {
		var a *asks
		a, err = s.wanted()
		switch {
		case a == nil:
		case h.of == nil: // a template drawn alone
			if a.of != nil {
				change(&a.of.flash, a.flash)
			}
		case a.move != nil:
			err = fmt.Errorf("to leave the page for %.100q while it is drawn; do it in an event, or in the view", a.move.to)
		default:
			h.of.take(a)
		}
	}
	if err != nil {
		return fmt.Errorf("live: %s of component %s: %w", name, c.componentName, err)
	}
	return nil
}

// observed reports whether somebody wants to hear of live components.
func (h *components) observed() bool {
	return h.of != nil && h.of.rt != nil && h.of.rt.Observe.Component != nil
}

// draw renders a component and puts what changed into the message.
func (h *components) draw(ctx context.Context, c *component) error {
	view, err := c.render()
	if err != nil {
		return err
	}
	c.dirty = false
	buf := takeBuffer()
	defer giveBuffer(buf)
	var named bool
	buf.b, named, err = c.tape.AppendPart(&inComponent{ctx, c}, buf.b, view, h.form, c.form, c.children)
	if errors.Is(err, errAgain) {
		return err
	}
	if err != nil {
		return fmt.Errorf("live: component %s%s: %w", c.componentName, place(), err)
	}
	c.before, c.drawn = c.drawn, h.message
	if len(buf.b) == 0 && !named {
		return nil
	}
	c.sent = h.message
	if len(h.diffs) > 0 {
		h.diffs = append(h.diffs, ',')
	}
	h.diffs = append(strconv.AppendInt(append(h.diffs, '"'), int64(c.cid), 10), `":{`...)
	h.diffs = append(append(h.diffs, buf.b...), '}')
	return nil
}

// render is the component's template.
func (c *component) render() (templ.Component, error) {
	view := c.view.Render()
	if view == nil {
		return nil, fmt.Errorf("live: Render of component %s returned nil, want a component", c.componentName)
	}
	if err := foreign(view); err != nil {
		return nil, fmt.Errorf("live: Render of component %s%s: %w", c.componentName, place(), err)
	}
	return view, nil
}

// begin starts a message, which answers the event of a form, "" for none.
func (h *components) begin(form string) {
	h.form = form
	h.message++
	h.pass++
	h.depth = 0
	h.diffs = h.diffs[:0]
}

func newComponents(of *instance) *components {
	h := &components{of: of}
	h.begin("")
	return h
}

// mark makes a component be drawn with the next message.
func (h *components) mark(c *component) {
	if !c.dirty {
		c.dirty = true
		h.dirty = append(h.dirty, c)
	}
}

// outer are the components in which c stands, from the inside out.
func (c *component) outer() iter.Seq[*component] {
	return func(yield func(*component) bool) {
		n := 0 // two that have changed places may each have stood in the other
		for o := c.around; o != nil && n < deepestComponent && yield(o); o = o.around {
			n++
		}
	}
}

func (c *component) depth() (n int) {
	for range c.outer() {
		n++
	}
	return n
}

// renderComponents appends what changed in components that were marked, as the
// only member of a diff: so the client draws them alone.
//
// Of those that stand in each other it draws the outer one. An inner one that
// this did not reach, because it is an item of a stream that was sent before or
// stands where nothing else has changed, has to wait for the next message. Form
// is the event of one that is answered.
func (p *Process) renderComponents(dst []byte, form string) (out []byte, err error) {
	if p.extras == nil || p.extras.components == nil || len(p.extras.components.dirty) == 0 {
		return dst, nil
	}
	out = dst
	defer catch(&err)
	h := p.extras.components
	h.begin(form)
	list := h.dirty
	h.dirty = nil
	if len(list) > 1 {
		slices.SortFunc(list, func(a, b *component) int { return cmp.Or(a.depth()-b.depth(), a.cid-b.cid) })
	}
	for _, c := range list {
		switch {
		case !c.dirty || h.byCID[c.cid] != c: // drawn meanwhile inside of another, or gone
		case h.sentAround(c):
			h.dirty = append(h.dirty, c)
		default:
			if err := h.complete(func() error { return h.draw((*renderContext)(p), c) }); err != nil {
				return dst, err
			}
		}
	}
	return h.appendDiffs(dst, true), nil
}

// sentAround reports whether the message has a component in which c stands.
func (h *components) sentAround(c *component) bool {
	for o := range c.outer() {
		if o.sent == h.message {
			return true
		}
	}
	return false
}

// appendDiffs appends the member "c" of a message, if there is anything in it,
// and gives its memory back when it has grown large.
func (h *components) appendDiffs(dst []byte, empty bool) []byte {
	if len(h.diffs) == 0 {
		return dst
	}
	if !empty {
		dst = append(dst, ',')
	}
	dst = append(append(append(dst, `"c":{`...), h.diffs...), '}')
	h.diffs = nil
	return dst
}
