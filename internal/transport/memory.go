package transport

import (
	"math"
	"runtime/debug"
	"runtime/metrics"
)

// Memory that is nearly used up makes the collector run all the time, and then
// the system end the process. Before that, new connections are refused, and
// further views on those that are there, so that what there is lives on. How much there is has to be said by GOMEMLIMIT
// (or debug.SetMemoryLimit): without it nothing is refused.

// fullAt is the part of the limit that may be in use, in percent.
const fullAt = 90

// memoryInUse is what cannot be collected, as of the last collection, and the
// limit. What waits to be collected does not count: near its limit a process
// may hold a lot of it.
func memoryInUse() (used, limit uint64) {
	most := debug.SetMemoryLimit(-1) // asks, and sets nothing
	if most == math.MaxInt64 {
		return 0, math.MaxUint64
	}
	samples := []metrics.Sample{
		{Name: "/gc/heap/live:bytes"},
		{Name: "/memory/classes/heap/stacks:bytes"},
		{Name: "/memory/classes/os-stacks:bytes"},
		{Name: "/memory/classes/metadata/mspan/inuse:bytes"},
		{Name: "/memory/classes/metadata/other:bytes"},
	}
	metrics.Read(samples)
	for _, m := range samples {
		if m.Value.Kind() == metrics.KindUint64 {
			used += m.Value.Uint64()
		}
	}
	return used, uint64(most)
}

// lookAtMemory decides whether new connections are refused until the next
// sweep.
func (s *Server) lookAtMemory() {
	used, limit := s.memory()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.full.Store(s.stop != nil && used > limit/100*fullAt)
}
