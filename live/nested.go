package live

import (
	"context"
	"encoding/json"
	"fmt"
	"html"
	"io"
	"log/slog"
	"maps"
	"reflect"
	"slices"

	"github.com/a-h/templ"

	"bennu/internal/nearest"
	"bennu/render"
)

// Nested puts a view of its own into the template of another: it has its own
// process, joins by itself, and when it crashes the page around it goes on. Name
// is what the App has registered it by ([bennu.App.Nested]); id is that of its
// element, one on the page. Given is what it is told, as JSON, and reads by
// [Socket.Given]; it is signed, not secret, and fixed when the element first
// appears. The view ends with its parent.
//
// A nested view has no address: its HandleParams does not run. On a page that is
// no view, and in a root layout, it is an island: it joins by itself and ends
// with the page.
func Nested(name, id string, given any) templ.Component {
	return &nestedCall{name: name, id: id, given: given}
}

// Sticky is Nested for a view that lives on when the user navigates to another
// page whose template has it too, with the same id: a player, a chat. It has no
// parent and ends when the user comes to a page without it, or leaves. It stands
// in a live layout or in every page of its live session. Outside of views it is
// no other than Nested: a root layout stays while the user navigates.
func Sticky(name, id string, given any) templ.Component {
	return &nestedCall{name: name, id: id, given: given, sticky: true}
}

// Child is what the token of a nested view says.
type Child struct {
	ID    string          `json:"i"`
	Owner string          `json:"o"`           // mark of the browser's session
	Name  string          `json:"n"`           // as registered
	Given json.RawMessage `json:"g,omitempty"` // for the view
	// Boot and Parent name the process of the parent; both are empty for a
	// sticky view.
	Boot   string `json:"b,omitempty"`
	Parent uint64 `json:"p,omitempty"`
}

// NestedView is how views are made that stand in others under one name.
type NestedView struct {
	New       func() View
	Container Container // complete
	// OnMount run before the view's Mount, in order; LogLevel is that of a Spec.
	OnMount  []MountHook
	LogLevel slog.Level
}

// ChildTokens makes the tokens of nested views. The App implements it.
type ChildTokens interface {
	// SignChild makes the token by which a nested view joins. The signer knows
	// whose session it is for and sets Owner.
	SignChild(Child, *Session) string
	// SignStatic makes the token of its dead render.
	SignStatic(id string) string
}

// nestedCall is a nested view in a template.
type nestedCall struct {
	name, id string
	given    any
	sticky   bool
}

// Render writes the view as HTML, as in a dead render.
func (c *nestedCall) Render(ctx context.Context, out io.Writer) error {
	return render.Func(c.RenderTo).Render(ctx, out)
}

// RenderTo writes the element of the view; what is in it the view says itself.
func (c *nestedCall) RenderTo(w *render.Writer, slot int) error {
	host, _ := w.Ctx().Value(hostKey{}).(*components)
	if host == nil || host.of == nil {
		return fmt.Errorf("live: nested view %q with the id %q%s stands in no view; it is drawn by the Render of one, or in a page that App.Page answers with", c.name, c.id, place())
	}
	element, err := host.of.nested(w.Ctx(), c, host.pass)
	if err != nil {
		return fmt.Errorf("live: nested view %q with the id %q%s: %w", c.name, c.id, place(), err)
	}
	if slot < 0 && !w.IsHTML() {
		w.Nest(-1, aloneTemplate)
		w.Raw(0, element)
		w.End()
		return nil
	}
	w.Markup(slot, element)
	return nil
}

