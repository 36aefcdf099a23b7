package live

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/a-h/templ"

	"bennu/render"
)

type post struct{ ID, Text string }

// feed is a view with a stream.
type feed struct {
	Posts Stream[post]
	N     int
	mount func(*Stream[post])
}

func (f *feed) Mount(*Socket, Params) error {
	f.Posts.Init("posts", func(p post) string { return p.ID })
	if f.mount != nil {
		f.mount(&f.Posts)
	}
	return nil
}

var (
	feedTemplate = render.New(1<<63|96, render.Root, `<div><b>`, `</b><ul id="posts" phx-update="stream">`, `</ul></div>`)
	postTemplate = render.New(1<<63|97, 0, `<li id="`, `">`, `</li>`)
)

func (f *feed) Render() templ.Component {
	return render.Func(func(w *render.Writer, slot int) error {
		w.Nest(slot, feedTemplate)
		w.Int(0, int64(f.N))
		items := render.StreamItems(w, 1, postTemplate, &f.Posts)
		for id, p := range items.All() {
			items.Entry()
			w.Str(0, id)
			w.Str(1, p.Text)
			items.EndEntry()
		}
		items.End()
		w.End()
		return nil
	})
}

// change runs f on the view's goroutine and returns what the client is told.
func (r *run) change(f func(*feed)) string {
	r.Helper()
	if _, err := Call(r.Context(), Ref{r.p}, func(v *feed) int { f(v); return 0 }); err != nil {
		r.Error(err)
	}
	synctest.Wait()
	return fmt.Sprint(r.out.take())
}

func TestStreams(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := &feed{mount: func(s *Stream[post]) { s.Append(post{"a", "one"}, post{"b", "two"}) }}
		r := startIn(t, v, Spec{}, new(Runtime))
		r.has(fmt.Sprint(r.out.take()), `"1":{"k":{"0":{"0":"posts-a","1":"one"},"1":{"0":"posts-b","1":"two"},"kc":2},"s":0,"stream":[`,
			`[["posts-b",-1,null,null],["posts-a",-1,null,null]],[]]}`)
		if n := len(v.Posts.pending); n != 0 {
			t.Errorf("%d items wait after they were sent, want none", n)
		}
		size := r.p.tape.Size()
		for _, tt := range []struct {
			name   string
			change func(*feed)
			want   string
		}{
			{"nothing", func(f *feed) {}, `[]`},
			{"something else", func(f *feed) { f.N++ }, `[push diff {"0":"1"}]`},
			{"prepend two", func(f *feed) { f.Posts.Prepend(post{"c", "3"}, post{"d", "4"}) },
				`[push diff {"1":{"k":{"0":{"0":"posts-c","1":"3"},"1":{"0":"posts-d","1":"4"},"kc":2},"stream":["posts",[["posts-d",0,null,null],["posts-c",0,null,null]],[]]}}]`},
			{"limits", func(f *feed) { f.Posts.Insert(2, -5, post{"e", "5"}) },
				`[push diff {"1":{"k":{"0":{"0":"posts-e","1":"5"},"kc":1},"stream":["posts",[["posts-e",2,-5,null]],[]]}}]`},
			{"update", func(f *feed) { f.Posts.Update(post{"a", "<new>"}) },
				`[push diff {"1":{"k":{"0":{"0":"posts-a","1":"&lt;new&gt;"},"kc":1},"stream":["posts",[["posts-a",-1,null,true]],[]]}}]`},
			{"delete", func(f *feed) { f.Posts.Delete(post{ID: "a"}, post{ID: "a"}); f.Posts.DeleteID("b") },
				`[push diff {"1":{"k":{"kc":0},"stream":["posts",[],["posts-a","posts-b"]]}}]`},
			{"move", func(f *feed) { f.Posts.Delete(post{ID: "c"}); f.Posts.Append(post{"c", "moved"}) },
				`[push diff {"1":{"k":{"0":{"0":"posts-c","1":"moved"},"kc":1},"stream":["posts",[["posts-c",-1,null,null]],["posts-c"]]}}]`},
			{"insert, then delete", func(f *feed) { f.Posts.Append(post{"x", "x"}); f.Posts.Delete(post{ID: "x"}) },
				`[push diff {"1":{"k":{"kc":0},"stream":["posts",[],["posts-x"]]}}]`},
			{"the later of one id", func(f *feed) { f.Posts.Prepend(post{"y", "old"}); f.Posts.Append(post{"y", "new"}) },
				`[push diff {"1":{"k":{"0":{"0":"posts-y","1":"new"},"kc":1},"stream":["posts",[["posts-y",-1,null,null]],[]]}}]`},
			{"update of what is to be inserted", func(f *feed) { f.Posts.Prepend(post{"z", "old"}); f.Posts.Update(post{"z", "new"}) },
				`[push diff {"1":{"k":{"0":{"0":"posts-z","1":"new"},"kc":1},"stream":["posts",[["posts-z",0,null,null]],[]]}}]`},
			{"update of what is to be deleted", func(f *feed) { f.Posts.DeleteID("z"); f.Posts.Update(post{"z", "new"}) },
				`[push diff {"1":{"k":{"kc":0},"stream":["posts",[],["posts-z"]]}}]`},
			{"update after a reset", func(f *feed) { f.Posts.Reset(post{"r", "r"}); f.Posts.Update(post{"z", "z"}, post{"r", "s"}) },
				`[push diff {"1":{"k":{"0":{"0":"posts-r","1":"s"},"kc":1},"stream":["posts",[["posts-r",-1,null,null]],[],true]}}]`},
			{"reset", func(f *feed) { f.Posts.Append(post{"q", "q"}); f.Posts.Reset(post{"r", "r"}) },
				`[push diff {"1":{"k":{"0":{"0":"posts-r","1":"r"},"kc":1},"stream":["posts",[["posts-r",-1,null,null]],[],true]}}]`},
			{"empty reset", func(f *feed) { f.Posts.Reset() }, `[push diff {"1":{"k":{"kc":0},"stream":["posts",[],[],true]}}]`},
		} {
			if got := r.change(tt.change); got != tt.want {
				t.Errorf("%s: said\n  %s\nwant\n  %s", tt.name, got, tt.want)
			}
		}
		if got := r.p.tape.Size(); got > size {
			t.Errorf("the tape takes %d bytes after all this, %d before", got, size)
		}
		r.stopped()
	})
}

