package live

import (
	"bytes"
	"encoding/json"
	"maps"
	"net/url"
	"slices"
	"strings"
)

// formQuery is the query of a form event with what the client says beside it:
// the phx-value- attributes of the form, and as _target the input that was
// changed. Those take the place of fields that have the same names.
//
// The target comes as the name of an input, user[name], and goes on as the path
// that this name is, _target[]=user&_target[]=name.
func formQuery(query string, meta []byte) string {
	if len(meta) == 0 || string(meta) == "{}" {
		return query
	}
	d := json.NewDecoder(bytes.NewReader(meta))
	d.UseNumber() // as the client wrote it
	var members map[string]any
	if d.Decode(&members) != nil || len(members) == 0 {
		return query
	}
	if name, ok := members["_target"].(string); ok {
		members["_target"] = inputPath(name)
	}
	b := new(strings.Builder)
	b.Grow(len(query) + len(meta) + 16)
	for pair := range strings.SplitSeq(query, "&") {
		if _, taken := members[rootOf(pair)]; !taken && pair != "" {
			writePair(b, pair)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(members)) {
		writeField(b, url.QueryEscape(name), members[name])
	}
	return b.String()
}

// inputPath is the way to the value of an input: "user" and "name" for
// user[name], "tags" for tags[].
func inputPath(name string) []any {
	root, rest, nested := strings.Cut(name, "[")
	if !nested || root == "" || !strings.HasSuffix(rest, "]") {
		return []any{name}
	}
	path := []any{root}
	for part := range strings.SplitSeq(strings.TrimSuffix(rest, "]"), "][") {
		if part != "" {
			path = append(path, part)
		}
	}
	return path
}

// rootOf is the name of the outermost field that a pair of a query is for.
func rootOf(pair string) string {
	name, _, _ := strings.Cut(pair, "=")
	if plain, err := url.QueryUnescape(name); err == nil {
		name = plain
	}
	if i := strings.IndexByte(name, '['); i > 0 {
		name = name[:i]
	}
	return name
}

// writeField writes a JSON value as the fields of a form.
func writeField(b *strings.Builder, name string, value any) {
	switch v := value.(type) {
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(v)) {
			writeField(b, name+"["+url.QueryEscape(key)+"]", v[key])
		}
	case []any:
		for _, item := range v {
			writeField(b, name+"[]", item)
		}
	case string:
		writePair(b, name+"="+url.QueryEscape(v))
	case json.Number:
		writePair(b, name+"="+url.QueryEscape(v.String()))
	case bool:
		if v {
			writePair(b, name+"=true")
		} else {
			writePair(b, name+"=false")
		}
	default: // null
		writePair(b, name+"=")
	}
}

func writePair(b *strings.Builder, pair string) {
	if b.Len() > 0 {
		b.WriteByte('&')
	}
	b.WriteString(pair)
}
