package traffic

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"bennu/bench/internal/procstat"
)

// Loop is how a closed loop runs.
type Loop struct {
	// Clients is how many clients go round at once.
	Clients int
	// Warm is how long they do so before anything is counted, Time how long
	// after that.
	Warm, Time time.Duration
	// PID is the server's process, whose CPU time is read; 0: it is not.
	PID int
}

// Result is what a closed loop has measured. An operation is an event, a visit
// or a page load.
type Result struct {
	Mode      string  `json:"mode"`
	URL       string  `json:"url"`
	Clients   int     `json:"clients"`
	Seconds   float64 `json:"seconds"`
	Count     uint64  `json:"count"`
	PerSecond float64 `json:"per_second"`
	Latency   Latency `json:"latency"`

	// ReceivedBytes are the server's bytes for each operation, without frame
	// headers, SentBytes the client's: see the mode for what is counted.
	ReceivedBytes float64 `json:"received_bytes"`
	SentBytes     float64 `json:"sent_bytes,omitempty"`

	// ServerCPU is the server's CPU time for each operation in microseconds.
	ServerCPU float64 `json:"server_cpu_us,omitempty"`

	// ServerCores, ClientCores and MachineCores are how many CPUs were busy for
	// the server, for this client and altogether: where the last is more than
	// the sum of the others, something else was running.
	ServerCores  float64 `json:"server_cores,omitempty"`
	ClientCores  float64 `json:"client_cores"`
	MachineCores float64 `json:"machine_cores"`

	Failures map[string]int `json:"failures,omitempty"`
}

// A round is what a client does over and over: it says how many bytes it received and sent.
type round func() (received, sent int, err error)

// The phases of a loop.
const (
	warming int32 = iota
	measuring
	over
)

// errGone makes a client leave the loop; what is wrong has been counted.
var errGone = errors.New("traffic: the client is gone")

// maxWait is how long a loop waits for its first operation.
const maxWait = 30 * time.Second

// maxFailures ends a loop in which next to nothing succeeds.
const maxFailures = 1000

// run lets the clients go round. Each is used by one goroutine.
func (l Loop) run(ctx context.Context, fails *failures, clients []round) (Result, error) {
	var phase atomic.Int32
	var failed, done atomic.Int64
	var mu sync.Mutex
	var total tally
	var wg sync.WaitGroup
	for _, c := range clients {
		wg.Go(func() {
			var t tally
			for phase.Load() != over && failed.Load() < maxFailures {
				counted := phase.Load() == measuring
				start := time.Now()
				received, sent, err := c()
				if errors.Is(err, errGone) {
					failed.Add(1)
					break
				}
				if err != nil {
					fails.add(err)
					failed.Add(1)
					continue
				}
				if counted && phase.Load() == measuring {
					t.add(time.Since(start), received, sent)
					done.Add(1)
				}
			}
			mu.Lock()
			defer mu.Unlock()
			total.merge(&t)
		})
	}
	err := sleep(ctx, l.Warm)
	before := look(l.PID)
	phase.Store(measuring)
	if err == nil {
		err = sleep(ctx, l.Time)
	}
	// On a machine that is busy with other things the time may be too short for
	// even one operation. Then it is longer: being slow is no failure.
	for end := time.Now().Add(maxWait); err == nil && done.Load() == 0 && failed.Load() == 0 && time.Now().Before(end); {
		err = sleep(ctx, max(l.Time, 10*time.Millisecond))
	}
	phase.Store(over)
	after := look(l.PID)
	wg.Wait()
	if err != nil {
		return Result{}, err
	}
	r := total.result(before, after)
	r.Clients, r.Failures = len(clients), fails.all()
	return r, nil
}

// A tally adds up operations.
type tally struct {
	times          histogram
	received, sent int64
}

func (t *tally) add(d time.Duration, received, sent int) {
	t.times.add(d)
	t.received += int64(received)
	t.sent += int64(sent)
}

func (t *tally) merge(o *tally) {
	t.times.merge(&o.times)
	t.received += o.received
	t.sent += o.sent
}

// usage is the CPU time used by the server, by this process and by all.
type usage struct {
	at                    time.Time
	server, self, machine time.Duration
}

func look(pid int) usage {
	return usage{time.Now(), procstat.CPU(pid), procstat.Self(), procstat.Busy()}
}

// result spreads what was used over the operations of the time between.
func (t *tally) result(before, after usage) Result {
	seconds := after.at.Sub(before.at).Seconds()
	n := float64(max(t.times.n, 1))
	server := (after.server - before.server).Seconds()
	return Result{
		Seconds: seconds, Count: t.times.n, PerSecond: float64(t.times.n) / seconds, Latency: t.times.latency(),
		ReceivedBytes: float64(t.received) / n, SentBytes: float64(t.sent) / n,
		ServerCPU: server * 1e6 / n, ServerCores: server / seconds,
		ClientCores:  (after.self - before.self).Seconds() / seconds,
		MachineCores: (after.machine - before.machine).Seconds() / seconds,
	}
}

// sleep waits, or returns the context's error when it ends first.
func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
