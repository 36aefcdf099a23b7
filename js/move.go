package js

import (
	"log/slog"
	"strconv"
	"strings"

	"bennu/internal/address"
	"bennu/internal/logs"
)

// MoveOption is Replace.
type MoveOption interface{ forMove(*bool) }

type replaceOption struct{}

// Replace puts the new address into the browser's history in place of the one
// that is shown.
func Replace() MoveOption { return replaceOption{} }

func (replaceOption) forMove(replace *bool) { *replace = true }

// Navigate leads to another view without loading a page.
func Navigate(path string, how ...MoveOption) Commands { return Commands("").Navigate(path, how...) }

// Navigate leads to another view without loading a page; to one that cannot be
// reached so the browser goes as by a link. The address is a path of this site,
// or a full one with http or https.
func (c Commands) Navigate(path string, how ...MoveOption) Commands {
	return c.move("navigate", path, how)
}

// Patch changes the address of the view, which handles the new parameters.
func Patch(path string, how ...MoveOption) Commands { return Commands("").Patch(path, how...) }

// Patch changes the address of the view, which handles the new parameters.
func (c Commands) Patch(path string, how ...MoveOption) Commands { return c.move("patch", path, how) }

func (c Commands) move(op, path string, how []MoveOption) Commands {
	if !leadsToPages(path) {
		path = refused(op, path)
	}
	replace := false
	for _, o := range how {
		o.forMove(&replace)
	}
	w := c.begin(make(writer, 0, usual), op)
	w = w.text("href", path)
	w = w.raw("replace", strconv.FormatBool(replace))
	return w.end()
}

func leadsToPages(path string) bool {
	if address.NotLocal(path) == "" {
		return true
	}
	scheme, _, _ := strings.Cut(path, ":")
	scheme = address.Lower(scheme)
	return (scheme == "http" || scheme == "https") && address.External(path) == nil
}

// nowhere is what stands for an address that is refused.
const nowhere = "about:invalid#bennu-refused-an-address"

// refusals are logged, but not all of them: an address may come from users, and
// stand on a page that is rendered often.
var refusals logs.Sampler

func refused(op, path string) string {
	log := slog.Default()
	const message = "js: refused an address, which leads nowhere now; want a path that begins with one /, or one with http: or https:"
	if refusals.Take(log, logs.Kind{Level: slog.LevelWarn, Message: message, Event: op}, nil) {
		log.Warn(message, slog.String("command", op), slog.String("address", logs.Cut(path, logs.MaxValue)))
	}
	return nowhere
}
