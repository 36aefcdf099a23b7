package data

import (
	"fmt"
	"slices"
)

// Table is a page of rows.
type Table struct {
	Title string
	Rows  []*Row
	fresh []*Row // those that Insert adds, one after the other
}

// Row is a row of the table.
type Row struct {
	ID      string
	Cells   [8]string
	Version int // is counted up by whoever changes a cell
}

const (
	rows      = 1000
	freshRows = 64
)

// The row and the cell that are edited.
const (
	EditedRow  = 500
	EditedCell = 3
)

// Edited are the two texts that take turns in the cell that is edited.
var Edited = [2]string{"changed A", "changed B"}

// NewTable returns one of 1,000 rows of 8 cells. Tables of different names have
// rows of different IDs.
func NewTable(name string) *Table {
	t := &Table{Title: "Orders"}
	for i := range rows {
		t.Rows = append(t.Rows, newRow(name, i))
	}
	for i := range freshRows {
		t.fresh = append(t.fresh, newRow(name, rows+i))
	}
	return t
}

func newRow(name string, n int) *Row {
	r := &Row{ID: fmt.Sprintf("%s-%d", name, n)}
	for c := range r.Cells {
		r.Cells[c] = fmt.Sprintf("cell %d/%d", n, c)
	}
	return r
}

// Edit changes one cell in the middle.
func (t *Table) Edit(i int) {
	r := t.Rows[EditedRow]
	r.Cells[EditedCell] = Edited[i%2]
	r.Version++
}

// Insert adds a row on top.
func (t *Table) Insert(i int) { t.Rows = slices.Insert(t.Rows, 0, t.fresh[i%freshRows]) }

// Delete takes the row on top away.
func (t *Table) Delete(int) { t.Rows = slices.Delete(t.Rows, 0, 1) }
