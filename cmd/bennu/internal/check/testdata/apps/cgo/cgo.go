// Package cgo has a view beside C.
package cgo

// static int one(void) { return 1; }
import "C"

import (
	"github.com/a-h/templ"

	"bennu/live"
)

type Page struct{ One int }

func (p *Page) Mount(*live.Socket, live.Params) error { p.One = int(C.one()); return nil }

func (p *Page) Render() templ.Component { return page() }
