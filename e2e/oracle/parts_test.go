package oracle

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"maps"
	"math/rand/v2"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"

	"bennu/e2e/oracle/parts"
	"bennu/live"
	"bennu/livetest"
	"bennu/render"
)

// TestComponentsAndStreamsOnThePage walks through random states of a page of
// live components and streams, in the way that a browser goes: it joins, sends
// events, takes what comes, and says which components have gone. What package
// live has to say is given to the test kit's model of the client, whose page has
// to be what the state looks like when it is drawn without components and
// streams, and then to the official client, which has to write the same.
func TestComponentsAndStreamsOnThePage(t *testing.T) {
	t.Parallel()
	seeds := []uint64{rand.Uint64(), rand.Uint64(), rand.Uint64(), rand.Uint64()}
	if one := number(t, "ORACLE_SEED", 0); one != 0 {
		seeds = []uint64{one}
	}
	steps := int(number(t, "ORACLE_STEPS", 20_000)) / walks / 2
	for _, seed := range seeds {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			t.Logf("ORACLE_SEED=%d", seed)
			b := &browser{world: parts.NewWorld(seed), chance: rand.New(rand.NewPCG(seed, 9))}
			b.enc = json.NewEncoder(&b.lines)
			b.enc.SetEscapeHTML(false)
			synctest.Test(t, func(t *testing.T) { b.walk(t, steps) })
			if t.Failed() {
				return
			}
			r := runTree(t, &b.lines)
			if r.Error != "" || r.Steps != b.sent || r.Skips == 0 {
				t.Errorf("seed %d: the client took %d messages of %d, passed over %d elements, and says\n%s", seed, r.Steps, b.sent, r.Skips, r.Error)
			}
			t.Logf("%d steps, %d messages, %d of them components alone, %d joins; of %d components that went %d came again before it was settled, %d were never settled",
				steps, b.sent, b.alone, b.joins, b.gone, b.revived, b.lost)
			if steps >= 1000 && (b.alone == 0 || b.joins < 2 || b.revived == 0 || b.lost == 0 || b.settled == 0) {
				t.Error("want some of all")
			}
		})
	}
}

// browser is one at the page of a world. Its methods as an outlet run on the
// view's goroutine, the others while that rests.
type browser struct {
	t       *testing.T
	world   *parts.World
	chance  *rand.Rand
	rt      live.Runtime
	process *live.Process

	tree    *livetest.Tree
	shown   string       // the page
	cids    map[int]bool // on it
	lines   bytes.Buffer // for the official client
	enc     *json.Encoder
	refs    int
	going   []*going
	parted  []int        // the components that have ever gone
	takers  map[int]bool // those that take events
	answers map[string]func(response []byte)
	failed  bool
	wrong   string
	log     bytes.Buffer // of the runtime

	sent, alone, joins, gone, revived, lost, settled int
}

// going are components that have gone from the page, of which the server hears
// later, or never.
type going struct {
	cids []int
	said bool // the first of the two messages has been answered
}

func (b *browser) walk(t *testing.T, steps int) {
	b.t = t
	b.rt.Log = slog.New(slog.NewTextHandler(&b.log, &slog.HandlerOptions{Level: slog.LevelError}))
	b.world.Post = b.more
	b.join()
	for n := range steps {
		b.step()
		b.rest(n)
		if b.failed {
			b.join()
			b.rest(n)
		}
		b.check(n)
		for len(b.going) > 0 && b.chance.IntN(3) == 0 {
			b.settle()
			b.rest(n)
			b.check(n)
		}
	}
	b.process.Stop(live.Left)
	synctest.Wait()
}

// rest waits until the view has nothing more to say.
func (b *browser) rest(n int) {
	b.t.Helper()
	synctest.Wait()
	if b.wrong != "" {
		b.t.Fatalf("step %d: %s", n, b.wrong)
	}
}

func (b *browser) join() {
	b.joins++
	b.tree, b.cids, b.failed = new(livetest.Tree), map[int]bool{}, false
	b.answers = map[string]func([]byte){}
	b.going, b.parted, b.takers = nil, nil, map[int]bool{}
	b.log.Reset()
	b.process = b.rt.Start(b, func() (live.Spec, error) {
		return live.Spec{ID: "phx", Name: "page", View: &parts.Page{World: b.world}}, nil
	})
	synctest.Wait()
}

