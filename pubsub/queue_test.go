package pubsub

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// plain is a queue as it would be written without regard to its cost.
type plain struct {
	items []any
	keys  []any
	gone  missing
}

func (p *plain) drop(i int) {
	p.items = append(p.items[:i:i], p.items[i+1:]...)
	p.keys = append(p.keys[:i:i], p.keys[i+1:]...)
}

func (p *plain) put(item, key any, limit int) {
	for i, k := range p.keys {
		if key != nil && k == key {
			p.drop(i)
			break
		}
	}
	if len(p.items) >= limit {
		if m, ok := p.items[0].(missing); ok {
			p.gone = p.gone.and(m)
		} else {
			p.gone.messages++
		}
		p.drop(0)
	}
	p.items, p.keys = append(p.items, item), append(p.keys, key)
}

func (p *plain) miss(m missing, limit int) {
	if n := len(p.items); n > 0 {
		if before, ok := p.items[n-1].(missing); ok {
			p.items[n-1] = before.and(m)
			return
		}
	}
	p.put(m, nil, limit)
}

// Whatever is put into a queue, with keys or without, comes out as from a plain
// one, and the memory follows what waits.
func TestQueueAgainstAPlainOne(t *testing.T) {
	t.Parallel()
	for seed := range uint64(300) {
		dice := rand.New(rand.NewPCG(seed, 7))
		limit, keyed, kinds := 1+dice.IntN(20), dice.IntN(2) == 0, 1+dice.IntN(30)
		var q queue
		var p plain
		var gone missing
		var spare []any
		for step := range 2000 {
			switch dice.IntN(20) {
			case 0:
				m := missing{messages: dice.IntN(3), unsure: dice.IntN(2) == 0}
				gone = gone.and(q.miss(m, limit))
				p.miss(m, limit)
			case 1:
				if step%7 != 0 {
					continue
				}
				var got []any
				taken := q.swap(spare)
				for _, item := range taken {
					if item != any(hole{}) {
						got = append(got, item)
					}
				}
				spare = recycle(taken)
				if fmt.Sprint(got) != fmt.Sprint(p.items) {
					t.Fatalf("seed %d, step %d: got %v, want %v", seed, step, got, p.items)
				}
				p.items, p.keys = nil, nil
			default:
				var key any
				if keyed {
					key = dice.IntN(kinds)
				}
				gone = gone.and(q.put(step, key, keyed, limit).gone)
				p.put(step, key, limit)
			}
			if q.len() != len(p.items) || gone != p.gone {
				t.Fatalf("seed %d, step %d: %d wait and %+v are gone, want %d and %+v", seed, step, q.len(), gone, len(p.items), p.gone)
			}
			if most := 2*limit + 16; len(q.items) > most {
				t.Fatalf("seed %d, step %d: %d places for %d messages", seed, step, len(q.items), q.len())
			}
		}
	}
}
