package main

import (
	"net/http"
	"strconv"
)

// The page, in parts: what the client looks for, amid as much markup as a website
// has around a counter. The id stands behind pageHead, as the CSRF token, and
// behind pageBody; the view's tokens and the view follow it.
const (
	pageHead = `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">` +
		`<meta name="color-scheme" content="light dark"><meta name="live-path" content="/live"><title>Counter · Floor</title>` +
		`<link rel="icon" href="/static/favicon.svg" type="image/svg+xml"><link rel="stylesheet" href="/assets/app-00000000.css" phx-track-static>` +
		`<script defer src="/assets/app-00000000.js" phx-track-static></script><meta name="csrf-token" content="`
	pageBody = `"></head><body><a class="skip" href="#main">Skip to the page</a><header class="bar"><nav aria-label="Pages">` +
		`<a class="mark display" href="/">Floor</a><a href="/counter" aria-current="page">Counter</a><a href="/table">Table</a>` +
		`<a href="/inspect">Inspect</a></nav></header><main id="main"><div data-phx-main id="`
	pageEnd = `</div></main><p class="lost" role="status">The connection is lost. Trying again&hellip;</p>` +
		`<footer class="foot">Served by next to nothing. One cookie and no session, no web fonts, nothing from other hosts, and nothing that anybody would miss.</footer></body></html>`
)

// The tree of the view, cut where its two values stand: the class list and the
// number.
const (
	viewBefore = `<section class="mx-auto max-w-2xl px-5 py-14 text-center sm:py-20"><h1 class="display text-4xl sm:text-5xl">Counter</h1>` +
		`<p class="mx-auto mt-4 max-w-md text-muted">The number lives on the server, beside the buffer of its connection. Up it goes, by one, whatever is pressed.</p>` +
		`<div class="slab mt-10 py-12 sm:py-16"><div class="flex items-center justify-center [zoom:1.75] sm:[zoom:2.5]">` +
		`<button class="key bg-gray-300" phx-click="decrease" phx-value-number="1" aria-label="decrease by 1">−</button> <output id="count" class="`
	viewBetween = `">`
	viewAfter   = `</output> <button class="key bg-gray-300" phx-click="increase" phx-value-number="2" aria-label="increase by 2">+</button></div></div>` +
		`<div class="mt-10"><button class="btn btn-outline btn-error" phx-click="crash">crash</button>` +
		`<p class="mx-auto mt-4 max-w-md text-sm text-muted">This one does what the others do. Nothing here can fail but the server as a whole, and then every page that is open fails with it, and nobody is told why.</p></div></section>`
	viewClass = `font-bold px-4 text-xl`
)

// page answers with the page.
func page(w http.ResponseWriter, _ *http.Request) {
	id := newID()
	b := make([]byte, 0, 4096)
	b = append(append(append(b, pageHead...), id...), pageBody...)
	b = append(append(append(b, id...), `" data-phx-session="`...), sign(id)...)
	b = append(append(append(b, `" data-phx-static="`...), sign("static"+id)...), `">`...)
	b = append(append(append(b, viewBefore+viewClass+viewBetween...), '0'), viewAfter...)
	b = append(b, pageEnd...)

	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Length", strconv.Itoa(len(b)))
	h.Set("Set-Cookie", "_floor="+sign(id)+"; Path=/; HttpOnly; SameSite=Lax")
	if _, err := w.Write(b); err != nil {
		return // the client has gone
	}
}
