package data

import "bennu/live"

// Tracked is the table again, with rows that remember which of them changed.
type Tracked struct {
	Title string
	Rows  live.Rows[Row]
	fresh []*Row
}

// NewTracked returns the table with the rows that NewTable gives it.
func NewTracked(name string) *Tracked {
	t := NewTable(name)
	tracked := &Tracked{Title: t.Title, fresh: t.fresh}
	for _, r := range t.Rows {
		tracked.Rows.Append(*r)
	}
	return tracked
}

// Edit changes one cell in the middle.
func (t *Tracked) Edit(i int) {
	t.Rows.Edit(EditedRow, func(r *Row) { r.Cells[EditedCell] = Edited[i%2] })
}

// Insert adds a row on top.
func (t *Tracked) Insert(i int) { t.Rows.Insert(0, *t.fresh[i%freshRows]) }

// Delete takes the row on top away.
func (t *Tracked) Delete(int) { t.Rows.Delete(0) }
