package procstat

import (
	"encoding/json"
	"fmt"
	"net/http"
)

// Inside is what a server can tell of itself; `bench/observed` serves it.
type Inside struct {
	Goroutines  int    `json:"goroutines"`
	HeapBytes   uint64 `json:"heap_bytes"` // live, when a collection came right before
	HeapObjects uint64 `json:"heap_objects"`
	StackBytes  uint64 `json:"stack_bytes"`
	Collections uint32 `json:"collections"`
}

// Ask fetches the figures of a server, whose second port is at that address;
// with collect after it has collected its garbage.
func Ask(address string, collect bool) (Inside, error) {
	var in Inside
	url := address + "/figures"
	if collect {
		url += "?gc=1"
	}
	resp, err := http.Get(url)
	if err != nil {
		return in, fmt.Errorf("procstat: figures of the server: %w", err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return in, fmt.Errorf("procstat: %s answered %s, want 200", url, resp.Status)
	}
	if err := json.NewDecoder(resp.Body).Decode(&in); err != nil {
		return in, fmt.Errorf("procstat: figures of the server: %w", err)
	}
	return in, nil
}
