package live

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"

	"bennu/presence"
)

// visitor is a view that says who is here.
type visitor struct {
	lifecycle
	room presence.Topic[string]
	here *presence.Tracked[string]
}

func (v *visitor) Mount(s *Socket, _ Params) (err error) {
	OnPresence(s, v.room, func(*Socket, presence.Diff[string]) error { v.list(); return nil })
	v.here, err = Track(s, v.room, "user:1", "Ann")
	v.list()
	return err
}

func (v *visitor) HandleParams(*Socket, Params) error { return nil }

func (v *visitor) list() {
	v.calls = nil
	for _, p := range v.room.List() {
		v.calls = append(v.calls, fmt.Sprintf("%s×%d", p.Metas[0].Value, len(p.Metas)))
	}
}

func TestPresenceOfViews(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tracker, err := presence.New(presence.Options{})
		if err != nil {
			t.Fatal(err)
		}
		defer tracker.Close()
		room := presence.NewTopic[string](tracker, "room")
		page, err := new(Runtime).Static(t.Context(), Spec{View: &visitor{room: room}}, nil, nil)
		if err != nil || string(page.HTML) != "<p></p>" || room.Count() != 0 {
			t.Errorf("a dead render is somebody: %v, %s", err, page.HTML)
		}
		a := start(t, &visitor{room: room}, Spec{})
		a.has(fmt.Sprint(a.out.take()), `"0":"Ann×1"`)
		b := start(t, &visitor{room: room}, Spec{})
		a.want(a.out.take(), `push diff {"0":"Ann×2"}`)
		b.p.Stop(SocketClosed)
		synctest.Wait()
		a.want(a.out.take(), `push diff {"0":"Ann×1"}`)
		a.stopped()
		if n := room.Count(); n != 0 {
			t.Errorf("%d are here after all have left", n)
		}
		bad := start(t, &visitor{room: presence.NewTopic[string](tracker, "")}, Spec{})
		if said := fmt.Sprint(bad.out.take()); !strings.Contains(said, "join crashed") || !strings.Contains(bad.log.String(), "topic") {
			t.Errorf("a topic without a name: %s", said)
		}
	})
}

// crowd is a view that counts who is here.
type crowd struct {
	lifecycle
	room  presence.Topic[string]
	told  int
	count int
}

func (v *crowd) HandleParams(*Socket, Params) error { return nil }

func (v *crowd) Mount(s *Socket, _ Params) error {
	OnPresenceChange(s, v.room, func(*Socket) error { v.told++; v.count = v.room.Count(); return nil })
	return nil
}

// A crowd that comes at once is told in a few calls, and ends no view.
func TestPresenceOfACrowd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tracker, err := presence.New(presence.Options{})
		if err != nil {
			t.Fatal(err)
		}
		defer tracker.Close()
		room := presence.NewTopic[string](tracker, "room")
		v := &crowd{room: room}
		r := startIn(t, v, Spec{}, &Runtime{Mailbox: 10})
		const people = 500
		for i := range people {
			if _, err := room.Track(fmt.Sprint("user:", i), "Ann"); err != nil {
				t.Fatal(err)
			}
		}
		synctest.Wait()
		if r.rt.Views() == 0 {
			t.Fatalf("said %q; log:\n%s", r.out.take(), r.log)
		}
		if v.count != people || v.told == 0 || v.told > people || r.rt.Views() != 1 {
			t.Errorf("%d people in %d calls, %d views left", v.count, v.told, r.rt.Views())
		}
		r.stopped()
	})
	defer func() {
		if text, _ := recover().(string); !strings.Contains(text, "wants a function") {
			t.Errorf("panicked with %q", text)
		}
	}()
	OnPresenceChange[string](new(Socket), presence.Topic[string]{}, nil)
}
