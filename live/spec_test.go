package live

import (
	"testing"
	"unsafe"
)

// A server has many idle views. What few of them need stands in extras.
func TestViewsStaySmall(t *testing.T) {
	t.Parallel()
	if n := unsafe.Sizeof(Process{}); n > 480 { // which the allocator hands out as they are
		t.Errorf("a view takes %d bytes, want at most 480", n)
	}
}
