package world

import "bennu/live"

// few rows are in a tracked list most of the time, and at times many more.
const few = 10

// changeTracked does to a tracked list what users do to one.
func (r *Chance) changeTracked(rows *live.Rows[Line]) {
	n := rows.Len()
	if n == 0 {
		rows.Append(r.line(), r.line())
		return
	}
	if n > few && r.One(6) {
		rows.Replace(rows.At(1), r.line())
		return
	}
	i, j := r.IntN(n), r.IntN(n)
	switch r.IntN(15) {
	case 0:
		rows.Append(r.line())
	case 1:
		rows.Insert(i, r.line(), r.line())
	case 2:
		rows.Insert(0, r.line())
	case 3: // a second row with the same key
		rows.Insert(j, rows.At(i))
	case 4, 5:
		rows.Delete(i)
	case 6, 7:
		rows.Move(i, j)
	case 8: // move and change
		rows.Move(i, j)
		rows.Edit(j, r.changeLine)
	case 9:
		rows.Set(i, r.line())
	case 11:
		rows.EditFunc(func(l Line) bool { return l.ID%4 == i%4 }, r.changeLine)
	case 12:
		rows.DeleteFunc(func(l Line) bool { return l.ID%4 == i%4 })
	case 10: // filled anew, with rows that are there already
		r.refill(rows)
	default:
		rows.Edit(i, r.changeLine)
	}
}

// refill replaces all rows as a view does that asks its store again.
func (r *Chance) refill(rows *live.Rows[Line]) {
	all := make([]Line, 0, rows.Len())
	for _, l := range rows.All() {
		all = append(all, l)
	}
	if r.One(25) { // longer than a chunk
		for range 2 * maxList {
			all = append(all, r.line())
		}
	}
	rows.Replace(edit(r, all, 4*maxList, true, r.line, r.changeLine)...)
}
