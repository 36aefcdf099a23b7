// Package ours is the benchmark pages as `bennu generate` writes them.
package ours
