package channel

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"bennu/internal/logs"
)

// slow is how long a callback may take before a warning names it.
const slow = 200 * time.Millisecond

// lastWords is how long a Terminate may use its context.
const lastWords = 5 * time.Second

// shared is what the channels of one socket handler have in common.
type shared struct {
	sampler logs.Sampler // of what goes wrong over and over
	said    sync.Map     // what is logged once, by name
	running atomic.Int64
	relays  relays

	mu   sync.Mutex
	idle chan struct{} // closed when running falls to 0 while somebody waits
}

func (r *Runtime) log() *slog.Logger {
	if r.env.Log != nil {
		return r.env.Log
	}
	return slog.Default()
}

func (r *Runtime) mailbox() int {
	if r.env.Mailbox > 0 {
		return r.env.Mailbox
	}
	return 1024
}

func (r *Runtime) mailboxBytes() int {
	if r.env.MailboxBytes > 0 {
		return r.env.MailboxBytes
	}
	return 1 << 20
}

// sampled reports whether a record of this kind is to be written in full.
func (r *Runtime) sampled(k logs.Kind, err error) bool {
	log := r.log()
	return log.Enabled(context.Background(), k.Level) && r.sampler.Take(log, k, err)
}

// once runs f the first time that it is called with this name. The names come
// from types of the program, so that there are few.
func (r *Runtime) once(name string, f func()) {
	if _, again := r.said.LoadOrStore(name, true); !again {
		f()
	}
}

// Channels is how many are joined, joining or ending.
func (r *Runtime) Channels() int { return int(r.running.Load()) }

// Wait returns when no channel runs any more, or with the context's error. The
// log then has all that there is to say.
func (r *Runtime) Wait(ctx context.Context) error {
	defer r.sampler.Flush()
	r.mu.Lock()
	if r.running.Load() == 0 {
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

// ended counts a channel out.
func (r *Runtime) ended() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.running.Add(-1) == 0 && r.idle != nil {
		close(r.idle)
		r.idle = nil
	}
}