// step does what somebody at the page can do.
func (b *browser) step() {
	if b.chance.IntN(150) == 0 {
		b.world.Light()
	}
	switch b.chance.IntN(8) {
	case 0, 1, 2:
		b.event("change", 0)
	case 3:
		b.event("burst", 0)
	case 4:
		b.event("more", 0)
	default:
		b.poke()
	}
}

// more sends several messages before the view has answered the first.
func (b *browser) more() {
	for range 1 + b.chance.IntN(3) {
		if b.chance.IntN(3) == 0 {
			b.event("change", 0)
		} else {
			b.poke()
		}
	}
	if b.chance.IntN(3) == 0 && len(b.going) > 0 {
		b.settle()
	}
}

var (
	cardTag   = regexp.MustCompile(`<[a-z]+ [^>]*data-cid="(\d+)"[^>]* class="(card|frame)"`)
	streamID  = regexp.MustCompile(`<div id="([^"]*)" phx-update="stream"`)
	clientOwn = regexp.MustCompile(` (data-phx-component|data-phx-stream|data-cid|phx-target)="[^"]*"`)
)

// withoutItems is HTML without the items of streams, which may stand in each
// other.
func withoutItems(html string) string {
	var b strings.Builder
	depth := 0
	for html != "" {
		switch {
		case strings.HasPrefix(html, "<s- "):
			depth++
		case strings.HasPrefix(html, "</s->"):
			depth--
			html = html[len("</s->"):]
			continue
		}
		if depth == 0 {
			b.WriteByte(html[0])
		}
		html = html[1:]
	}
	return b.String()
}

// poke sends an event to a component of the page, now and then to one that has
// gone.
func (b *browser) poke() {
	cards := cardTag.FindAllStringSubmatch(b.shown, -1)
	if len(cards) == 0 {
		return
	}
	for _, c := range cards {
		cid, _ := strconv.Atoi(c[1])
		b.takers[cid] = true
	}
	card := cards[b.chance.IntN(len(cards))]
	cid, _ := strconv.Atoi(card[1])
	event := [...]string{"poke", "poke", "poke", "tell", "far"}[b.chance.IntN(5)]
	if card[2] == "frame" {
		event = "poke"
	}
	if n := len(b.parted); n > 0 && b.chance.IntN(30) == 0 {
		if gone := b.parted[b.chance.IntN(n)]; b.takers[gone] {
			cid, event = gone, "poke"
		}
	}
	b.event(event, cid)
}

func (b *browser) event(name string, cid int) {
	payload := fmt.Appendf(nil, `{"type":"click","event":%q,"value":{}`, name)
	if cid != 0 {
		payload = fmt.Appendf(payload, `,"cid":%d`, cid)
	}
	b.deliver("event", append(payload, '}'), nil)
}

func (b *browser) deliver(event string, payload []byte, answered func([]byte)) {
	b.refs++
	ref := strconv.Itoa(b.refs)
	b.answers[ref] = answered
	if !b.process.Deliver(live.Message{Ref: []byte(ref), Event: event, Payload: payload}) {
		b.complain("the mailbox is full")
	}
}

// settle goes on with what the server has to hear about components that have
// gone, or forgets to.
func (b *browser) settle() {
	g := b.going[0]
	b.going = b.going[1:]
	if b.chance.IntN(10) == 0 {
		b.lost += len(g.cids)
		return
	}
	if g.said {
		n := len(g.cids)
		g.cids = slices.DeleteFunc(g.cids, func(cid int) bool { return b.cids[cid] })
		b.revived += n - len(g.cids)
	}
	if len(g.cids) == 0 {
		return
	}
	names, _ := json.Marshal(map[string]any{"cids": g.cids})
	if !g.said {
		b.deliver("cids_will_destroy", names, func([]byte) {
			g.said = true
			b.going = append(b.going, g)
		})
		return
	}
	b.deliver("cids_destroyed", names, func(response []byte) {
		var r struct{ CIDs []int }
		if err := json.Unmarshal(response, &r); err != nil {
			b.complain("the answer to cids_destroyed: %v: %s", err, response)
			return
		}
		for _, cid := range r.CIDs {
			if !slices.Contains(g.cids, cid) {
				b.complain("the server forgot component %d of %v", cid, g.cids)
			}
		}
		b.settled += len(r.CIDs)
		b.tree.Forget(r.CIDs...)
		b.say(map[string]any{"prune": r.CIDs})
	})
}

