package dev

import (
	"fmt"
	"testing"
)

func TestListening(t *testing.T) {
	t.Parallel()
	table := `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:0FA0 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 111 1
   1: 0100007F:0FA0 0100007F:D431 01 00000000:00000000 00:00000000 00000000     0        0 222 1
   2: 00000000:0016 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 333 1
`
	if got := fmt.Sprint(listening(table, 4000)); got != "[111]" {
		t.Errorf("listening = %s, want [111]", got)
	}
}

// The socket of `bennu dev` is also its app's, which may come first in the table
// of processes.
func TestPortOwnerPrefersBennu(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		owners []string
		want   string
	}{
		{nil, ""},
		{[]string{"shop (process 3)", "bennu (process 2)"}, "bennu (process 2)"},
		{[]string{"postgres (process 3)", "postgres (process 4)"}, "postgres (process 3)"},
	} {
		if got := mainOwner(tt.owners); got != tt.want {
			t.Errorf("mainOwner(%q) = %q, want %q", tt.owners, got, tt.want)
		}
	}
}
