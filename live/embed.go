package live

import "context"

// Embedding is a context with which the templates of a page that is no view
// show nested views ([Nested]) as islands, each with its own process. Each joins
// by itself when the page's script has connected. The App makes one for each
// page and root layout.
func (r *Runtime) Embedding(ctx context.Context, session *Session, info *ConnectInfo) context.Context {
	page := &instance{rt: r, reqCtx: ctx, spec: Spec{Session: session, Info: info}}
	return &staticContext{ctx, newComponents(page)}
}
