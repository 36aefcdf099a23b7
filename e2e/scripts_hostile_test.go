package e2e

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"bennu"
	"bennu/e2e/views"
	"bennu/live"
)

// addTraps adds pages to the showcase that go wrong.
func (s *soak) addTraps() {
	s.app.Live("/trap", func() live.View { return new(views.Trap) })
	s.app.Get("/trap/login/{user}", s.members.Login)
	s.app.LiveSession("members", func(g *bennu.Group) {
		g.Live("/trap/members", func() live.View { return new(views.Other) })
	}, bennu.OnMount(s.members.Only))
}

// attack is the visit of a hostile one, who tries one thing after the other.
func (s *soak) attack(ctx context.Context, t *testing.T, chance *rand.Rand) {
	for range 3 {
		one := attacks[int(s.attacks.Add(1))%len(attacks)]
		path := one.path
		if path == "" {
			path = s.start(chance)
		}
		a := s.intrude(t, path, one.user)
		one.do(a)
		a.w.cut()
		s.tally.add("hostile: " + one.name)
		s.pause(ctx, chance, max(s.think, time.Second/5))
	}
}

// missing says what has not happened though it should have.
func (s *soak) missing() (wrong []string) {
	want := []string{"scripts", "scripts by hand"}
	if int(s.attacks.Load()) >= len(attacks) {
		for _, a := range attacks {
			want = append(want, "hostile: "+a.name)
		}
	}
	for _, what := range want {
		if s.tally.of(what) == 0 {
			wrong = append(wrong, "there were no "+what)
		}
	}
	return wrong
}

// intruder speaks to the server by hand and holds to no rules.
type intruder struct {
	t     testing.TB
	s     *soak
	v     *visit
	w     wire
	n     int
	user  string
	joins map[string]bool // references of joins
	over  bool            // the server has ended the connection
}

// intrude opens a page, as a user if that is not empty, and joins it.
func (s *soak) intrude(t testing.TB, path, user string) *intruder {
	t.Helper()
	if user != "" {
		user = fmt.Sprint(user, "-", s.attacks.Load(), "-", rand.Uint32())
	}
	a := &intruder{t: t, s: s, user: user, joins: map[string]bool{}, v: get(t, s.srv.URL+path+user)}
	s.log.wanted.Store(a.v.id, true)
	a.dial()
	a.join(a.v.joinPayload(0))
	return a
}

func (a *intruder) dial() {
	a.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	w, err := a.v.connect(ctx, false)
	if err != nil {
		a.t.Fatal(err)
	}
	a.w, a.over = w, false
}

// ref is a new one.
func (a *intruder) ref() string {
	a.n++
	return fmt.Sprint(a.n)
}

// text sends anything as a text message. It does not matter whether the server
// still listens.
func (a *intruder) text(text string) { a.raw(websocket.MessageText, []byte(text)) }

func (a *intruder) raw(kind websocket.MessageType, b []byte) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if err := a.w.(wsWire).conn.Write(ctx, kind, b); err != nil {
		a.over = true
	}
}

// join joins the page's topic.
func (a *intruder) join(payload string) (joinRef string) {
	joinRef = a.ref()
	a.joins[joinRef] = true
	a.text(message(joinRef, joinRef, "lv:"+a.v.id, "phx_join", payload))
	return joinRef
}

// event sends one of the view as it was joined by a reference.
func (a *intruder) event(joinRef, ref, payload string) {
	a.text(message(joinRef, ref, "lv:"+a.v.id, "event", payload))
}

// clicked is the payload of a click.
func clicked(event, value, cid string) string {
	if cid != "" {
		cid = `,"cid":` + cid
	}
	name, _ := json.Marshal(event) // text
	return fmt.Sprintf(`{"type":"click","event":%s,"value":%s%s}`, name, value, cid)
}

// hear is all that the server has to say until now, and until these messages are
// answered or a view has crashed; nil when it has ended the connection.
func (a *intruder) hear(until ...string) (all []frame) {
	a.t.Helper()
	beat := a.ref()
	a.text(message("", beat, "phoenix", "heartbeat", `{}`))
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	for until = append(until, beat); len(until) > 0; {
		text, err := a.w.recv(ctx)
		if ctx.Err() != nil {
			a.t.Fatalf("%s: there is neither an answer to %q nor an end, after %.1000s", a.v.url, until, fmt.Sprint(all))
		}
		if err != nil {
			a.over = true
			return nil
		}
		f := parseFrame(a.t, text)
		all = append(all, f)
		switch f.event {
		case "phx_reply":
			if i := slices.Index(until, f.ref); i >= 0 {
				until = slices.Delete(until, i, i+1)
			}
		case "phx_error":
			until = slices.DeleteFunc(until, func(ref string) bool { return ref == f.joinRef || ref != beat && !a.joins[ref] })
		}
	}
	return all
}

// ended waits until the server ends the connection.
func (a *intruder) ended(what string) {
	a.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	for {
		if _, err := a.w.recv(ctx); ctx.Err() != nil {
			a.t.Fatalf("%s goes on", what)
		} else if err != nil {
			return
		}
	}
}

// answers are the replies to a reference.
func answers(all []frame, ref string) (some []frame) {
	for _, f := range all {
		if f.event == "phx_reply" && f.ref == ref {
			some = append(some, f)
		}
	}
	return some
}

// somebody are some pages of others.
func (s *soak) somebody() (ids []string) {
	s.known.Range(func(id, _ any) bool {
		ids = append(ids, id.(string))
		return len(ids) < 5
	})
	return ids
}

// refused checks that a join is answered, and not with a page.
func (a *intruder) refused(what, ref string) {
	a.t.Helper()
	all := a.hear(ref)
	for _, f := range answers(all, ref) {
		if strings.Contains(f.raw, `"status":"ok"`) {
			a.t.Errorf("%s was let in: %.300s", what, f.raw)
		}
	}
	if all != nil && len(answers(all, ref)) != 1 {
		a.t.Errorf("%s has %d answers, want one", what, len(answers(all, ref)))
	}
}

// usable checks that the connection still is.
func (a *intruder) usable() {
	a.t.Helper()
	if all := a.hear(a.join(a.v.joinPayload(1))); a.over || !strings.Contains(fmt.Sprint(all), `"rendered"`) {
		a.t.Errorf("%s: afterwards the page can not be joined on the connection: %.600s", a.v.url, fmt.Sprint(all))
	}
}
