package wire

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"
)

// The oracle reads the same messages with encoding/json, knowing nothing of how
// this package does it.

// oracleFrame is Parse, the limits excepted.
func oracleFrame(msg []byte) (Frame, bool) {
	var parts []json.RawMessage
	if json.Unmarshal(msg, &parts) != nil || parts == nil || len(parts) < 5 {
		return Frame{}, false
	}
	var f Frame
	var ok [4]bool
	f.JoinRef, ok[0] = oracleText(parts[0], true)
	f.Ref, ok[1] = oracleText(parts[1], true)
	f.Topic, ok[2] = oracleText(parts[2], false)
	f.Event, ok[3] = oracleText(parts[3], false)
	f.Payload = parts[4]
	return f, ok == [4]bool{true, true, true, true}
}

// oracleText decodes a string, or null to nil.
func oracleText(raw json.RawMessage, null bool) ([]byte, bool) {
	var v any
	if json.Unmarshal(raw, &v) != nil {
		return nil, false
	}
	if v == nil {
		return nil, null
	}
	s, ok := v.(string)
	return []byte(s), ok
}

// oracleEvent is ParseEvent. A map keeps the exact keys, where a struct would
// match them without regard to case.
func oracleEvent(payload []byte) (Event, bool) {
	var m map[string]json.RawMessage
	if json.Unmarshal(payload, &m) != nil || m == nil {
		return Event{}, false
	}
	var e Event
	ok := true
	if raw, has := m["type"]; has {
		e.Type, ok = oracleText(raw, true)
	}
	name, named := oracleText(m["event"], false)
	e.Name = name
	e.Value, e.Meta, e.Uploads = m["value"], m["meta"], m["uploads"]
	if raw, has := m["cid"]; has && string(raw) != "null" {
		if json.Unmarshal(raw, &e.CID) != nil {
			return Event{}, false
		}
		e.HasCID = true
	}
	return e, ok && named
}

// oracleJoin is ParseJoin.
func oracleJoin(payload []byte) (Join, bool) {
	var m, p map[string]json.RawMessage
	if json.Unmarshal(payload, &m) != nil || m == nil {
		return Join{}, false
	}
	j := Join{Params: m["params"]}
	if string(j.Params) == "null" {
		j.Params = nil
	}
	if j.Params != nil && json.Unmarshal(j.Params, &p) != nil {
		return Join{}, false
	}
	ok := true
	read := func(m map[string]json.RawMessage, key string, dst any) {
		if raw, has := m[key]; has && json.Unmarshal(raw, dst) != nil {
			ok = false
		}
	}
	read(m, "url", &j.URL)
	read(m, "redirect", &j.Redirect)
	read(m, "session", &j.Session)
	read(m, "static", &j.Static)
	read(m, "flash", &j.Flash)
	read(m, "sticky", &j.Sticky)
	read(p, "_csrf_token", &j.CSRFToken)
	read(p, "_live_referer", &j.Referer)
	read(p, "_mounts", &j.Mounts)
	read(p, "_mount_attempts", &j.MountAttempts)
	var list []*string
	read(p, "_track_static", &list)
	for _, item := range list {
		if item == nil {
			return Join{}, false
		}
		j.TrackStatic = append(j.TrackStatic, *item)
	}
	return j, ok && j.Mounts >= 0 && j.MountAttempts >= 0
}

// depth is how deep the brackets of a well-formed text nest.
func depth(text []byte) int {
	deepest, now := 0, 0
	inString := false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case inString && c == '\\':
			i++
		case c == '"':
			inString = !inString
		case !inString && (c == '{' || c == '['):
			now++
			deepest = max(deepest, now)
		case !inString && (c == '}' || c == ']'):
			now--
		}
	}
	return deepest
}

// oracleReads reports whether the oracle's opinion counts: this package leaves
// invalid UTF-8 to the transport.
func oracleReads(text []byte) bool { return utf8.Valid(text) }

// duplicates reports whether an object of the text may hold a key twice. For
// such texts encoding/json forgets the earlier members, while this package
// still checks them, so an earlier wrong one is refused.
func duplicates(text []byte) bool {
	dec := json.NewDecoder(bytes.NewReader(text))
	type level struct {
		keys map[string]bool // nil in an array
		key  bool
	}
	var open []level
	for {
		tok, err := dec.Token()
		if err != nil {
			return false
		}
		top := len(open) - 1
		if d, is := tok.(json.Delim); is && strings.ContainsRune("}]", rune(d)) {
			open = open[:top]
			continue
		}
		if top >= 0 && open[top].keys != nil {
			open[top].key = !open[top].key
			if open[top].key {
				k := tok.(string)
				if open[top].keys[k] {
					return true
				}
				open[top].keys[k] = true
				continue
			}
		}
		switch tok {
		case json.Delim('{'):
			open = append(open, level{keys: map[string]bool{}})
		case json.Delim('['):
			open = append(open, level{})
		}
	}
}

func TestDuplicates(t *testing.T) {
	t.Parallel()
	tests := map[string]bool{
		`{"a":1,"b":{"a":2}}`:         false,
		`{"a":1,"b":2,"a":3}`:         true,
		`[{"a":{"b":1}},{"a":1}]`:     false,
		`{"a":[{"x":1},{"x":1}]}`:     false,
		`{"a":[{"x":{},"\u0078":1}]}`: true,
	}
	for text, want := range tests {
		if got := duplicates([]byte(text)); got != want {
			t.Errorf("duplicates(%s) = %v, want %v", text, got, want)
		}
	}
}
