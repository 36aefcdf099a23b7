package e2e

import (
	"bytes"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"

	"bennu"
	"bennu/e2e/mistakes"
	"bennu/live"
)

// textLog is a log that a test reads while others write it.
type textLog struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (r *textLog) Write(p []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.b.Write(p)
}

func (r *textLog) String() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return strings.NewReplacer(`\"`, `"`, `\\"`, `"`, `\\\"`, `"`).Replace(r.b.String())
}

// Mistakes in templates name their place and the way out: in the first request
// of the page, and when an event leads to them.
func TestMistakesInTemplatesNameTheirPlace(t *testing.T) {
	t.Parallel()
	for part, want := range map[string]string{
		"two roots":         `component mistakes.TwoRoots "a" at mistakes.templ:12: its template, twoRoots in mistakes.templ, is to be one element, with nothing before or after it, and begins with "<p>one</p><p>two</p>"; put an element around it`,
		"text":              `component mistakes.Text "a" at mistakes.templ:14: its template, text in mistakes.templ, is to be one element, with nothing before or after it, and begins with "only text"; put an element around it`,
		"a branch":          `component mistakes.Branch "a" at mistakes.templ:33: its template, branch in mistakes.templ, is to be one element, with nothing before or after it, and begins with a value, a branch, a loop or the call of another template; put an element around it`,
		"two streams":       `live: the stream "lines" stands in a second loop (page in mistakes.templ), and its items are on the page once; keep a list of its own for the other place`,
		"twice":             `component mistakes.Card "a" at mistakes.templ:17 stands twice on the page; give each component of a type an id of its own`,
		"wrong update":      `mistakes.WrongUpdate has a method Update with the wrong signature: want Update(*live.Socket) error, found Update(*live.Socket, live.Params) error at mistakes.templ:19`,
		"unknown nested":    `nested view "clok" with the id "c" at mistakes.templ:21: no nested view has this name; did you mean "clock"?`,
		"nested twice":      `nested view "clock" with the id "c" at mistakes.templ:24: it stands twice on the page; give each nested view an id of its own`,
		"nested without id": `nested view "clock" with the id "" at mistakes.templ:26: it has no id; its element needs one that is the same for as long as it is on the page`,
		"nested and sticky": `nested view "clock" with the id "c" at mistakes.templ:29: the page has "clock" with that id already; give each nested view an id of its own`,
		"given a function":  `nested view "clock" with the id "c" at mistakes.templ:31: what it is given has to be JSON: json: unsupported type: func(); give it plain data, such as an id`,
	} {
		t.Run(part, func(t *testing.T) {
			t.Parallel()
			log := new(textLog)
			a := newApp(t, func(o *bennu.Options) { o.Logger = slog.New(slog.NewTextHandler(log, nil)) })
			a.Live("/wrong", func() live.View { return new(mistakes.Page) })
			a.Nested("clock", func() live.View { return new(mistakes.Clock) })

			query := "part=" + strings.ReplaceAll(part, " ", "+")
			resp, err := http.Get(a.url + "/wrong?" + query)
			if err != nil {
				t.Fatal(err)
			}
			_, _ = io.Copy(io.Discard, resp.Body) // for the connection
			resp.Body.Close()
			if resp.StatusCode != http.StatusInternalServerError || !strings.Contains(log.String(), want) {
				t.Errorf("the page is answered %d; the log:\n%s\nwant in it\n%s", resp.StatusCode, log, want)
			}
			before := len(log.String())

			v := get(t, a.url+"/wrong?later&"+query)
			_, f := v.dial().join(v, 0).event("go", `{}`, 0)
			if f.event != "phx_error" {
				t.Errorf("%s, want the end of the view", f.raw)
			}
			if said := log.String()[before:]; !strings.Contains(said, want) {
				t.Errorf("the log of the event:\n%s\nwant in it\n%s", said, want)
			}
		})
	}
}
