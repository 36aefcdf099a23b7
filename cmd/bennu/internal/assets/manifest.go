package assets

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
)

// ManifestName is the file in the output directory that lists every file of a
// build by the name that pages use: {"app.js": "app-4XK7AQ2B.js"}.
const ManifestName = "manifest.json"

// hashed is a name that a build gave: "app-4XK7AQ2B.js.map".
var hashed = regexp.MustCompile(`^(.*)-[A-Z2-7]{8}((?:\.\w+)+)$`)

// manifest names the files that were built without their hash, and those of
// static/ as they are. Two files under one name are an error, since pages could
// ask for one of them alone; files that scripts and styles take in, such as
// fonts, keep their hash then, as it is by that that they are asked for.
func manifest(built, static map[string][]byte) (map[string]string, error) {
	names := make(map[string]string)
	for file := range static {
		names[file] = file
	}
	for _, file := range slices.Sorted(maps.Keys(built)) {
		name := file
		if m := hashed.FindStringSubmatch(file); m != nil {
			name = m[1] + m[2]
		}
		first, taken := names[name]
		if taken && !entry(name) {
			name = file
			first, taken = names[name]
		}
		if taken {
			return nil, fmt.Errorf("assets: %s and %s would both be %s: rename the one in static/, "+
				"or import a style sheet from app.css instead of a script", first, file, name)
		}
		names[name] = file
	}
	return names, nil
}

// entry reports whether pages ask for the file by its name.
func entry(name string) bool { return name == "app.js" || name == "app.css" }

// encodeManifest has its names in order, so that equal builds are equal bytes.
func encodeManifest(names map[string]string) ([]byte, error) {
	text, err := json.MarshalIndent(names, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("assets: manifest: %w", err)
	}
	return append(text, '\n'), nil
}
