package live

import (
	"slices"

	"bennu/render"
)

// A snapshot is one state of a list. Once it is that of the list nobody writes
// to it or its chunks; the next state shares all chunks but those that changed.
type snapshot[T any] struct {
	list, version uint64
	count         int
	chunks        [][]render.Row[T] // of 1 to chunkRows rows
}

// chunkRows is how many rows stand in a chunk at most: enough for few chunks,
// few enough to be copied for a change of one.
const chunkRows = 32

// Version implements [render.Snapshot].
func (s *snapshot[T]) Version() (list, version uint64) { return s.list, s.version }

// Chunk implements [render.Snapshot].
func (s *snapshot[T]) Chunk(n int) []render.Row[T] {
	if n >= len(s.chunks) {
		return nil
	}
	return s.chunks[n]
}

// find returns the chunk that row i is in and its index there. For the index
// behind the last row that is behind the last one of the last chunk.
func (s *snapshot[T]) find(i int) (chunk, at int) {
	last := len(s.chunks) - 1
	for ; chunk < last && i >= len(s.chunks[chunk]); chunk++ {
		i -= len(s.chunks[chunk])
	}
	return chunk, i
}

// The methods below make a new state. They replace chunks and never write to
// one that an older state has.

func (s *snapshot[T]) edit(i int, change func(*T)) {
	c, at := s.find(i)
	chunk := slices.Clone(s.chunks[c])
	change(&chunk[at].Value)
	chunk[at].Version = s.version
	s.chunks[c] = chunk
}

func (s *snapshot[T]) editFunc(match func(T) bool, change func(*T)) (edited int) {
	for c, old := range s.chunks {
		chunk := old
		for at := range old {
			if !match(old[at].Value) {
				continue
			}
			if edited++; &chunk[0] == &old[0] {
				chunk = slices.Clone(old)
			}
			change(&chunk[at].Value)
			chunk[at].Version = s.version
		}
		s.chunks[c] = chunk
	}
	return edited
}

func (s *snapshot[T]) insert(i int, rows []render.Row[T]) bool {
	if len(rows) == 0 {
		return false
	}
	s.count += len(rows)
	c, at := s.find(i)
	if len(s.chunks) == 0 || at == chunkRows { // behind the last row, where a list may grow by one row at a time
		s.chunks = append(s.chunks, split(rows)...)
		return true
	}
	old := s.chunks[c]
	s.chunks = slices.Replace(s.chunks, c, c+1, split(slices.Concat(old[:at], rows, old[at:]))...)
	return true
}

// split makes chunks of equal size, so that each has room for more.
func split[T any](rows []render.Row[T]) [][]render.Row[T] {
	parts := (len(rows) + chunkRows - 1) / chunkRows
	if parts == 1 {
		return [][]render.Row[T]{rows}
	}
	chunks := make([][]render.Row[T], parts)
	for i := range chunks {
		chunks[i] = slices.Clone(rows[len(rows)*i/parts : len(rows)*(i+1)/parts])
	}
	return chunks
}

func (s *snapshot[T]) remove(i int) render.Row[T] {
	c, at := s.find(i)
	old := s.chunks[c]
	row := old[at]
	s.count--
	s.shrink(c, slices.Concat(old[:at], old[at+1:]))
	return row
}

func (s *snapshot[T]) removeFunc(del func(T) bool) (removed int) {
	chunks := make([][]render.Row[T], 0, len(s.chunks))
	for _, old := range s.chunks {
		left := make([]render.Row[T], 0, len(old))
		for _, row := range old {
			if !del(row.Value) {
				left = append(left, row)
			}
		}
		removed += len(old) - len(left)
		last := len(chunks) - 1
		switch {
		case len(left) == 0:
		case len(left) == len(old):
			chunks = append(chunks, old)
		case last >= 0 && len(chunks[last])+len(left) <= chunkRows/2:
			chunks[last] = slices.Concat(chunks[last], left)
		default:
			chunks = append(chunks, left)
		}
	}
	s.chunks, s.count = chunks, s.count-removed
	return removed
}

// shrink puts a chunk of fewer rows in the place of chunk c. It is joined with
// a neighbour when both are small, so that a list that shrinks does not end
// with a chunk for every row.
func (s *snapshot[T]) shrink(c int, rows []render.Row[T]) {
	from, to := c, c+1
	fits := func(n int) bool { return len(rows)+len(s.chunks[n]) <= chunkRows/2 }
	if to < len(s.chunks) && fits(to) {
		rows = slices.Concat(rows, s.chunks[to])
		to++
	}
	if from > 0 && fits(from-1) {
		from--
		rows = slices.Concat(s.chunks[from], rows)
	}
	if len(rows) == 0 {
		s.chunks = slices.Delete(s.chunks, from, to)
		return
	}
	s.chunks = slices.Replace(s.chunks, from, to, rows)
}
