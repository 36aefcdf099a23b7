package live

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"bennu/internal/logs"
	"bennu/telemetry"
)

// Runtime is what all views of one app share. Set its fields before the first
// view starts; the zero Runtime works and logs to [slog.Default].
type Runtime struct {
	// Log takes what the views' lives are logged as; nil is slog.Default().
	Log *slog.Logger
	// Prefix is the path that the app is mounted under, "" for none.
	Prefix string
	// Router resolves the addresses that views patch to; without one Patch fails.
	Router Router
	// SignFlash makes the token that takes messages to the next page of the
	// session's browser; without it they stay behind.
	SignFlash func(session *Session, flash map[string]string) string
	// Nested makes the views that stand in others, by name; Children makes their
	// tokens.
	Nested   map[string]NestedView
	Children ChildTokens
	// Mailbox is how many messages may wait for one view; 0 is 1,024.
	Mailbox int
	// MailboxBytes is how many bytes of payload may wait for one view; 0 is
	// 1 MiB. A single message is taken whatever its size.
	MailboxBytes int
	// Mounts is how many views may mount at a time for joins, and how many for
	// pages, each with its first render; others wait. 0 is 1,000, a negative
	// number any number.
	Mounts int
	// Keep is how many first states may wait for their sockets, see [Connector];
	// 0 is 1,000. The oldest gives way.
	Keep int
	// Slow is how long a handler may take before a warning names it; 0 is
	// 200 ms.
	Slow time.Duration

	// Observe is told what happens to the views.
	Observe telemetry.Observer

	pages, joins mounts
	runners      runners
	sampler      logs.Sampler // of what goes wrong over and over
	watch        watch
	keeper       keeper
	processes    atomic.Uint64
	running      atomic.Int64
	tasks        atomic.Int64

	said     sync.Map // what is logged once, by name
	parents  sync.Map // the processes that have nested views, by number
	bootOnce sync.Once
	bootText string

	mu   sync.Mutex
	idle chan struct{} // closed when running and tasks fall to 0 while somebody waits
}

func (r *Runtime) log() *slog.Logger {
	if r.Log != nil {
		return r.Log
	}
	return slog.Default()
}

func (r *Runtime) mailbox() int {
	if r.Mailbox > 0 {
		return r.Mailbox
	}
	return 1024
}

func (r *Runtime) mailboxBytes() int {
	if r.MailboxBytes > 0 {
		return r.MailboxBytes
	}
	return 1 << 20
}

func (r *Runtime) slow() time.Duration {
	if r.Slow > 0 {
		return r.Slow
	}
	return 200 * time.Millisecond
}

// once runs f the first time that it is called with this name. The names come
// from types of the program, so that there are few.
func (r *Runtime) once(name string, f func()) {
	if _, again := r.said.LoadOrStore(name, true); !again {
		f()
	}
}

// Views is the number of views that are connected, joining or ending.
func (r *Runtime) Views() int { return int(r.running.Load()) }

// sampled reports whether a record of this kind is to be written in full.
func (r *Runtime) sampled(k logs.Kind, err error) bool {
	log := r.log()
	return log.Enabled(context.Background(), k.Level) && r.sampler.Take(log, k, err)
}

// Wait returns when no view and no task of one runs any more, or with the
// context's error. The log then has all that there is to say. First states that
// wait for their sockets are given up.
func (r *Runtime) Wait(ctx context.Context) error {
	defer r.sampler.Flush()
	r.keeper.drop()
	r.mu.Lock()
	if r.running.Load()+r.tasks.Load() == 0 {
		r.mu.Unlock()
		return nil
	}
	if r.idle == nil {
		r.idle = make(chan struct{})
	}
	idle := r.idle
	r.mu.Unlock()
	select {
	case <-idle:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// ended counts a view out.
func (r *Runtime) ended() { r.countOut(&r.running) }

// taskStarted counts a task of a running view in, taskEnded counts it out.
func (r *Runtime) taskStarted() { r.tasks.Add(1) }
func (r *Runtime) taskEnded()   { r.countOut(&r.tasks) }

func (r *Runtime) countOut(of *atomic.Int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	of.Add(-1)
	if r.idle != nil && r.running.Load()+r.tasks.Load() == 0 {
		close(r.idle)
		r.idle = nil
	}
}
