package e2e

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"bennu/livetest"
)

// walker is a visitor who speaks to the server by hand, and keeps the page by
// livetest's merge. Views in the page he leaves alone.
type walker struct {
	t    testing.TB
	s    *soak
	v    *visit
	poll bool

	wire    wire
	ref     int
	joinRef string
	mounts  int
	tree    livetest.Tree
	cids    map[int]bool // of the components on the page
	away    bool         // the server has sent the page elsewhere
	crashed bool
}

// byHand is the visit of a walker.
func (s *soak) byHand(ctx context.Context, t *testing.T, chance *rand.Rand) {
	w := s.enterBy(t, s.start(chance), chance.IntN(3) == 0)
	defer w.cut()
	for n := 5 + chance.IntN(20); n > 0 && ctx.Err() == nil && !w.away; n-- {
		switch chance.IntN(8) {
		case 0:
			w.lose(chance)
		case 1:
			w.late()
		default:
			w.use(chance, chance.IntN(5) == 0)
		}
		s.pause(ctx, chance, s.think)
		if chance.IntN(3) == 0 {
			w.compare()
		}
	}
	if !w.away {
		w.compare()
		w.request("phx_leave", `{}`)
	}
	s.tally.add("scripts by hand")
}

// enterBy opens a page and joins it.
func (s *soak) enterBy(t testing.TB, path string, poll bool) *walker {
	t.Helper()
	w := &walker{t: t, s: s, v: get(t, s.srv.URL+path), poll: poll}
	w.dial()
	w.join()
	return w
}

func (w *walker) fatal(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatalf("%s (by long polling: %t): %v", w.v.url, w.poll, err)
	}
}

func (w *walker) dial() {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	var err error
	w.wire, err = w.v.connect(ctx, w.poll)
	w.fatal(err)
}

func (w *walker) cut() {
	if w.wire != nil {
		w.wire.cut()
	}
}

func (w *walker) topic() string { return "lv:" + w.v.id }

func (w *walker) next() string {
	w.ref++
	return strconv.Itoa(w.ref)
}

// say sends a message of the view's.
func (w *walker) say(joinRef, ref, event, payload string) {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	w.fatal(w.wire.send(ctx, message(joinRef, ref, w.topic(), event, payload)))
}

// join begins anew on the connection that there is.
func (w *walker) join() {
	w.t.Helper()
	w.tree, w.cids, w.crashed = livetest.Tree{}, map[int]bool{}, false
	w.joinRef = w.next()
	w.say(w.joinRef, w.joinRef, "phx_join", w.v.joinPayload(w.mounts))
	w.until(w.joinRef)
	w.mounts++
}

// request sends a message and handles what comes until its answer has.
func (w *walker) request(event, payload string) {
	w.t.Helper()
	ref := w.next()
	w.say(w.joinRef, ref, event, payload)
	w.until(ref)
}

// until handles messages up to the answer to one, or the end of the view.
func (w *walker) until(ref string) {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	for !w.away && !w.crashed {
		text, err := w.wire.recv(ctx)
		w.fatal(err)
		f := parseFrame(w.t, text)
		w.take(f)
		if f.event == "phx_reply" && f.ref == ref {
			return
		}
	}
}

// rest handles all that the server has sent until now.
func (w *walker) rest() {
	w.t.Helper()
	ref := w.next()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	w.fatal(w.wire.send(ctx, message("", ref, "phoenix", "heartbeat", `{}`)))
	w.until(ref)
}

