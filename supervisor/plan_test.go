package supervisor

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"
)

var errCrash = errors.New("crash")

// world runs a plan without goroutines: it notes what the plan wants and says
// what came of it.
type world struct {
	t    testing.TB
	plan *plan
	now  time.Time
	log  []string // "+a" is started, "-a" is stopped
	wait map[*member]time.Time
	end  bool
	why  error
}

func newWorld(t testing.TB, o Options, children ...string) *world {
	o, err := o.complete()
	if err != nil {
		t.Fatal(err)
	}
	w := &world{t: t, plan: newPlan(&o, func() float64 { return 0.5 }), now: time.Unix(1, 0), wait: make(map[*member]time.Time)}
	for _, name := range children {
		w.plan.add(w.member(name))
	}
	return w
}

// member makes one of a name with its kind behind it: "a" is always, "a?" on
// failure, "a!" never restarted.
func (w *world) member(name string) *member {
	m := &member{name: strings.TrimRight(name, "?!")}
	switch name[len(name)-1] {
	case '?':
		m.restart = OnFailure
	case '!':
		m.restart = Never
	}
	return m
}

func (w *world) of(name string) *member {
	for _, m := range w.plan.ordered {
		if m.name == name {
			return m
		}
	}
	for m := range w.plan.loose {
		if m.name == name {
			return m
		}
	}
	w.t.Fatalf("no member %q", name)
	return nil
}

// next notes what is due.
func (w *world) next(m *member) {
	for _, a := range w.plan.next(w.now, m) {
		switch a.do {
		case doStart:
			w.log = append(w.log, "+"+a.member.name)
		case doStop:
			w.log = append(w.log, "-"+a.member.name)
		case doWait:
			if _, twice := w.wait[a.member]; twice {
				w.t.Errorf("two timers run for %s", a.member.name)
			}
			w.wait[a.member] = w.now.Add(a.after)
		case doEnd:
			w.end, w.why = true, a.cause
		}
	}
}

// settle lets everything that was begun come out well, until nothing is.
func (w *world) settle() {
	for {
		m := w.pending()
		if m == nil {
			return
		}
		if m.phase == starting {
			w.plan.started(m, w.now)
		} else {
			w.plan.exited(m, nil, w.now)
		}
		w.next(m)
	}
}

func (w *world) pending() *member {
	all := slices.Clone(w.plan.ordered)
	for m := range w.plan.loose {
		all = append(all, m)
	}
	for _, m := range all {
		if m.phase == starting || m.phase == stopping {
			return m
		}
	}
	return nil
}

// pass lets time pass, to where somebody waits for.
func (w *world) pass() bool {
	var first *member
	for m, at := range w.wait {
		if first == nil || at.Before(w.wait[first]) {
			first = m
		}
	}
	if first == nil {
		return false
	}
	if at := w.wait[first]; at.After(w.now) {
		w.now = at
	}
	delete(w.wait, first)
	w.plan.wake(first)
	w.next(first)
	return true
}

func (w *world) crash(name string, err error) bool {
	m := w.of(name)
	fault := w.plan.exited(m, err, w.now)
	w.next(m)
	return fault
}

// take is what was done since.
func (w *world) take() string {
	s := strings.Join(w.log, " ")
	w.log = nil
	return s
}

func TestStrategies(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		strategy Strategy
		children string
		crash    string
		want     string
	}{
		{OneForOne, "a b c", "b", "+b"},
		{RestForOne, "a b c", "b", "-c +b +c"},
		{RestForOne, "a b c d", "a", "-d -c -b +a +b +c +d"},
		{RestForOne, "a b c", "c", "+c"},
		{OneForAll, "a b c", "b", "-c -a +a +b +c"},
		{OneForAll, "a b? c!", "a", "-c -b +a +b"},
		{OneForAll, "a! b", "b", "-a +b"},
		{OneForOne, "a? b", "a", "+a"},
		{OneForOne, "a! b", "a", ""},
		{OneForAll, "a! b", "a", ""},
	} {
		w := newWorld(t, Options{Strategy: tt.strategy, Backoff: Backoff{First: -1}}, strings.Fields(tt.children)...)
		w.next(nil)
		w.settle()
		if got, want := w.take(), "+"+strings.Join(strings.Fields(strings.NewReplacer("?", "", "!", "").Replace(tt.children)), " +"); got != want {
			t.Errorf("%v of %s starts %s, want %s", tt.strategy, tt.children, got, want)
		}
		if !w.crash(tt.crash, errCrash) {
			t.Errorf("the crash of %s is no fault", tt.crash)
		}
		w.settle()
		if got := w.take(); got != tt.want {
			t.Errorf("%v of %s, %s crashes: %s, want %s", tt.strategy, tt.children, tt.crash, got, tt.want)
		}
		w.plan.end(ErrStopped)
		w.next(nil)
		w.settle()
		if !w.end || w.why != nil {
			t.Errorf("after the end: %v, %v", w.end, w.why)
		}
	}
}