// nested is the element of a nested view. It is made once and then kept, so
// that the parent's later renders send nothing of it. Pass is the one in which
// the template shows it.
func (v *instance) nested(ctx context.Context, c *nestedCall, pass uint64) (string, error) {
	as, known := v.rt.Nested[c.name]
	switch {
	case !known:
		return "", unknownNested(c.name, v.rt.Nested)
	case c.id == "":
		return "", fmt.Errorf("it has no id; its element needs one that is the same for as long as it is on the page")
	case v.rt.Children == nil:
		return "", fmt.Errorf("the Runtime has no ChildTokens")
	}
	e := v.more()
	if known, ok := e.nested[c.id]; ok {
		switch {
		case known.name != c.name || known.sticky != c.sticky:
			return "", fmt.Errorf("the page has %q with that id already; give each nested view an id of its own", known.name)
		case known.pass == pass:
			return "", fmt.Errorf("it stands twice on the page; give each nested view an id of its own")
		}
		known.pass = pass
		e.nested[c.id] = known
		return known.element, nil
	}
	if v.proc != nil {
		v.proc.forgetLeft()
	}
	given, err := json.Marshal(c.given)
	if err != nil {
		return "", fmt.Errorf("what it is given has to be JSON: %w; give it plain data, such as an id", err)
	}
	child := Child{ID: c.id, Name: c.name, Given: given}
	session, static, inner := "", "", ""
	if v.proc == nil {
		if inner, err = v.nestedHTML(ctx, as, child); err != nil {
			return "", err
		}
		static = v.rt.Children.SignStatic(c.id)
	}
	island := v.spec.View == nil // the client would move a sticky one into the page's view
	attribute := ` data-phx-sticky`
	switch {
	case island:
		attribute = ""
	case !c.sticky:
		attribute = ` data-phx-parent-id="` + html.EscapeString(v.spec.ID) + `"`
		if v.proc != nil {
			child.Boot, child.Parent = v.rt.boot(), v.process
			v.rt.parents.Store(v.process, v.proc)
		}
	}
	if v.proc != nil || c.sticky || island {
		session = v.rt.Children.SignChild(child, v.spec.Session)
	}
	element := as.Container.Open() + html.EscapeString(c.id) + `" data-phx-session="` + session + `" data-phx-static="` + static + `"` + attribute + `>` + inner + as.Container.Close()
	if e.nested == nil {
		e.nested = map[string]nestedElement{}
	}
	e.nested[c.id] = nestedElement{c.name, c.sticky, element, pass}
	return element, nil
}

// nestedElement is what the parent remembers of a nested view.
type nestedElement struct {
	name    string
	sticky  bool
	element string
	pass    uint64 // the last in which it stood on the page
}

// deepestNested is how far views may stand in each other.
const deepestNested = 20

// nestedHTML is the dead render of a nested view.
func (v *instance) nestedHTML(ctx context.Context, as NestedView, c Child) (string, error) {
	if v.depth >= deepestNested {
		return "", fmt.Errorf("it stands more than %d views deep; does it contain itself without end?", deepestNested)
	}
	view := as.New()
	child := &instance{rt: v.rt, reqCtx: v.reqCtx, outer: v, depth: v.depth + 1, process: v.rt.processes.Add(1), spec: Spec{
		ID: c.ID, View: view, Name: TypeName(view), Given: c.Given, Nested: true, Session: v.spec.Session, Info: v.spec.Info,
		OnMount: as.OnMount, LogLevel: as.LogLevel,
	}}
	a, err := child.mount()
	if err != nil {
		return "", err
	}
	if a != nil && a.move != nil {
		child.take(a)
		return "", child.gone(a.move) // the whole page goes there
	}
	drawn, done, err := child.draw()
	defer done()
	if err != nil {
		return "", err
	}
	text, err := child.appendHTML(ctx, nil, drawn)
	return string(text), err
}

func unknownNested(name string, known map[string]NestedView) error {
	names := slices.Sorted(maps.Keys(known))
	hint := "register it by App.Nested"
	if near := nearest.Name(name, names); near != "" {
		hint = fmt.Sprintf("did you mean %q?", near)
	}
	return fmt.Errorf("no nested view has this name; %s", hint)
}

// Given decodes what the parent gave to this nested view; nothing for others.
func (s *Socket) Given(into any) error {
	if to := reflect.ValueOf(into); to.Kind() != reflect.Pointer || to.IsNil() {
		return fmt.Errorf("live: Given wants a pointer to fill, as in s.Given(&v.ID), got %T", into)
	}
	v := s.open()
	if v == nil || len(v.spec.Given) == 0 {
		return nil
	}
	if err := json.Unmarshal(v.spec.Given, into); err != nil {
		return fmt.Errorf("live: Given of %s: %w", v.spec.Name, err)
	}
	return nil
}

// Parent is the address of the view that this one is nested in; the zero Ref if
// there is none or it is sticky.
func (s *Socket) Parent() Ref {
	if v := s.open(); v != nil {
		return Ref{v.spec.Parent}
	}
	return Ref{}
}

// Child is the address of a nested view by its id; the zero Ref while it has not
// joined. A sticky view is no one's child.
func (s *Socket) Child(id string) Ref {
	if v := s.open(); v != nil && v.proc != nil {
		v.proc.mu.Lock()
		defer v.proc.mu.Unlock()
		return Ref{v.proc.child(id)}
	}
	return Ref{}
}
