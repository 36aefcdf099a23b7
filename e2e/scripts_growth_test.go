package e2e

import (
	"fmt"
	"net/http"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"
)

// How a soak decides that something grows. It looks when nobody is there but
// those who stay, and they are quiet. What there is at the end of the first
// round has warmed up whatever warms up; from then on there must be no more of
// it, but for a measure that does not depend on how long the soak takes.
const (
	moreHeap       = 6 << 20  // bytes of live heap
	morePerView    = 16 << 10 // bytes more for each view that stays, whose lists may have grown
	moreGoroutines = 20       // Chromium's connection has some
	moreFiles      = 20
)

// A look at this process, in which both the server and its visitors are.
type look struct {
	name       string
	heap       uint64
	goroutines int
	files      int
	views      int // on the server
}

func (l look) String() string {
	return fmt.Sprintf("%-8s heap %6d kB, %4d goroutines, %3d open files, %3d views", l.name, l.heap>>10, l.goroutines, l.files, l.views)
}

// look waits until what must end has ended, as far as there is something to
// compare with, or for as long as patience lasts.
func (s *soak) look(name string, with *look) look {
	s.quiet.Lock()
	defer s.quiet.Unlock()
	s.proxy.Transport.(*http.Transport).CloseIdleConnections()
	http.DefaultTransport.(*http.Transport).CloseIdleConnections()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	late := time.After(patience)
	for with != nil && (runtime.NumGoroutine() > with.goroutines+moreGoroutines || openFiles() > with.files+moreFiles || s.app.Stats().Views > with.views) {
		select {
		case <-tick.C:
			continue
		case <-late:
		}
		break
	}
	s.log.wanted.Clear() // their views have ended
	runtime.GC()         // runs finalizers and empties pools
	runtime.GC()         // frees what they held
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return look{name: name, heap: m.HeapAlloc, goroutines: runtime.NumGoroutine(), files: openFiles(), views: s.app.Stats().Views}
}

// openFiles is how many files this process has open, 0 where that is not told.
func openFiles() int {
	all, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		return 0
	}
	return len(all)
}

// growth says what is wrong with the looks of a soak, of which the first is from
// before the first round.
func growth(looks []look, stay int) (wrong []string) {
	if len(looks) < 3 {
		return nil
	}
	first := looks[1]
	for _, l := range looks[1:] {
		if l.views > stay {
			wrong = append(wrong, fmt.Sprintf("%s: there are %d views of %d visitors who stay", l.name, l.views, stay))
		}
		wrong = append(wrong, more(first, l, uint64(stay)*morePerView)...)
	}
	return wrong
}

// remains says what is left when all have gone and the server has stopped.
func remains(before, after look) []string {
	wrong := more(before, after, 0)
	if after.views > 0 {
		wrong = append(wrong, fmt.Sprintf("%s: %d views are left", after.name, after.views))
	}
	return wrong
}

// more says what there is more of than may be.
func more(than, l look, heap uint64) (wrong []string) {
	if most := than.heap + moreHeap + heap; l.heap > most {
		wrong = append(wrong, fmt.Sprintf("%s: the live heap is %d kB, at %s it was %d kB: at most %d kB may be", l.name, l.heap>>10, than.name, than.heap>>10, most>>10))
	}
	if l.goroutines > than.goroutines+moreGoroutines {
		wrong = append(wrong, fmt.Sprintf("%s: there are %d goroutines, at %s there were %d", l.name, l.goroutines, than.name, than.goroutines))
	}
	if l.files > than.files+moreFiles {
		wrong = append(wrong, fmt.Sprintf("%s: %d files are open, at %s there were %d", l.name, l.files, than.name, than.files))
	}
	return wrong
}

func TestGrowthOfASoak(t *testing.T) {
	t.Parallel()
	first := look{name: "round 1", heap: 5 << 20, goroutines: 30, files: 12}
	grown := func(change func(*look)) []look {
		last := first
		last.name = "round 9"
		change(&last)
		return []look{{name: "start"}, first, first, last}
	}
	for _, tt := range []struct {
		name  string
		looks []look
		want  string
	}{
		{"a start that is smaller", grown(func(*look) {}), ""},
		{"as much as may be", grown(func(l *look) {
			l.heap += moreHeap + 2*morePerView
			l.goroutines += moreGoroutines
			l.files += moreFiles
		}), ""},
		{"heap", grown(func(l *look) { l.heap += moreHeap + 2*morePerView + 1 }), "round 9: the live heap is 11296 kB, at round 1 it was 5120 kB: at most 11296 kB may be"},
		{"goroutines", grown(func(l *look) { l.goroutines += moreGoroutines + 1 }), "round 9: there are 51 goroutines, at round 1 there were 30"},
		{"files", grown(func(l *look) { l.files += moreFiles + 1 }), "round 9: 33 files are open, at round 1 there were 12"},
		{"views", grown(func(l *look) { l.views = 3 }), "round 9: there are 3 views of 2 visitors who stay"},
		{"one round", []look{{name: "start"}, first}, ""},
	} {
		if got := strings.Join(growth(tt.looks, 2), "; "); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}