func TestReturnOfNilIsNoCrash(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{"a": "+a", "a?": "", "a!": ""} {
		w := newWorld(t, Options{}, name)
		w.next(nil)
		w.settle()
		w.take()
		if fault := w.crash("a", nil); fault != (want != "") {
			t.Errorf("%s: fault is %v", name, fault)
		}
		w.settle()
		if got := w.take(); got != want {
			t.Errorf("%s returns nil: %q, want %q", name, got, want)
		}
	}
}

func TestIntensity(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		limit   Intensity
		every   time.Duration
		crashes int // until it fails; 0: never
	}{
		{Intensity{}, time.Second, 4},
		{Intensity{}, 2 * time.Second, 0},
		{Intensity{Restarts: NoRestarts}, time.Hour, 1},
		{Intensity{Restarts: Unlimited}, 0, 0},
		{Intensity{Restarts: 1, Period: time.Minute}, time.Second, 2},
		{Intensity{Restarts: 1, Period: time.Minute}, time.Minute, 0},
	} {
		w := newWorld(t, Options{Intensity: tt.limit, Backoff: Backoff{First: -1}}, "a", "b")
		w.next(nil)
		w.settle()
		failed := 0
		for i := 1; i <= 50 && failed == 0; i++ {
			w.now = w.now.Add(tt.every)
			w.crash("a", errCrash)
			w.settle()
			if w.end {
				failed = i
			}
		}
		if failed != tt.crashes {
			t.Errorf("%+v, a crash each %v: fails at crash %d, want %d", tt.limit, tt.every, failed, tt.crashes)
		}
		if e, ok := errors.AsType[*IntensityError](w.why); failed > 0 && (!ok || e.Child != "a" || !errors.Is(e, errCrash)) {
			t.Errorf("%+v: fails with %v", tt.limit, w.why)
		}
	}
}

func TestBackoff(t *testing.T) {
	t.Parallel()
	b := Backoff{First: 100 * time.Millisecond, Most: time.Second}
	for i, want := range []time.Duration{0, 100, 200, 400, 800, 1000, 1000} {
		if got := b.delay(i, func() float64 { return 0.5 }); got != want*time.Millisecond {
			t.Errorf("delay(%d) = %v, want %v", i, got, want*time.Millisecond)
		}
	}
	for _, failures := range []int{1, 31, 32, 63, 64, 1000} {
		for _, j := range []float64{0, 0.999} {
			if d := b.delay(failures, func() float64 { return j }); d < 75*time.Millisecond || d > 1250*time.Millisecond {
				t.Errorf("delay(%d) with jitter %v = %v", failures, j, d)
			}
		}
	}
	w := newWorld(t, Options{Intensity: Intensity{Restarts: Unlimited}, Backoff: Backoff{First: time.Second, Reset: time.Minute}}, "a", "b")
	w.next(nil)
	w.settle()
	start := w.now
	for range 4 {
		w.crash("a", errCrash)
		for w.pass() {
		}
		w.settle()
	}
	if got := w.now.Sub(start); got != 7*time.Second {
		t.Errorf("four crashes waited %v, want 0+1+2+4 s", got)
	}
	w.now = w.now.Add(time.Minute)
	w.take()
	w.crash("a", errCrash)
	if got := w.take(); got != "+a" {
		t.Errorf("after a calm minute: %q, want a restart at once", got)
	}
}

func TestFirstStartThatFailsUnwinds(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{}, "a", "b", "c", "d")
	w.next(nil)
	for _, name := range []string{"a", "b"} {
		w.plan.started(w.of(name), w.now)
		w.next(nil)
	}
	w.crash("c", errCrash)
	w.settle()
	if got, want := w.take(), "+a +b +c -b -a"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if e, ok := errors.AsType[*StartError](w.why); !w.end || !ok || e.Child != "c" {
		t.Errorf("end %v, %v, want a StartError of c", w.end, w.why)
	}
}

