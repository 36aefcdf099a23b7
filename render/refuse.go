package render

import (
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"runtime"
	"strings"
	"sync/atomic"
	"time"
)

// A refusal is a value that a template was about to put where it could run
// code. What is written instead is harmless; the log says what was done.
type refusal struct {
	what string // was done
	hint string
	attr slog.Attr
}

// unsafeAddress tells of an address that was replaced. What follows the scheme
// may be a secret of the user.
func unsafeAddress(url string) refusal {
	scheme, _, _ := strings.Cut(url, ":")
	return refusal{"address replaced: its scheme could run code", "wrap it in templ.SafeURL if it is your own", slog.String("scheme", fmt.Sprintf("%.20q", scheme))}
}

// unsafeAttribute tells of an attribute that was left out.
func unsafeAttribute(name, why, hint string) refusal {
	return refusal{"attribute left out: " + why, hint, slog.String("attribute", fmt.Sprintf("%.40q", name))}
}

func (w *Writer) refuse(r refusal) { refused.say(w.ctx, r) }

// refused tells of values that were not written.
var refused refusals

// refusals says one a second and counts the rest: a page of them, drawn at each
// event, would fill the log.
type refusals struct {
	next    atomic.Int64 // when the next one is said, since clockStart
	skipped atomic.Int64
}

// clockStart is the beginning of the clock of refusals, which no clock change moves.
var clockStart = time.Now()

func (r *refusals) say(ctx context.Context, what refusal) {
	now, next := int64(time.Since(clockStart)), r.next.Load()
	if now < next || !r.next.CompareAndSwap(next, now+int64(time.Second)) {
		r.skipped.Add(1)
		return
	}
	slog.WarnContext(ctx, "unsafe value in a template", slog.String("what", what.what), what.attr, slog.String("hint", what.hint),
		slog.String("template", Position()), slog.Int64("skipped", r.skipped.Swap(0)))
}

// Position is the place in the template whose code is running, "page.templ:12",
// and "unknown" where none is: a component may be written by hand.
func Position() string {
	pcs := make([]uintptr, 32)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(2, pcs)])
	for {
		f, more := frames.Next()
		if strings.HasSuffix(f.File, ".templ") {
			return fmt.Sprintf("%s:%d", filepath.Base(f.File), f.Line)
		}
		if !more {
			return "unknown"
		}
	}
}
