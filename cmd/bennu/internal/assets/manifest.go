package assets

import (
	"encoding/json"
	"fmt"
)

// ManifestName is the file in the output directory that maps the names pages
// use to the names of the files: {"app.js": "app-4XK7AQ2B.js"}.
const ManifestName = "manifest.json"

// encodeManifest has its names in order, so that equal builds are equal bytes.
func encodeManifest(names map[string]string) ([]byte, error) {
	text, err := json.MarshalIndent(names, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("assets: manifest: %w", err)
	}
	return append(text, '\n'), nil
}
