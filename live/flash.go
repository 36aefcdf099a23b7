package live

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"slices"

	"bennu/internal/wire"
)

// The kinds of flash messages that layouts usually show; any other name will do.
const (
	Info  = "info"
	Error = "error"
)

// flashChange is one step: a message that is put, or one that is cleared.
// The kind "" with clear set means all of them.
type flashChange struct {
	kind, text string
	clear      bool
}

// PutFlash keeps a message to be shown on this page, or on the next one when
// the same callback sends the browser elsewhere by [Socket.Navigate],
// [Socket.Patch] or [Socket.Redirect]. Of two messages of one kind the later
// one counts. The next live navigation clears it, as does the user by an
// element with phx-click="lv:clear-flash".
//
// A live component has messages of its own, which its template shows by [Flash]
// and which stay until they are cleared, by an element that names the component
// as its phx-target say. Only where it sends the browser elsewhere the view and
// its layout show them.
func (s *Socket) PutFlash(kind, text string) {
	a := s.ask()
	if kind == "" {
		a.fail(errors.New("live: PutFlash without a kind, by which the layout asks for it; live.Info and live.Error are two"))
		return
	}
	a.flash = append(a.flash, flashChange{kind: kind, text: text})
}

// ClearFlash forgets the messages of these kinds, without any kind all of them;
// in a live component those of the component.
func (s *Socket) ClearFlash(kinds ...string) {
	a := s.ask()
	if len(kinds) == 0 {
		a.flash = append(a.flash, flashChange{clear: true})
	}
	for _, kind := range kinds {
		a.flash = append(a.flash, flashChange{kind: kind, clear: true})
	}
}

// Flash is the message of a kind that the page shows, "" for none, what this
// callback has put or cleared included; in a live component it is the
// component's. Layouts ask for it.
func (s *Socket) Flash(kind string) string {
	v := s.open()
	if s.asks != nil {
		for i := len(s.asks.flash) - 1; i >= 0; i-- {
			switch c := s.asks.flash[i]; {
			case c.kind == kind && !c.clear:
				return c.text
			case c.clear && (c.kind == kind || c.kind == ""):
				return ""
			}
		}
	}
	if s.component != nil {
		return s.component.flash[kind]
	}
	return v.flash(kind)
}

// Flash is the message of a kind in a template whose context ctx is: that of the
// live component whose template it is, else that of the view. It is "" for none.
// In a [Memo] it is what it was when the memo's key last changed.
func Flash(ctx context.Context, kind string) string {
	if c, ok := ctx.Value(componentKey{}).(*component); ok {
		return c.flash[kind]
	}
	v, _ := ctx.Value(viewKey{}).(*instance)
	return v.flash(kind)
}

// flash is the view's message of a kind.
func (v *instance) flash(kind string) string {
	if v == nil || v.extras == nil {
		return ""
	}
	return v.extras.flash[kind]
}

// takeFlash does what a callback wants with messages. Those of a live component
// go to the view too where the component sends the browser elsewhere.
func (v *instance) takeFlash(a *asks) {
	steps := a.flash
	if a.of != nil {
		change(&a.of.flash, steps)
		if a.move == nil {
			return
		}
		steps = slices.DeleteFunc(steps, func(c flashChange) bool { return c.clear || a.of.flash[c.kind] != c.text })
	}
	e := v.more()
	change(&e.flash, steps)
	change(&e.put, steps)
}

// change does the steps on a set of messages.
func change(flash *map[string]string, steps []flashChange) {
	for _, c := range steps {
		switch {
		case c.clear && c.kind == "":
			*flash = nil
		case c.clear:
			delete(*flash, c.kind)
		default:
			if *flash == nil {
				*flash = make(map[string]string)
			}
			(*flash)[c.kind] = c.text
		}
	}
}

// setFlash is the flash that the view begins with.
func (v *instance) setFlash(flash map[string]string) {
	if len(flash) > 0 {
		v.more().flash = maps.Clone(flash)
	}
}

// clearFlash forgets all messages.
func (v *instance) clearFlash() {
	if v.extras != nil {
		v.extras.flash = nil
	}
}

// clearFlashEvent is the framework's own event lv:clear-flash for the view or
// for the component c; a key names one kind.
func (p *Process) clearFlashEvent(c *component, in payload) {
	flash := new(map[string]string)
	switch {
	case c != nil:
		p.extras.components.mark(c)
		flash = &c.flash
	case p.extras != nil:
		flash = &p.extras.flash
	}
	var named struct {
		Key *string `json:"key"`
	}
	if !in.form && json.Unmarshal(in.json, &named) == nil && named.Key != nil {
		delete(*flash, *named.Key)
		return
	}
	*flash = nil
}

// appendFlash appends a member "flash" with the token of what a move takes
// along, or nothing.
func (v *instance) appendFlash(dst []byte, flash map[string]string) []byte {
	if len(flash) == 0 || v.rt.SignFlash == nil {
		return dst
	}
	return wire.AppendString(append(dst, `,"flash":`...), v.rt.SignFlash(v.spec.Session, flash))
}
