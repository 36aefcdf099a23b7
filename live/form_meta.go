package live

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"

	"bennu/form"
)

// A name is written anew for each value that stands below it, so that a short
// message could become a query of gigabytes.
const (
	deepestMeta = 32       // levels of nesting, more than package form decodes
	roomForMeta = 64 << 10 // bytes that what is beside a form may become, and
	growthMeta  = 8        // as many for each of its own
)

// formQuery is the query of a form event with what the client says beside it:
// the phx-value- attributes of the form, and as _target the input that was
// changed. Those take the place of fields that have the same names.
//
// The target comes as the name of an input, user[name], and goes on as the path
// that this name is, _target[]=user&_target[]=name.
//
// The error is [form.ErrLimit]: it would become much more than what came.
func formQuery(query string, meta []byte) (string, error) {
	if len(meta) == 0 || string(meta) == "{}" {
		return query, nil
	}
	d := json.NewDecoder(bytes.NewReader(meta))
	d.UseNumber() // as the client wrote it
	var members map[string]any
	if d.Decode(&members) != nil || len(members) == 0 {
		return query, nil
	}
	if name, ok := members["_target"].(string); ok {
		members["_target"] = inputPath(name)
	}
	b := new(fieldWriter)
	b.Grow(len(query) + len(meta) + 16)
	for pair := range strings.SplitSeq(query, "&") {
		if _, taken := members[rootOf(pair)]; !taken && pair != "" {
			b.pair(pair)
		}
	}
	b.most = b.Len() + roomForMeta + growthMeta*len(meta)
	for _, name := range slices.Sorted(maps.Keys(members)) {
		if !b.field(url.QueryEscape(name), members[name], 1) {
			return "", fmt.Errorf("live: the values beside a form are nested deeper than %d levels, or become more than %d bytes as its fields: %w",
				deepestMeta, roomForMeta+growthMeta*len(meta), form.ErrLimit)
		}
	}
	return b.String(), nil
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

// fieldWriter writes the query of a form.
type fieldWriter struct {
	strings.Builder
	most int // bytes in all
}

// field writes a JSON value as the fields of a form; false: there is no room.
func (b *fieldWriter) field(name string, value any, level int) bool {
	if level > deepestMeta || b.Len()+len(name) > b.most {
		return false
	}
	switch v := value.(type) {
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(v)) {
			if !b.field(name+"["+url.QueryEscape(key)+"]", v[key], level+1) {
				return false
			}
		}
	case []any:
		name += "[]"
		for _, item := range v {
			if !b.field(name, item, level+1) {
				return false
			}
		}
	case string:
		b.pair(name + "=" + url.QueryEscape(v))
	case json.Number:
		b.pair(name + "=" + url.QueryEscape(v.String()))
	case bool:
		if v {
			b.pair(name + "=true")
		} else {
			b.pair(name + "=false")
		}
	default: // null
		b.pair(name + "=")
	}
	return true
}

func (b *fieldWriter) pair(text string) {
	if b.Len() > 0 {
		b.WriteByte('&')
	}
	b.WriteString(text)
}
