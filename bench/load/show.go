package main

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
)

// show prints a result: as JSON for programs, or as lines of names and values.
func show(w io.Writer, result any, asJSON bool) {
	b, err := json.Marshal(result)
	if err != nil {
		panic(err) // results are numbers and strings
	}
	if asJSON {
		fmt.Fprintf(w, "%s\n", b)
		return
	}
	var v any
	if err := json.Unmarshal(b, &v); err != nil {
		panic(err) // it was made right above
	}
	lines(w, "", v)
}

// lines prints a value of encoding/json, one line for each number or string,
// named by its path.
func lines(w io.Writer, path string, v any) {
	switch v := v.(type) {
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(v)) {
			name := key
			if path != "" {
				name = path + "." + key
			}
			lines(w, name, v[key])
		}
	case []any:
		for i, element := range v {
			lines(w, path+"["+strconv.Itoa(i)+"]", element)
		}
	case float64:
		fmt.Fprintf(w, "%-28s %s\n", path, strconv.FormatFloat(round(v), 'f', -1, 64))
	default:
		fmt.Fprintf(w, "%-28s %v\n", path, v)
	}
}

// round leaves three digits behind the point.
func round(f float64) float64 {
	r, err := strconv.ParseFloat(strconv.FormatFloat(f, 'f', 3, 64), 64)
	if err != nil {
		return f // not a number
	}
	return r
}
