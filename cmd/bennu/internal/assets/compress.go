package assets

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"path"

	"github.com/andybalholm/brotli"
)

// compressible are the kinds of files that shrink. Source maps do too, but are
// asked for by developers only and would double in the binary.
var compressible = map[string]bool{
	".js": true, ".css": true, ".svg": true, ".html": true, ".txt": true,
	".json": true, ".xml": true, ".wasm": true, ".webmanifest": true, ".ico": true,
}

// minCompressed is the size below which a file fits into one packet anyway.
const minCompressed = 1000

// compressed are the siblings of a file, by suffix; none where they would not
// be smaller.
func compressed(name string, text []byte) (map[string][]byte, error) {
	if !compressible[path.Ext(name)] || len(text) < minCompressed || name == ManifestName {
		return nil, nil
	}
	br, err := brotlied(text)
	if err != nil {
		return nil, fmt.Errorf("assets: brotli of %s: %w", name, err)
	}
	gz, err := gzipped(text)
	if err != nil {
		return nil, fmt.Errorf("assets: gzip of %s: %w", name, err)
	}
	siblings := map[string][]byte{".br": br, ".gz": gz}
	for suffix, c := range siblings {
		if len(c) >= len(text) {
			delete(siblings, suffix)
		}
	}
	return siblings, nil
}

func brotlied(text []byte) ([]byte, error) {
	var b bytes.Buffer
	w := brotli.NewWriterLevel(&b, brotli.BestCompression)
	if _, err := w.Write(text); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

func gzipped(text []byte) ([]byte, error) {
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(text); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}