// take does what a message says.
func (w *walker) take(f frame) {
	w.t.Helper()
	if f.topic != w.topic() || f.joinRef != "" && f.joinRef != w.joinRef {
		return // of nobody's, or of an instance that is over
	}
	switch f.event {
	case "phx_reply":
		var r struct {
			Status   string
			Response struct {
				Rendered, Diff, Redirect json.RawMessage
				LiveRedirect             json.RawMessage      `json:"live_redirect"`
				Patch                    *struct{ To string } `json:"live_patch"`
			}
		}
		w.fatal(json.Unmarshal(f.payload, &r))
		if r.Status != "ok" {
			w.t.Fatalf("%s: the answer is %s", w.v.url, f.raw)
		}
		w.apply(r.Response.Rendered)
		w.apply(r.Response.Diff)
		if r.Response.Patch != nil {
			w.patched(r.Response.Patch.To)
		}
		w.away = w.away || r.Response.Redirect != nil || r.Response.LiveRedirect != nil
	case "diff":
		w.apply(f.payload)
	case "live_patch":
		var to struct{ To string }
		w.fatal(json.Unmarshal(f.payload, &to))
		w.patched(to.To)
	case "redirect", "live_redirect":
		w.away = true
	case "phx_error":
		w.crashed = true
	}
}

func (w *walker) apply(diff json.RawMessage) {
	w.t.Helper()
	if diff == nil {
		return
	}
	if err := w.tree.Apply(diff); err != nil {
		w.t.Fatalf("%s: %v", w.v.url, err)
	}
}

func (w *walker) patched(to string) {
	w.t.Helper()
	at, err := url.Parse(w.v.url)
	w.fatal(err)
	at, err = at.Parse(to)
	w.fatal(err)
	w.v.url = at.String()
}

var componentMark = regexp.MustCompile(` data-phx-component="(\d+)"`)

// tidy tells the server which live components have left the page, as the client
// does.
func (w *walker) tidy() {
	w.t.Helper()
	now := map[int]bool{}
	for _, m := range componentMark.FindAllStringSubmatch(w.tree.HTML(), -1) {
		cid, err := strconv.Atoi(m[1])
		w.fatal(err)
		now[cid] = true
	}
	var gone []int
	for _, cid := range slices.Sorted(maps.Keys(w.cids)) {
		if !now[cid] {
			gone = append(gone, cid)
		}
	}
	w.cids = now
	if len(gone) == 0 {
		return
	}
	list, _ := json.Marshal(map[string]any{"cids": gone}) // numbers
	w.request("cids_will_destroy", string(list))
	w.request("cids_destroyed", string(list))
	w.tree.Forget(gone...)
}

// use does one thing that the page offers, by one message or by the same twice.
func (w *walker) use(chance *rand.Rand, twice bool) {
	w.t.Helper()
	one, ok := w.choose(chance)
	if !ok {
		return
	}
	event, payload := w.asks(one, chance)
	ref := w.next()
	w.say(w.joinRef, ref, event, payload)
	if twice && one.kind != "crash" {
		w.say(w.joinRef, ref, event, payload)
		w.until(ref)
		w.s.tally.add("doubled messages")
	}
	w.until(ref)
	w.s.tally.add(plurals[one.kind] + " by hand")
	switch {
	case w.crashed && one.kind != "crash":
		w.t.Fatalf("%s: the view crashed on %s %s", w.v.url, event, payload)
	case w.crashed:
		w.join()
	case !w.away:
		w.tidy()
	}
}

// choose picks something on the page, of which all that there is can be done in
// one message.
func (w *walker) choose(chance *rand.Rand) (one thing, ok bool) {
	all := slices.DeleteFunc(things(w.tree.HTML()), func(o thing) bool {
		return o.kind == "away" || o.kind == "link" && o.event != "patch" || o.event == "insert"
	})
	if len(all) == 0 {
		return thing{}, false
	}
	return all[chance.IntN(len(all))], true
}

