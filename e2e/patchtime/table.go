package main

import (
	"fmt"

	"github.com/a-h/templ"

	"bennu/live"
)

const rows, columns = 1000, 8

type row struct {
	ID    int
	Cells [columns]string
}

// table is a page of a thousand rows, one cell of which changes at a time.
type table struct {
	Rows  []row
	Count int
	Whole bool // rows are templates of their own, as bennu writes them
}

// Mount fills the table.
func (t *table) Mount(*live.Socket, live.Params) error {
	t.Rows = make([]row, rows)
	for i := range t.Rows {
		t.Rows[i].ID = i + 1
		for c := range columns {
			t.Rows[i].Cells[c] = fmt.Sprintf("cell %d of %d", c+1, i+1)
		}
	}
	return nil
}

// Events is the change of a cell, each time in another row.
func (t *table) Events() live.Events {
	return live.Events{"touch": live.Do(func(*live.Socket) error {
		t.Count++
		t.Rows[t.Count*37%rows].Cells[4] = fmt.Sprintf("touched %d", t.Count)
		return nil
	})}
}

// Render draws the table.
func (t *table) Render() templ.Component {
	if t.Whole {
		return wholeRows(t)
	}
	return openRows(t)
}
