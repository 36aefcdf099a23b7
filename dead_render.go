package bennu

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/a-h/templ"

	"bennu/live"
	"bennu/render"
)

// serveLive answers a page's first request: the view is mounted and drawn once,
// inside the root layout, with the tokens by which its socket will join.
func (a *App) serveLive(w http.ResponseWriter, r *http.Request, rt *liveRoute, path []live.PathValue) error {
	if err := a.reloadStatus(w, r); err != nil {
		return err
	}
	session := Session(r)
	id := scopeOf(r.Context()).pageID()
	spec := live.Spec{
		ID: id, View: rt.new(), Name: rt.name, Route: rt.pattern, Layout: rt.layout, Session: session,
		LiveSession: rt.liveSession, Action: rt.action, OnMount: rt.onMount, LogLevel: rt.logLevel, Flash: takeFlash(r),
		Params: live.NewParams(path, r.URL.RawQuery),
		Info:   a.pageInfo(r),
	}
	a.logProcessing(r, rt, spec.Params)

	ctx := r.Context()
	if nonce := Nonce(ctx); nonce != "" {
		ctx = templ.WithNonce(ctx, nonce)
	}
	inner := newHTMLBuffer()
	CSRFToken(r) // gives a new session the secret that the page's token is bound to
	page, err := a.views.Static(ctx, spec, inner.b[:0], func(dst []byte, flash map[string]string) []byte {
		return a.openContainer(dst, rt, id, ownerOf(session), flash)
	})
	if moved, ok := errors.AsType[*live.MoveError](err); ok {
		return a.moveOn(w, r, moved)
	}
	if err != nil {
		var busy interface{ RetryAfter() time.Duration }
		if errors.As(err, &busy) {
			w.Header().Set("Retry-After", strconv.Itoa(int(busy.RetryAfter().Seconds())))
		}
		return err
	}
	inner.b = append(page.HTML, rt.frame.Container.Close()...)
	err = a.writePage(ctx, w, r, http.StatusOK, cmp.Or(page.Title, rt.frame.Title), spec.Info, rt.root, inner)
	inner.free()
	return err
}

// moveOn answers a page whose callbacks sent the browser elsewhere.
func (a *App) moveOn(w http.ResponseWriter, r *http.Request, to *live.MoveError) error {
	for kind, message := range to.Flash {
		if err := PutFlash(r, kind, message); err != nil {
			return err
		}
	}
	return redirect(w, r, to.To) // package live has judged the address
}

// openContainer appends the start tag of a view's element.
func (a *App) openContainer(dst []byte, rt *liveRoute, id, owner string, flash map[string]string) []byte {
	dst = append(dst, rt.open...)
	dst = append(dst, id...)
	dst = append(dst, `" data-phx-main data-phx-session="`...)
	dst = a.appendViewToken(dst, rt, id, owner)
	dst = append(dst, `" data-phx-static="`...)
	dst = a.appendStaticToken(dst, id, flash)
	return append(dst, `">`...)
}

// Page answers with a page that is no view: a component inside the root layout.
// It may have live views in it, by [live.Nested]: islands, which join by
// themselves when the root layout has the client's script. The request is one
// of a handler of the App, or of one inside [App.Around].
func (a *App) Page(w http.ResponseWriter, r *http.Request, status int, title string, c templ.Component) error {
	ctx := r.Context()
	if nonce := Nonce(ctx); nonce != "" {
		ctx = templ.WithNonce(ctx, nonce)
	}
	CSRFToken(r) // gives a new session the secret that the islands' tokens are bound to
	return a.writePage(ctx, w, r, status, title, a.pageInfo(r), nil, c)
}

// pageInfo is what views of a page may know of its request.
func (a *App) pageInfo(r *http.Request) *live.ConnectInfo {
	return &live.ConnectInfo{
		Transport: "http", PeerAddr: a.peerAddr(r), UserAgent: r.UserAgent(),
		Host: r.Host, Origin: a.origin(r), URL: r.URL.RequestURI(), RequestID: RequestID(r), Trace: traceOf(r),
	}
}

// writePage sends a page inside the root layout.
func (a *App) writePage(ctx context.Context, w http.ResponseWriter, r *http.Request, status int, title string, info *live.ConnectInfo, root func(Page) templ.Component, inner templ.Component) error {
	if root == nil {
		root = a.opts.RootLayout
	}
	layout := root(a.page(r, title))
	if layout == nil {
		return errors.New("bennu: the root layout returned nil, want a component")
	}
	page := newHTMLBuffer()
	html, err := render.AppendHTML(a.views.Embedding(ctx, Session(r), info), page.b[:0], render.Wrap(layout, inner))
	if moved, ok := errors.AsType[*live.MoveError](err); ok { // an island sends the page elsewhere
		return a.moveOn(w, r, moved)
	}
	if err != nil {
		return fmt.Errorf("bennu: root layout: %w", err)
	}
	if a.dev != nil {
		html = injectBeforeBodyEnd(html, a.dev.snippet(Nonce(ctx)))
	}
	page.b = html
	setHeader(w, r, "Cache-Control", cachePrivate) // whatever was said before: the page carries tokens
	return page.send(w, r, status)
}

// page is what the root layout may ask.
func (a *App) page(r *http.Request, title string) Page {
	return Page{app: a, title: title, csrf: CSRFToken(r), nonce: Nonce(r.Context()), path: a.local(r.URL.Path), r: r}
}