func TestStuckChildIsNotDoubled(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{Strategy: OneForAll}, "a", "b", "c")
	w.next(nil)
	w.settle()
	w.take()
	w.crash("a", errCrash) // c is being stopped
	c := w.of("c")
	w.plan.late(c)
	w.next(c)
	w.settle()
	if got, want := w.take(), "-c -b +a +b"; got != want {
		t.Errorf("while c is stuck: %s, want %s", got, want)
	}
	w.crash("c", nil)
	w.settle()
	if got, want := w.take(), "+c"; got != want {
		t.Errorf("when c has ended: %s, want %s", got, want)
	}
}

func TestStuckChildHoldsUpThoseBehindIt(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{Strategy: RestForOne}, "a", "b", "c")
	w.next(nil)
	w.settle()
	w.take()
	w.crash("a", errCrash) // c is being stopped, then b
	w.crash("c", nil)
	b := w.of("b")
	w.plan.late(b)
	w.next(b)
	w.settle()
	if got, want := w.take(), "-c -b +a"; got != want {
		t.Errorf("while b is stuck: %s, want %s", got, want)
	}
	w.plan.halt(b) // nobody waits for it any more
	w.next(b)
	w.settle()
	if got, want := w.take(), "+c"; got != want {
		t.Errorf("when b is given up: %s, want %s", got, want)
	}
	w.crash("b", nil)
	w.settle()
	if got := w.take(); got != "" || b.phase != ended {
		t.Errorf("when b has ended: %s, phase %d", got, b.phase)
	}
}

func TestStopOfOneThatIsBeingRestarted(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{Strategy: OneForAll}, "a", "b")
	w.next(nil)
	w.settle()
	w.take()
	w.crash("a", errCrash)
	w.plan.halt(w.of("b"))
	w.next(w.of("b"))
	w.settle()
	if got, want := w.take(), "-b +a"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

// model is what a supervisor is to do, said in the simplest way: all at once,
// without anything between.
type model struct {
	strategy Strategy
	names    []string
	kinds    map[string]byte
	over     map[string]bool
}

func (m *model) crash(name string, err error) (log []string) {
	kind := m.kinds[name]
	if kind == '!' || kind == '?' && err == nil {
		m.over[name] = true
		return nil
	}
	at := slices.Index(m.names, name)
	affected := map[string]bool{name: true}
	for i, other := range m.names {
		if m.over[other] || m.strategy == OneForOne || m.strategy == RestForOne && i < at {
			continue
		}
		affected[other] = true
	}
	for _, other := range slices.Backward(m.names) {
		if affected[other] && other != name {
			log = append(log, "-"+other)
			if m.kinds[other] == '!' {
				m.over[other] = true
			}
		}
	}
	for _, other := range m.names {
		if affected[other] && !m.over[other] {
			log = append(log, "+"+other)
		}
	}
	return log
}

func TestPlanAgainstModel(t *testing.T) {
	t.Parallel()
	for seed := range uint64(2000) {
		r := rand.New(rand.NewPCG(seed, 1))
		m := &model{strategy: Strategy(r.IntN(3)), kinds: make(map[string]byte), over: make(map[string]bool)}
		var specs []string
		for i := range 1 + r.IntN(6) {
			name := string(rune('a' + i))
			m.names = append(m.names, name)
			m.kinds[name] = "    ?!"[r.IntN(6)]
			specs = append(specs, strings.TrimSpace(name+string(m.kinds[name])))
		}
		w := newWorld(t, Options{Strategy: m.strategy, Intensity: Intensity{Restarts: Unlimited}}, specs...)
		w.next(nil)
		w.settle()
		w.take()
		for step := range 20 {
			name := m.names[r.IntN(len(m.names))]
			if m.over[name] {
				continue
			}
			err := errCrash
			if r.IntN(2) == 0 {
				err = nil
			}
			want := strings.Join(m.crash(name, err), " ")
			w.crash(name, err)
			w.settle()
			for w.pass() {
				w.settle()
			}
			if got := w.take(); got != want {
				t.Fatalf("seed %d, %v of %v, step %d: %s ends with %v: %q, want %q", seed, m.strategy, specs, step, name, err, got, want)
			}
		}
	}
}

