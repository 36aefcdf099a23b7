// Package method has methods that are almost those of views.
package method

import (
	"github.com/a-h/templ"

	"bennu"
	"bennu/live"
)

type Misspelt struct{}

func (m *Misspelt) Mout(*live.Socket, live.Params) error       { return nil }
func (m *Misspelt) Evnets() live.Events                        { return nil }
func (m *Misspelt) Terminated(*live.Socket, live.Reason)       {}
func (m *Misspelt) Render() templ.Component                    { return nil }
func (m *Misspelt) Count() int                                 { return 0 }
func (m *Misspelt) Header() templ.Component                    { return nil }
func (m *Misspelt) Amount(*live.Socket, live.Params) error     { return m.used(nil, live.Params{}) }
func (m *Misspelt) used(*live.Socket, live.Params) error       { return nil }
func (m *Misspelt) unused(*live.Socket, struct{ A int }) error { return nil }

type Foreign struct{}

func (f *Foreign) Init(*live.Socket, live.Params) error           { return nil }
func (f *Foreign) HandleEvent(name string, params map[string]any) {}
func (f *Foreign) OnParams(*live.Socket, live.Params) error       { return nil }
func (f *Foreign) Close()                                         {}
func (f *Foreign) Render() templ.Component                        { return nil }

type Wrong struct{}

func (w *Wrong) Mount(*live.Socket) error                  { return nil }
func (w *Wrong) Events() map[string]live.Handler           { return nil }
func (w *Wrong) Terminate(*live.Socket, live.Reason) error { return nil }
func (w *Wrong) Render() templ.Component                   { return nil }

func (w *Wrong) HandleParams(live.Params) error { return nil }

type Promoted struct{ Wrong }

type Lower struct{}

func (l *Lower) mount(*live.Socket, live.Params) error { return nil }
func (l *Lower) Render() templ.Component               { return nil }

type Value struct{}

func (v *Value) Mount(*live.Socket, live.Params) error { return nil }
func (v Value) Render() templ.Component                { return nil }

type Right struct{}

func (r *Right) Mount(*live.Socket, live.Params) error   { return r.Mounted(nil, live.Params{}) }
func (r *Right) Mounted(*live.Socket, live.Params) error { return nil }
func (r *Right) Mount2(*live.Socket, live.Params) error  { return nil }
func (r *Right) Events() live.Events                     { return nil }
func (r *Right) Event() live.Events                      { return nil }
func (r *Right) Render() templ.Component                 { return nil }

func register(app *bennu.App) {
	app.Live("/wrong", func() live.View { return new(Wrong) })
	app.Live("/value", func() live.View { return Value{} })
	app.Live("/lower", func() live.View { return new(Lower) })
	app.Live("/misspelt", func() live.View { return new(Misspelt) })
	app.Live("/foreign", func() live.View { return new(Foreign) })
}