// check holds the page against what it has to look like.
func (b *browser) check(n int) {
	b.t.Helper()
	html, err := render.AppendHTML(context.Background(), nil, b.world.Drawn())
	if err != nil {
		b.t.Fatalf("step %d: %v", n, err)
	}
	want := clientOwn.ReplaceAllString(string(html), "")
	got := clientOwn.ReplaceAllString(b.tree.HTML(), "")
	if bare, markup := withoutItems(want), withoutItems(clientOwn.ReplaceAllString(b.tree.Markup(), "")); markup != bare {
		b.t.Fatalf("step %d: without the streams: %s", n, difference([]byte(markup), []byte(bare)))
	}
	var alike livetest.Tree
	whole, _ := json.Marshal(map[string][]string{"s": {want}})
	if err := alike.Apply(whole); err != nil {
		b.t.Fatalf("step %d: %v", n, err)
	}
	if want := alike.HTML(); got != want {
		b.t.Fatalf("step %d: %s", n, difference([]byte(got), []byte(want)))
	}
}

func (b *browser) complain(format string, args ...any) {
	if b.wrong == "" {
		b.wrong = fmt.Sprintf(format, args...)
	}
}

func (b *browser) say(line any) {
	if err := b.enc.Encode(line); err != nil {
		b.complain("%v", err)
	}
}

// take applies a message of the server.
func (b *browser) take(diff json.RawMessage, join bool) {
	if b.wrong != "" {
		return
	}
	if err := b.tree.Apply(diff); err != nil {
		b.complain("%v\n%s", err, diff)
		return
	}
	b.sent++
	on := slices.AppendSeq([]int{}, maps.Keys(b.cids))
	if bytes.HasPrefix(diff, []byte(`{"c":`)) {
		b.alone++
	}
	b.say(map[string]any{"join": join, "diff": string(diff), "html": b.tree.Markup(), "on": on})
	b.shown = b.tree.HTML()
	b.lookAround(join)
}

// lookAround notes which components and streams the page has, and which it has
// no more.
func (b *browser) lookAround(join bool) {
	before := b.cids
	b.cids = map[int]bool{}
	for _, cid := range cidsOn(b.shown) {
		b.cids[cid] = true
	}
	var gone []int
	for _, cid := range slices.Sorted(maps.Keys(before)) {
		if !b.cids[cid] {
			gone = append(gone, cid)
		}
	}
	if len(gone) > 0 && !join {
		b.gone += len(gone)
		b.parted = append(b.parted, gone...)
		b.say(map[string]any{"reset": gone})
		b.going = append(b.going, &going{cids: gone})
	}
	there := map[string]bool{}
	for _, m := range streamID.FindAllStringSubmatch(b.shown, -1) {
		there[m[1]] = true
	}
	for _, f := range b.world.Flows() {
		if !there[f.ID] {
			f.Page = nil
		}
	}
}

// JoinReply takes the first render.
func (b *browser) JoinReply(ok bool, response []byte) {
	var r struct{ Rendered json.RawMessage }
	if err := json.Unmarshal(response, &r); err != nil || !ok {
		if b.world.Burnt() {
			b.failed = true
			return
		}
		b.complain("the join is answered by %v, %s", ok, response)
		return
	}
	b.take(r.Rendered, true)
}

// Reply takes an answer.
func (b *browser) Reply(ref []byte, ok bool, response []byte) {
	var r struct{ Diff json.RawMessage }
	if err := json.Unmarshal(response, &r); err != nil || !ok {
		b.complain("message %s is answered by %v, %s", ref, ok, response)
		return
	}
	if r.Diff != nil {
		b.take(r.Diff, false)
	}
	if answered := b.answers[string(ref)]; answered != nil {
		answered(response)
	}
	delete(b.answers, string(ref))
}

// Push takes a diff that nobody asked for.
func (b *browser) Push(event string, payload []byte) {
	if event != "diff" {
		b.complain("the server pushes %q: %s", event, payload)
		return
	}
	b.take(bytes.Clone(payload), false)
}

// Close is not expected.
func (b *browser) Close() { b.complain("the server closes the view") }

// Fail is what a render that fails leads to.
func (b *browser) Fail() {
	if !b.world.Burnt() {
		b.complain("the view has crashed: %s", &b.log)
	}
	b.failed = true
}

// Flush has nothing to do.
func (b *browser) Flush() error { return nil }

// Ended has nothing to do.
func (b *browser) Ended() {}
