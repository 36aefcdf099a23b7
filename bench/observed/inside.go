package main

import (
	"encoding/json"
	"net/http"
	"net/http/pprof"
	"runtime"

	"bennu/bench/internal/procstat"
)

// inside answers on the second port.
func inside() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /figures", func(w http.ResponseWriter, r *http.Request) {
		if r.FormValue("gc") != "" {
			runtime.GC()
			runtime.GC() // the first one runs finalizers and empties pools, the second frees what they held
		}
		w.Header().Set("Content-Type", "application/json")
		// A client that has gone away needs no figures.
		_ = json.NewEncoder(w).Encode(figures())
	})
	mux.HandleFunc("GET /debug/pprof/", pprof.Index)
	mux.HandleFunc("GET /debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("GET /debug/pprof/trace", pprof.Trace)
	return mux
}

func figures() procstat.Inside {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return procstat.Inside{
		Goroutines: runtime.NumGoroutine(), HeapBytes: m.HeapAlloc, HeapObjects: m.HeapObjects,
		StackBytes: m.StackInuse, Collections: m.NumGC,
	}
}
