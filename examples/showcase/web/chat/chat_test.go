package chat

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"bennu"
	"bennu/examples/showcase/web/ui"
	"bennu/live"
	"bennu/livetest"
	"bennu/token"
)

func newSite() *bennu.App {
	app := bennu.New(bennu.Options{SecretKeyBase: token.NewSecret(), RootLayout: ui.Root, LiveLayout: ui.Live})
	rooms := NewRooms(app.PubSub(), app.Presence())
	app.Live("/chat/{room}", func() live.View { return &Page{Rooms: rooms} })
	return app
}

func say(v *livetest.View, said string) { v.Element("#say").Submit(url.Values{"text": {said}}) }

// later lets the room tell its pages who is here.
func later(views ...*livetest.View) {
	time.Sleep(5 * time.Second) // of the test's own clock
	synctest.Wait()
	for _, v := range views {
		v.Settle()
	}
}

func TestWhatOneSaysAllInTheRoomHear(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		app := newSite()
		ann, bob, cat := livetest.Mount(t, app, "/chat/lobby"), livetest.Mount(t, app, "/chat/lobby"), livetest.Mount(t, app, "/chat/reeds")
		ann.Element("#rename").Change(url.Values{"name": {"  Ann \t of the  reeds "}})
		say(ann, "  Hello <b>all</b>  ")
		bob.Settle()
		cat.Settle()
		bob.Element("#lines li", "Ann of the reeds")
		bob.Element("#lines p", "Hello <b>all</b>")
		if cat.Has("#lines p") {
			t.Errorf("another room hears it: %s", cat.HTML())
		}
		if got, _ := ann.Element("#text").Attr("value"); got != "" {
			t.Errorf("the field has %q after it was sent", got)
		}
		// As load clients send it.
		bob.Event("send", map[string]string{"text": "by a script"})
		ann.Settle()
		ann.Element("#lines p", "by a script")
		// Who comes later sees what was said, and so does who comes back.
		dan := livetest.Mount(t, app, "/chat/lobby")
		dan.Element("#lines p", "by a script")
		dan.Disconnect()
		say(ann, "while Dan was away")
		dan.Rejoin()
		dan.Element("#lines p", "while Dan was away")
	})
}

func TestPeopleComeWriteAndGo(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		app := newSite()
		ann, bob := livetest.Mount(t, app, "/chat/lobby"), livetest.Mount(t, app, "/chat/lobby")
		ann.Element("#rename").Change(url.Values{"name": {"Ann"}})
		bob.Element("#rename").Change(url.Values{"name": {"Bob"}})
		later(ann, bob)
		ann.Element("#count", "2")
		ann.Element("#people li", "Ann")
		ann.Element("#people li", "Bob")
		bob.Element("#say").Change(url.Values{"text": {"I"}})
		time.Sleep(time.Second)
		synctest.Wait()
		ann.Settle()
		ann.Element("#writing", "Bob is writing…")
		if bob.Element("#writing").Text() != "" {
			t.Error("Bob reads that he writes")
		}
		later(ann, bob) // he pauses
		if got := ann.Element("#writing").Text(); got != "" {
			t.Errorf("after a pause: %q", got)
		}
		bob.Disconnect() // a tab that is killed
		later(ann)
		ann.Element("#count", "1")
		if ann.Has("#people li", "Bob") {
			t.Error("Bob has gone and is in the list")
		}
	})
}

func TestBadInput(t *testing.T) {
	t.Parallel()
	app := newSite()
	v := livetest.Mount(t, app, "/chat/lobby")
	say(v, " \n ")
	v.Element("#mistake", "Write something first.")
	say(v, strings.Repeat("ü", longest+1))
	v.Element("#mistake", fmt.Sprintf("That is %d letters; %d are the most.", longest+1, longest))
	say(v, strings.Repeat("ü", longest))
	if v.Has("#mistake") || !v.Has("#lines p", strings.Repeat("ü", longest)) {
		t.Error("the longest message is not taken")
	}
	for in, want := range map[string]string{"\x00\u200b \t": "at least one letter", strings.Repeat("x", longName+1): "at most 24"} {
		v.Element("#rename").Change(url.Values{"name": {in}})
		v.Element("#rename [role=alert]", want)
	}
}

func TestNamesOfRooms(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]bool{"lobby": true, "a-1": true, "": false, "-a": false, "Lobby": false, "a b": false, "a:b": false, "ä": false, strings.Repeat("a", 30): true, strings.Repeat("a", 31): false} {
		if goodName(name) != want {
			t.Errorf("goodName(%q) = %t", name, !want)
		}
	}
}

// A server keeps so many rooms and no more; the oldest that is empty gives way.
func TestRoomsAreBounded(t *testing.T) {
	t.Parallel()
	app := newSite()
	rooms := NewRooms(app.PubSub(), app.Presence())
	for i := range most {
		if _, err := rooms.Room(fmt.Sprint("r", i)); err != nil {
			t.Fatal(err)
		}
	}
	first, err := rooms.Room("r0")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := first.People.Track("somebody", Member{Name: "x"}); err != nil {
		t.Fatal(err)
	}
	if _, err := rooms.Room("one-more"); err != nil {
		t.Errorf("one more: %v", err)
	}
	if rooms.rooms["r0"] == nil || rooms.rooms["r1"] != nil || len(rooms.rooms) != most {
		t.Errorf("the room that is not empty is gone, or the next is not: %d rooms", len(rooms.rooms))
	}
	for range kept + 10 {
		if err := first.Messages.Broadcast(Message{ID: "x"}); err != nil {
			t.Fatal(err)
		}
	}
	if n := len(first.Said()); n != kept {
		t.Errorf("%d messages are kept, want %d", n, kept)
	}
}

// Whoever writes on after a pause, which has told the others that he does not.
func TestWritingOnAfterAPause(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		v := livetest.Mount(t, newSite(), "/chat/lobby")
		for _, written := range []string{"I", "I thi", "I think"} {
			v.Element("#say").Change(url.Values{"text": {written}})
			time.Sleep(2 * pause)
			synctest.Wait()
		}
		say(v, "I think so")
		v.Settle()
		v.Element("#lines p", "I think so")
	})
}
