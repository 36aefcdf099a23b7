package channel_test

import (
	"strings"
	"testing"

	"bennu/channel"
	"bennu/channel/channeltest"
	"bennu/presence"
)

type member struct {
	Mood string `json:"mood"`
}

// persons is how the client's class Presence reads a list.
type persons map[string]struct{ Metas []map[string]string }

type diff struct{ Joins, Leaves persons }

func TestPresenceIsShown(t *testing.T) {
	t.Parallel()
	tracker, err := presence.New(presence.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(tracker.Close)
	people := presence.NewTopic[member](tracker, "room:a")
	s := channeltest.Serve(t, rooms(func(r *room) {
		var here *presence.Tracked[member]
		r.join = func(r *room, s *channel.Socket, _ channel.Params) (err error) {
			if here, err = channel.Track(s, people, r.who, member{"fine"}); err != nil {
				return err
			}
			return channel.ShowPresence(s, people)
		}
		r.events = channel.Events{
			"mood": channel.On(func(s *channel.Socket, m member) error { s.Reply(nil); return here.Update(m) }),
			"gone": channel.Do(func(s *channel.Socket) error { here.Untrack(); s.Reply(nil); return nil }),
		}
	}))
	a := s.Connect(ann).Join("room:a", nil)
	var list persons
	a.RequirePush("presence_state", &list)
	if len(list) != 1 || list["ann"].Metas[0]["mood"] != "fine" || list["ann"].Metas[0]["phx_ref"] == "" {
		t.Errorf("the state is %v", list)
	}
	b := s.Connect(bob).Join("room:a", nil)
	list = nil
	b.RequirePush("presence_state", &list)
	if len(list) != 2 {
		t.Errorf("bob is told of %v", list)
	}
	var d diff
	a.RequirePush("presence_diff", &d)
	if len(d.Joins) != 1 || len(d.Joins["bob"].Metas) != 1 || d.Leaves == nil || len(d.Leaves) != 0 {
		t.Errorf("a join is told as %v", d)
	}
	before := d.Joins["bob"].Metas[0]["phx_ref"]
	b.Push("mood", member{"merry"}).RequireOK(nil)
	for _, c := range []*channeltest.Topic{a, b} {
		d = diff{}
		for d.Leaves["bob"].Metas == nil { // bob may have been told of himself
			d = diff{}
			c.RequirePush("presence_diff", &d)
		}
		if joined := d.Joins["bob"].Metas[0]; joined["mood"] != "merry" || joined["phx_ref_prev"] != before || d.Leaves["bob"].Metas[0]["phx_ref"] != before {
			t.Errorf("an update is told as %v", d)
		}
	}
	b.Leave()
	d = diff{}
	a.RequirePush("presence_diff", &d)
	if len(d.Leaves["bob"].Metas) != 1 || len(d.Joins) != 0 {
		t.Errorf("a leave is told as %v", d)
	}
	a.Push("gone", nil).RequireOK(nil)
	d = diff{}
	a.RequirePush("presence_diff", &d)
	if len(d.Leaves["ann"].Metas) != 1 || people.Count() != 0 {
		t.Errorf("somebody who says so is not gone: %v, %d", d, people.Count())
	}
}

func TestPresenceRefusesWhatTheClientCannotTake(t *testing.T) {
	t.Parallel()
	tracker, err := presence.New(presence.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(tracker.Close)
	s := channeltest.Serve(t, rooms(func(r *room) {
		r.join = func(_ *room, s *channel.Socket, p channel.Params) error {
			switch p.Match {
			case "list":
				_, err := channel.Track(s, presence.NewTopic[[]int](tracker, p.Topic), "ann", []int{1})
				return err
			case "key":
				_, err := channel.Track(s, presence.NewTopic[member](tracker, p.Topic), "__proto__", member{})
				return err
			}
			return channel.ShowPresence(s, presence.Topic[member]{})
		}
	}))
	c := s.Connect(ann)
	for _, match := range []string{"list", "key", "zero"} {
		c.RequireRefused("room:"+match, nil, nil)
	}
	got := strings.Join(s.Crashes(), "\n")
	for _, want := range []string{"a struct or a map", "property of every JavaScript object", "zero Topic"} {
		if !strings.Contains(got, want) {
			t.Errorf("the log has no %q in it:\n%s", want, got)
		}
	}
}
