package e2e

import (
	"testing"
)

// A page that somebody saved or was shown is of no use in another browser:
// what stands behind its pipeline stays there.
func TestFault04ViewTokenOfAnotherSessionIsStale(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	theirs, own := get(t, a.url+"/page"), get(t, a.url+"/page")
	own.id, own.session, own.static = theirs.id, theirs.session, theirs.static
	wantError(t, own.dial().answer("lv:"+own.id, own.joinPayload(0)), `{"reason":"stale"}`)
	theirs.dial().join(theirs, 0)
}
