package bennu

import (
	"log/slog"
	"maps"
	"net/http"
)

// flashKey is the session's name for the messages that wait to be shown.
const flashKey = "_flash"

// PutFlash keeps a message for the next page that this browser's user sees,
// usually after a [Redirect]. The kind ("info", "error") says how pages show
// it; of two messages of one kind the later one counts. Like all of the
// session, it can be put until the response's header is written.
func PutFlash(r *http.Request, kind, message string) error {
	session := Session(r)
	waiting := map[string]string{}
	if _, err := session.Decode(flashKey, &waiting); err != nil || waiting == nil {
		waiting = map[string]string{} // what is there is no message
	}
	waiting[kind] = message
	return session.Put(flashKey, waiting)
}

// Flash is the message of a kind that waits to be shown, "" for none. Once
// asked for, messages wait no longer: they are shown by this response, however
// often it asks, and by no other. When the header of the response is already
// written it is "", and the message waits for another page.
func Flash(r *http.Request, kind string) string { return takeFlash(r)[kind] }

// takeFlash takes the messages of all kinds for this response.
func takeFlash(r *http.Request) map[string]string {
	web := scopeOf(r.Context()).web()
	if web == nil {
		return nil
	}
	session, err := web.open()
	if err != nil || web.saved {
		return web.flash
	}
	var waiting map[string]string
	found, err := session.Decode(flashKey, &waiting)
	if err != nil {
		web.sessions.log.LogAttrs(r.Context(), slog.LevelWarn, "flash not shown", slog.Any("err", err))
	}
	if found {
		session.Delete(flashKey)
	}
	if !web.flashed {
		web.flashed, web.flash = true, web.sent
	}
	if web.flash == nil {
		web.flash = waiting
	} else {
		maps.Copy(web.flash, waiting)
	}
	return web.flash
}
