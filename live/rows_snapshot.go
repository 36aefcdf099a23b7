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
	for c := len(s.chunks) - 1; c >= 0; c-- {
		var left []render.Row[T]
		for _, row := range s.chunks[c] {
			if !del(row.Value) {
				left = append(left, row)
			}
		}
		if n := len(s.chunks[c]) - len(left); n > 0 {
			removed += n
			s.shrink(c, left)
		}
	}
	s.count -= removed
	return removed
}

// shrink puts a chunk of fewer rows in the place of chunk c. It is joined with
// the next one when both are small, so that a list that shrinks does not end
// with a chunk for every row.
func (s *snapshot[T]) shrink(c int, rows []render.Row[T]) {
	end := c + 1
	if end < len(s.chunks) && len(rows)+len(s.chunks[end]) <= chunkRows/2 {
		rows = slices.Concat(rows, s.chunks[end])
		end++
	}
	if len(rows) == 0 {
		s.chunks = slices.Delete(s.chunks, c, end)
		return
	}
	s.chunks = slices.Replace(s.chunks, c, end, rows)
}
