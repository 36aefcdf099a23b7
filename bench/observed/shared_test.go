package main

import (
	"testing"

	"bennu"
	"bennu/bench/pages/data"
	"bennu/livetest"
	"bennu/token"
)

func TestShared(t *testing.T) {
	t.Parallel()
	app := bennu.New(bennu.Options{SecretKeyBase: token.NewSecret()})
	addShared(app)
	last := data.NewTable("row").Rows[999]
	for range 2 {
		livetest.Mount(t, app, "/shared").Element("#"+last.ID+" td:last-child", last.Cells[7])
	}
}
