package livetest

import (
	"net/http"
	"testing"

	"github.com/a-h/templ"

	"bennu"
	"bennu/live"
	"bennu/render"
	"bennu/token"
)

// Isolation is what a view that is mounted alone is told; see [Isolated].
type Isolation struct {
	Options
	// Session are the values of the browser's session.
	Session map[string]any
	// Given is what a parent would give to the view, see live.Nested.
	Given any
}

// isolatedID is the id of the element of a view that is mounted alone.
const isolatedID = "isolated"

// Isolated opens a view that has no route, in an app that has nothing else, as
// one that is nested in a page; new makes it anew for each mount. Its own address
// it does not have, so HandleParams does not run and Patch fails; where Navigate
// and Redirect lead can be asked for, but not followed.
func Isolated(t testing.TB, newView func() live.View, how ...Isolation) *View {
	t.Helper()
	if len(how) > 1 {
		t.Fatalf("livetest: Isolated takes one Isolation, got %d", len(how))
	}
	var is Isolation
	if len(how) == 1 {
		is = how[0]
	}
	app := bennu.New(bennu.Options{SecretKeyBase: token.NewSecret()})
	app.Nested(isolatedID, newView)
	session := func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			for name, value := range is.Session {
				if err := bennu.Session(r).Put(name, value); err != nil {
					http.Error(w, err.Error(), http.StatusInternalServerError)
					return
				}
			}
			next.ServeHTTP(w, r)
		})
	}
	app.Group("", bennu.Pipeline{Name: "isolated", Use: []func(http.Handler) http.Handler{session}}, func(g *bennu.Group) {
		g.Live("/", func() live.View { return &host{given: is.Given} })
	})
	return Mount(t, app, "/", is.Options).Child(isolatedID)
}

// host is the page around a view that is mounted alone.
type host struct{ given any }

var hostTemplate = render.New(0x6c74_0001, 0, "", "")

func (h *host) Render() templ.Component {
	return render.Func(func(w *render.Writer, slot int) error {
		w.Nest(slot, hostTemplate)
		err := w.Comp(0, live.Nested(isolatedID, isolatedID, h.given))
		w.End()
		return err
	})
}
