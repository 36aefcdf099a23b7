package live

import (
	"iter"
	"slices"
)

// Chunked returns the items for a loop of a template, with their indexes. The
// loop is sent to the browser in parts of some thirty rows:
//
//	for _, m := range live.Chunked(v.Messages) {
//		<li id={ m.ID }>{ m.Text }</li>
//	}
//
// It is meant for long lists, of hundreds of rows, that gain and lose rows in
// the middle or on top. There the browser is told the new place of every row
// behind the change, 10 KB for a thousand of them, and has to put them there;
// in chunks it is told of some thirty chunks. Short lists, and lists that grow
// at the end, do not gain. A list that is sorted anew loses, because a row that
// comes into another chunk is sent again.
//
// Rows need a :key or an id, which decide what is a chunk.
func Chunked[S ~[]T, T any](items S) iter.Seq2[int, T] { return slices.All(items) }
