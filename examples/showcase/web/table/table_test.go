package table

import (
	"slices"
	"testing"

	"bennu/live"
)

func mounted(t *testing.T) *Table {
	t.Helper()
	table := new(Table)
	if err := table.Mount(new(live.Socket), live.Params{}); err != nil {
		t.Fatal(err)
	}
	return table
}

func ids(t *Table) []int {
	var all []int
	for _, h := range t.Rows {
		all = append(all, h.ID)
	}
	return all
}

func TestEveryTableStartsTheSame(t *testing.T) {
	t.Parallel()
	a, b := mounted(t), mounted(t)
	if len(a.Rows) != 1000 {
		t.Errorf("a new table has %d rows, want 1000", len(a.Rows))
	}
	if !slices.Equal(a.Rows, b.Rows) {
		t.Error("two new tables differ")
	}
}

func TestTouchChangesOneCell(t *testing.T) {
	t.Parallel()
	table := mounted(t)
	want := slices.Clone(table.Rows)
	want[16].Seen++
	if err := table.touch(new(live.Socket), struct{ ID int }{17}); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(table.Rows, want) {
		t.Errorf("after touch 17, row 17 is %+v, want %+v and the others as they were", table.Rows[16], want[16])
	}
	for _, id := range []int{0, -1, 1001} {
		if err := table.touch(new(live.Socket), struct{ ID int }{id}); err != nil {
			t.Errorf("touch(%d): %v, want no error", id, err)
		}
	}
	if !slices.Equal(table.Rows, want) {
		t.Error("touching rows that do not exist changed the table")
	}
}

func TestInsertAddsOnTop(t *testing.T) {
	t.Parallel()
	table := mounted(t)
	for range maxRows {
		if err := table.insert(new(live.Socket)); err != nil {
			t.Fatal(err)
		}
	}
	if got, want := table.Rows[0].ID, startRows+maxRows; got != want {
		t.Errorf("the top row is %d, want %d", got, want)
	}
	if len(table.Rows) != maxRows {
		t.Errorf("the table has %d rows, want no more than %d", len(table.Rows), maxRows)
	}
	all := ids(table)
	slices.Sort(all)
	if len(slices.Compact(all)) != maxRows {
		t.Error("two rows have one number")
	}
}

func TestShuffleKeepsTheRows(t *testing.T) {
	t.Parallel()
	table := mounted(t)
	before := ids(table)
	if err := table.shuffle(new(live.Socket)); err != nil {
		t.Fatal(err)
	}
	after := ids(table)
	if slices.Equal(before, after) {
		t.Error("the order is as it was")
	}
	slices.Sort(after)
	if !slices.Equal(before, after) {
		t.Error("rows were lost or doubled")
	}
}
