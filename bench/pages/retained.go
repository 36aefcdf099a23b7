package pages

import (
	"context"
	"runtime"

	"github.com/a-h/templ"

	"bennu/bench/pages/data"
	"bennu/bench/pages/ours"
	"bennu/render"
)

// A Memory is a page of which every view remembers what its browser shows.
type Memory struct {
	Name string
	Most int // bytes: the bar; 0: none
	Page func() templ.Component
}

// Memories are the pages whose memory is measured. What belongs to the page
// itself, such as its rows, is not the render's and does not count.
func Memories() []Memory {
	c, d, t, tracked := data.NewCounter(), data.NewDashboard(), data.NewTable("row"), data.NewTracked("row")
	return []Memory{
		{"counter", 64, func() templ.Component { return ours.Counter(c) }},
		{"dashboard", 3_200, func() templ.Component { return ours.Dashboard(d) }},
		{"table", 106_000, func() templ.Component { return ours.Table(t) }},
		{"table, rows with live.Memo", 0, func() templ.Component { return ours.Memo(t) }},
		{"table, live.Rows", 0, func() templ.Component { return ours.Tracked(tracked) }},
		{"table, live.Chunked", 0, func() templ.Component { return ours.Chunked(t) }},
	}
}

// Retained is what a view remembers, in bytes: as it counts itself, and by how
// much the heap grows, which rounds large pieces up to whole pages.
func (m Memory) Retained() (size, heap int, err error) {
	var buf []byte
	show := func(s *render.State) (err error) {
		buf, err = s.AppendDiff(context.Background(), buf[:0], m.Page())
		return err
	}
	var first render.State
	if err := show(&first); err != nil { // fills pools
		return 0, 0, err
	}
	size = first.Size()
	views := max(20, 4<<20/size) // megabytes, beside which nothing else counts
	before := liveHeap()
	states := make([]render.State, views)
	for i := range states {
		if err := show(&states[i]); err != nil {
			return 0, 0, err
		}
	}
	grown := liveHeap() - before
	runtime.KeepAlive(states)
	runtime.KeepAlive(buf)
	return size, grown / views, nil
}

// liveHeap is what is left after collections. The first empties pools into
// their reserves, the second empties those.
func liveHeap() int {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int(m.HeapAlloc)
}
