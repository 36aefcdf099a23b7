package render

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"sync/atomic"
	"time"

	"github.com/a-h/templ"
)

// URL writes the value of an attribute that holds an address, as href does. One
// with a scheme that could run code is replaced and said in the default log,
// unless v is a templ.SafeURL.
func URL[T ~string](w *Writer, slot int, v T) {
	if safe, ok := any(v).(templ.SafeURL); ok {
		w.Str(slot, string(safe))
		return
	}
	w.Str(slot, safeURL(w.ctx, string(v), false))
}

// Link is URL for the attributes whose values templ takes of any type, such as
// formaction.
func Link[T any](w *Writer, slot int, v T) { linkTo(w, slot, v, false) }

// Media is Link for the elements that only show or play what they are given:
// an image may stand in its own address (data:image/png;…).
func Media[T any](w *Writer, slot int, v T) { linkTo(w, slot, v, true) }

func linkTo[T any](w *Writer, slot int, v T, media bool) {
	switch x := any(v).(type) { // as in Text
	case templ.SafeURL:
		w.Str(slot, string(x))
	case string:
		w.Str(slot, safeURL(w.ctx, x, media))
	default:
		w.Str(slot, safeURL(w.ctx, fmt.Sprint(v), media))
	}
}

// safeURL is the address, or templ's stand-in for one that could run code.
func safeURL(ctx context.Context, address string, media bool) string {
	if safe := templ.URL(address); safe != templ.FailedSanitizationURL {
		return address
	}
	if media && isMedia(address) {
		return address
	}
	refused.say(ctx, address)
	return string(templ.FailedSanitizationURL)
}

// isMedia reports an address that holds a picture, a sound or a film itself.
func isMedia(address string) bool {
	for _, start := range []string{"data:image/", "data:audio/", "data:video/"} {
		if len(address) >= len(start) && strings.EqualFold(address[:len(start)], start) {
			return true
		}
	}
	return false
}

// refused tells of addresses that were replaced.
var refused refusals

// refusals says one a second and counts the rest: a page of them, drawn at each
// event, would fill the log.
type refusals struct {
	next    atomic.Int64 // when the next one is said, since clockStart
	skipped atomic.Int64
}

// clockStart is the beginning of the clock of refusals, which no clock change moves.
var clockStart = time.Now()

func (r *refusals) say(ctx context.Context, address string) {
	now, next := int64(time.Since(clockStart)), r.next.Load()
	if now < next || !r.next.CompareAndSwap(next, now+int64(time.Second)) {
		r.skipped.Add(1)
		return
	}
	scheme, _, _ := strings.Cut(address, ":") // what follows may be a secret of the user
	slog.WarnContext(ctx, "address replaced in a template: its scheme could run code; wrap it in templ.SafeURL if it is your own",
		slog.String("scheme", fmt.Sprintf("%.20q", scheme)), slog.Int64("skipped", r.skipped.Swap(0)))
}

// addressKeys are the attributes of a set that hold addresses, and whether they
// may hold media.
var addressKeys = map[string]bool{"href": false, "xlink:href": false, "action": false, "formaction": false, "data": false, "src": true}

// guarded are the attributes as they may be written: addresses are checked as
// [URL] does, and an id is written in lower case, since the client looks for
// ` id=` in the start tag of a template that has not changed and takes an
// element without one for another element.
func guarded(ctx context.Context, items []templ.KeyValue[string, any]) []templ.KeyValue[string, any] {
	copied := false
	for i, item := range items {
		key, value := strings.ToLower(item.Key), item.Value
		media, holdsAddress := addressKeys[key]
		switch {
		case key == "id" && item.Key != key:
		case holdsAddress:
			switch v := item.Value.(type) {
			case string:
				value = safeURL(ctx, v, media)
			case *string:
				if v != nil {
					value = safeURL(ctx, *v, media)
				}
			case templ.KeyValue[string, bool]:
				value = templ.KV(safeURL(ctx, v.Key, media), v.Value)
			case templ.SafeURL:
				value = string(v) // which templ leaves out
			}
			key = item.Key
		default:
			continue
		}
		if !copied {
			items, copied = append([]templ.KeyValue[string, any](nil), items...), true
		}
		items[i] = templ.KeyValue[string, any]{Key: key, Value: value}
	}
	return items
}