// asks is the message that the client would send.
func (w *walker) asks(one thing, chance *rand.Rand) (event, payload string) {
	type push struct {
		Type  string `json:"type"`
		Event string `json:"event"`
		Value any    `json:"value"`
		CID   int    `json:"cid,omitempty"`
	}
	p := push{Type: "click", Event: one.event, Value: one.values}
	if one.target != "" {
		var err error
		p.CID, err = strconv.Atoi(one.target)
		w.fatal(err)
	}
	switch one.kind {
	case "link":
		at, err := url.Parse(w.v.url)
		w.fatal(err)
		at, err = at.Parse(one.href)
		w.fatal(err)
		w.v.url = at.String()
		b, _ := json.Marshal(map[string]string{"url": w.v.url}) // text
		return "live_patch", string(b)
	case "form":
		for _, name := range one.texts {
			one.fields.Set(name, words[chance.IntN(len(words))])
		}
		if p.Type = "form"; one.submit != "" && (p.Event == "" || chance.IntN(2) == 0) {
			p.Event = one.submit
		}
		p.Value = one.fields.Encode()
	case "scroll":
		if p.Type = "hook"; one.submit != "" && (p.Event == "" || chance.IntN(2) == 0) {
			p.Event = one.submit
		}
		p.Value = map[string]any{"_overran": chance.IntN(4) == 0}
	case "key":
		p.Type, p.Value = "keydown", map[string]string{"key": one.key}
	}
	b, _ := json.Marshal(p) // text and numbers
	return "event", string(b)
}

// lose cuts the connection: before, while, or after something is done, which the
// server may have heard of or not.
func (w *walker) lose(chance *rand.Rand) {
	w.t.Helper()
	if one, ok := w.choose(chance); ok && one.kind != "crash" && chance.IntN(3) > 0 {
		url := w.v.url
		event, payload := w.asks(one, chance)
		w.say(w.joinRef, w.next(), event, payload)
		w.v.url = url // the client goes to an address when it is answered
	}
	w.wire.cut()
	w.dial()
	w.join()
	w.s.tally.add("lines cut by hand")
}

// late joins again over the same connection, after which messages of the join
// before have no answer and no effect.
func (w *walker) late() {
	w.t.Helper()
	old := w.joinRef
	w.join()
	for range 3 {
		w.say(old, w.next(), "event", `{"type":"click","event":"none such","value":{}}`)
	}
	w.rest()
	if w.crashed {
		w.t.Fatalf("%s: the view crashed by messages of the join before", w.v.url)
	}
	w.s.tally.add("late messages")
}

// compare is same for the walker's page.
func (w *walker) compare() {
	w.t.Helper()
	same(w.t, w.s.app, w.v.id, func() (map[string]string, bool) {
		w.rest()
		if w.crashed {
			w.t.Fatalf("%s: the view crashed by itself", w.v.url)
		}
		return map[string]string{w.v.id: w.tree.HTML()}, !w.away
	})
}

// stayers are walkers who stay for the whole soak.
type stayers struct {
	n    int
	stop context.CancelFunc
	all  sync.WaitGroup
}

// enter lets walkers come who stay until they are told to leave. They are quiet
// while the soak looks.
func (s *soak) enter(n int) *stayers {
	ctx, stop := context.WithCancel(context.Background())
	here := &stayers{n: n, stop: stop}
	var joined sync.WaitGroup
	for i := range n {
		joined.Add(1)
		here.all.Go(func() {
			in := sync.OnceFunc(joined.Done)
			defer in()
			s.t.Run(fmt.Sprint("stays ", i), func(t *testing.T) {
				chance := rand.New(rand.NewPCG(uint64(i), 1))
				w := s.enterBy(t, s.pages[i%len(s.pages)], i%3 == 1)
				defer w.cut()
				in()
				for ctx.Err() == nil && !t.Failed() {
					s.quiet.RLock()
					switch {
					case w.away: // sent to another page: this one comes back to where it was
						w.away = false
						w.join()
					case chance.IntN(10) == 0:
						w.compare()
					default:
						w.use(chance, false)
					}
					s.quiet.RUnlock()
					s.pause(ctx, chance, time.Second/2)
				}
				w.compare()
			})
		})
	}
	joined.Wait()
	return here
}

// leave lets them go.
func (here *stayers) leave() {
	here.stop()
	here.all.Wait()
}
