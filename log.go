package bennu

import (
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"time"

	"bennu/live"
)

// logRequests logs each request when it comes and when it is answered. Built
// files are left out, and so are health checks: they are many and say nothing.
func (a *App) logRequests(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx := r.Context()
		if !a.log.Enabled(ctx, slog.LevelInfo) || strings.HasPrefix(r.URL.Path, a.opts.Prefix+"/assets/") || slices.Contains(a.quiet, r.URL.Path) {
			next.ServeHTTP(w, r)
			return
		}
		start := time.Now()
		id := slog.String("request_id", RequestID(r))
		a.log.LogAttrs(ctx, slog.LevelInfo, "request", slog.String("method", cut(r.Method, maxQuoted)), slog.String("path", a.loggedPath(r)), id)
		answer, whole := &scopeOf(ctx).response, false
		defer func() {
			attrs := [...]slog.Attr{slog.Int("status", answer.status), slog.Duration("dur", time.Since(start)), id, slog.Bool("cut_off", true)}
			if whole {
				attrs[0] = slog.Int("status", answer.sent())
				a.log.LogAttrs(ctx, slog.LevelInfo, "sent", attrs[:3]...)
				return
			}
			a.log.LogAttrs(ctx, slog.LevelInfo, "sent", attrs[:]...)
		}()
		next.ServeHTTP(w, r)
		whole = true
	})
}

// logProcessing says which view answers a request, with what.
func (a *App) logProcessing(r *http.Request, rt *liveRoute, params live.Params) {
	if !a.log.Enabled(r.Context(), rt.logLevel) {
		return
	}
	all := params.Query()
	for _, v := range params.Path() {
		all.Set(v.Name, v.Value)
	}
	a.log.LogAttrs(r.Context(), rt.logLevel, "processing",
		slog.String("view", rt.name), slog.String("route", rt.pattern), slog.Any("params", loggedValues(all)),
		slog.Any("pipelines", rt.pipelines), slog.String("request_id", RequestID(r)))
}
