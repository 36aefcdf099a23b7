package live

import "iter"

// Each returns the rows for a loop of a template, with their indexes:
//
//	for _, o := range live.Each(v.Orders) {
//		<tr id={ o.ID }>
//			<td>{ o.Customer }</td>
//		</tr>
//	}
//
// In a live view such a loop costs what changed since the last render of this
// view and not what there is: rows that were not edited are neither evaluated
// nor compared. All loops of one render see the rows as they were when the
// first of them began.
//
// The body may read more than its row. All rows are evaluated whenever one of
// the variables and fields that it mentions changed, and always if that cannot
// be told from their values: pointers, slices, maps and interfaces. Whether a
// row is selected is therefore better a field of the row. Functions and package
// level variables are not followed; "bennu generate" warns of them.
//
// Rows are followed by the :key or the id of their element when the list is
// filled anew, and else by what they are.
func Each[T any](rows *Rows[T]) iter.Seq2[int, T] { return rows.All() }