func TestStreamIsShownWhenEmptyAndDead(t *testing.T) {
	t.Parallel()
	page, err := new(Runtime).Static(t.Context(), Spec{View: &feed{mount: func(s *Stream[post]) { s.Append(post{"a", "one"}) }}}, nil, nil)
	if want := `<div><b>0</b><ul id="posts" phx-update="stream"><li id="posts-a">one</li></ul></div>`; err != nil || string(page.HTML) != want {
		t.Errorf("Static = %q, %v, want %q", page.HTML, err, want)
	}
	synctest.Test(t, func(t *testing.T) {
		r := startIn(t, new(feed), Spec{}, new(Runtime))
		r.has(fmt.Sprint(r.out.take()), `"1":{"k":{"kc":0},"s":0,"stream":[`)
		r.stopped()
	})
}

// A list that the page does not have yet is sent, and drawn in a dead render, as
// it is to look: the client takes the items of a new element as they stand.
func TestStreamThatIsNewOnThePage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		at := func(id string) post { return post{id, id} }
		tests := []struct {
			name  string
			mount func(*Stream[post])
			ids   string
			ops   string
		}{
			{"prepend", func(s *Stream[post]) { s.Prepend(at("a"), at("b")); s.Append(at("c")) },
				"b a c", `[["posts-c",-1,null,null],["posts-a",1,null,null],["posts-b",0,null,null]],[]]`},
			{"in between", func(s *Stream[post]) { s.Append(at("a"), at("b")); s.Insert(1, 0, at("c")); s.Insert(99, 0, at("d")) },
				"a c b d", `[["posts-d",3,null,null],["posts-b",-1,null,null],["posts-c",1,null,null],["posts-a",-1,null,null]],[]]`},
			{"first ones", func(s *Stream[post]) { s.Insert(0, 2, at("a"), at("b"), at("c")) },
				"c b", `[["posts-b",1,2,null],["posts-c",0,2,null]],[]]`},
			{"last ones", func(s *Stream[post]) { s.Insert(-1, -2, at("a"), at("b"), at("c")); s.Append(at("d")) },
				"b c d", `[["posts-d",-1,null,null],["posts-c",-1,null,null],["posts-b",-1,null,null]],[]]`},
			{"update of what is not there", func(s *Stream[post]) { s.Append(at("a")); s.Update(at("b")) },
				"a", `[["posts-a",-1,null,null]],[]]`},
		}
		for _, tt := range tests {
			page, err := new(Runtime).Static(t.Context(), Spec{View: &feed{mount: tt.mount}}, nil, nil)
			want := `<div><b>0</b><ul id="posts" phx-update="stream">`
			for id := range strings.FieldsSeq(tt.ids) {
				want += `<li id="posts-` + id + `">` + id + `</li>`
			}
			if want += `</ul></div>`; err != nil || string(page.HTML) != want {
				t.Errorf("%s: Static = %s, %v, want %s", tt.name, page.HTML, err, want)
			}
			r := startIn(t, &feed{mount: tt.mount}, Spec{}, new(Runtime))
			r.has(fmt.Sprint(r.out.take()), `"stream":["posts",`+tt.ops)
			r.stopped()
		}
	})
}

func TestStreamWithoutInit(t *testing.T) {
	t.Parallel()
	defer func() {
		if v := fmt.Sprint(recover()); !strings.Contains(v, "call it in Mount") {
			t.Errorf("panic %q, want one that says what is missing", v)
		}
	}()
	new(Stream[post]).Append(post{})
}
