package live

import (
	"context"
	"reflect"
	"strings"
	"testing"
)

func TestAsked(t *testing.T) {
	t.Parallel()
	var list Async[[]int]
	nothing := func(*Socket, int, error) error { return nil }
	tests := []struct {
		name string
		do   func(*Socket)
		want Asked
	}{
		{"nothing", func(*Socket) {}, Asked{}},
		{"patch", func(s *Socket) { s.Patch("/a?b=1", Replace) }, Asked{Patch: "/a?b=1", Replace: true}},
		{"navigate", func(s *Socket) { s.Navigate("/a") }, Asked{Navigate: "/a"}},
		{"redirect", func(s *Socket) { s.Redirect("/a") }, Asked{Redirect: "/a"}},
		{"elsewhere", func(s *Socket) { s.RedirectExternal("https://shop.test/") }, Asked{Redirect: "https://shop.test/"}},
		{"the last move counts", func(s *Socket) { s.Navigate("/a"); s.Patch("/b") }, Asked{Patch: "/b"}},
		{"flash", func(s *Socket) { s.PutFlash(Info, "old"); s.ClearFlash(Error); s.PutFlash(Info, "saved") },
			Asked{Flash: map[string]string{Info: "saved"}, ClearedFlash: []string{Error}}},
		{"all flash", func(s *Socket) { s.PutFlash(Info, "old"); s.ClearFlash() }, Asked{ClearedFlash: []string{""}}},
		{"title", func(s *Socket) { s.SetTitle("Inbox (3)") }, Asked{Title: "Inbox (3)"}},
		{"events", func(s *Socket) { s.PushEvent("a", map[string]int{"n": 1}); s.PushEvent("b", nil, BeforePatch) },
			Asked{Events: []AskedEvent{{"a", []byte(`{"n":1}`), false}, {"b", []byte("null"), true}}}},
		{"reply", func(s *Socket) { s.Reply(map[string]bool{"ok": true}) }, Asked{Reply: []byte(`{"ok":true}`)}},
		{"tasks", func(s *Socket) {
			Go(s, "job", func(context.Context) (int, error) { return 0, nil }, nothing)
			Load(s, &list, func(context.Context) ([]int, error) { return nil, nil })
			Cancel(s, "job")
		}, Asked{Tasks: []string{"job", "load []int"}}},
	}
	for _, tt := range tests {
		s := new(Socket)
		tt.do(s)
		if got := s.Asked(); !reflect.DeepEqual(got, tt.want) {
			t.Errorf("%s: asked for %+v, want %+v", tt.name, got, tt.want)
		}
	}
	if !list.Loading {
		t.Error("Load does not mark the field of a zero Socket as loading")
	}
	s := new(Socket)
	s.Redirect("//evil.test")
	if err := s.Asked().Err; err == nil || !strings.Contains(err.Error(), "want an address on this host") {
		t.Errorf("Err = %v", err)
	}
}