// Whatever happens in whatever order, and however late: nothing runs twice,
// order is kept, and in the end all is as it should be.
func TestPlanUnderRandomEvents(t *testing.T) {
	t.Parallel()
	for seed := range uint64(3000) {
		r := rand.New(rand.NewPCG(seed, 2))
		strategy := Strategy(r.IntN(3))
		var specs []string
		for i := range 1 + r.IntN(5) {
			specs = append(specs, strings.TrimSpace(string(rune('a'+i))+string("   ?!"[r.IntN(5)])))
		}
		limit := Unlimited
		if r.IntN(3) == 0 {
			limit = 1 + r.IntN(5)
		}
		w := newWorld(t, Options{Strategy: strategy, Intensity: Intensity{Restarts: limit}}, specs...)
		runs := make(map[*member]bool)
		check := func(step string) {
			for _, entry := range w.log {
				m := w.of(entry[1:])
				if entry[0] == '+' {
					if runs[m] {
						t.Fatalf("seed %d, %s: %s is started while it runs", seed, step, m.name)
					}
					runs[m] = true
					if m.loose || strategy == OneForOne && w.plan.booted {
						continue
					}
					for _, before := range w.plan.ordered[:slices.Index(w.plan.ordered, m)] {
						if before.phase != up && before.phase != ended && before.phase != stuck {
							t.Fatalf("seed %d, %s: %s is started before %s", seed, step, m.name, before.name)
						}
					}
				} else if !runs[m] {
					t.Fatalf("seed %d, %s: %s is stopped and does not run", seed, step, m.name)
				} else if strategy != OneForOne && !m.loose && m.cause != ErrStopped {
					for _, behind := range w.plan.ordered[slices.Index(w.plan.ordered, m)+1:] {
						if behind.live() && (w.plan.ending || behind.stop) {
							t.Fatalf("seed %d, %s: %s is stopped before %s", seed, step, m.name, behind.name)
						}
					}
				}
			}
			w.log = nil
		}
		w.next(nil)
		check("start")
		added := 0
		for i := range 60 {
			var all []*member
			all = append(all, w.plan.ordered...)
			for m := range w.plan.loose {
				all = append(all, m)
			}
			slices.SortFunc(all, func(a, b *member) int { return strings.Compare(a.name, b.name) })
			if len(all) == 0 {
				break
			}
			m := all[r.IntN(len(all))]
			step := fmt.Sprintf("step %d: ", i)
			switch r.IntN(8) {
			case 0, 1:
				if m.phase == starting {
					step += m.name + " starts"
					w.plan.started(m, w.now)
				}
			case 2, 3:
				if runs[m] {
					step += m.name + " ends"
					runs[m] = false
					var err error
					if r.IntN(2) == 0 {
						err = errCrash
					}
					w.plan.exited(m, err, w.now)
				}
			case 4:
				step += m.name + " is late"
				w.plan.late(m)
			case 5:
				step += "time"
				w.pass()
			case 6:
				if r.IntN(4) == 0 && w.plan.booted && !w.plan.ending {
					added++
					m = w.member(fmt.Sprintf("x%d", added))
					step += "add " + m.name
					w.plan.add(m)
				}
			case 7:
				if r.IntN(4) == 0 {
					step += "halt " + m.name
					w.plan.halt(m)
				}
			}
			w.next(m)
			check(step)
		}
		if r.IntN(2) == 0 {
			w.plan.end(ErrStopped)
			w.next(nil)
			check("end")
		}
		// All that was begun comes to its end.
		for range 1000 {
			done := true
			for m, is := range runs {
				if m.phase == starting {
					w.plan.started(m, w.now)
				} else if is && (m.phase == stopping || m.phase == stuck) {
					runs[m] = false
					w.plan.exited(m, nil, w.now)
				} else {
					continue
				}
				done = false
				w.next(m)
				check("settling")
			}
			if done && !w.pass() {
				break
			}
			check("settling")
		}
		if w.plan.ending != w.end {
			t.Fatalf("seed %d: ending is %v, ended %v", seed, w.plan.ending, w.end)
		}
		for m, is := range runs {
			if is != (m.phase == up) || w.end && is {
				t.Fatalf("seed %d: %s runs is %v in phase %d, ended %v", seed, m.name, is, m.phase, w.end)
			}
		}
		for _, m := range w.plan.ordered {
			if m.phase != up && m.phase != ended {
				t.Fatalf("seed %d: %s is left in phase %d", seed, m.name, m.phase)
			}
		}
	}
}
