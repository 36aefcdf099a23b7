package livetest

import "fmt"

// streamOps is what a message says of a stream besides its new entries.
type streamOps struct {
	ref     string
	inserts []streamInsert
	deletes []string
	reset   bool
}

// streamInsert says where an entry goes: the element's id, its place with -1
// for the end, how many elements may stay, and whether it only updates.
type streamInsert struct {
	id         string
	at         int
	limit      int
	limited    bool
	updateOnly bool
}

// readStream reads the member "stream" of a list: [ref, inserts, deletes] or,
// for a reset, [ref, inserts, deletes, true].
func readStream(value any) (*streamOps, error) {
	list, _ := value.([]any)
	if len(list) != 3 && len(list) != 4 {
		return nil, fmt.Errorf("stream is %v, want [ref, inserts, deletes] or [ref, inserts, deletes, true]", value)
	}
	s := new(streamOps)
	var ok bool
	if s.ref, ok = list[0].(string); !ok || s.ref == "" {
		return nil, fmt.Errorf("stream: its ref is %v, want a string", list[0])
	}
	if len(list) == 4 {
		if s.reset = list[3] == true; !s.reset {
			return nil, fmt.Errorf("stream %q: the fourth member is %v; the client resets the stream for anything there", s.ref, list[3])
		}
	}
	inserts, ok1 := list[1].([]any)
	deletes, ok2 := list[2].([]any)
	if !ok1 || !ok2 {
		return nil, fmt.Errorf("stream %q: %v, want a list of inserts and one of deletes", s.ref, value)
	}
	for _, v := range inserts {
		in, err := readInsert(v)
		if err != nil {
			return nil, fmt.Errorf("stream %q: insert %v: %w", s.ref, v, err)
		}
		s.inserts = append(s.inserts, in)
	}
	for _, v := range deletes {
		id, ok := v.(string)
		if !ok {
			return nil, fmt.Errorf("stream %q: deletes %v, want ids", s.ref, v)
		}
		s.deletes = append(s.deletes, id)
	}
	return s, nil
}

func readInsert(value any) (in streamInsert, err error) {
	parts, _ := value.([]any)
	if len(parts) != 4 {
		return in, fmt.Errorf("want [id, at, limit, update only]")
	}
	id, ok1 := parts[0].(string)
	at, ok2 := parts[1].(number)
	place, ok3 := at.int()
	if !ok1 || !ok2 || !ok3 || id == "" || place < -1 {
		return in, fmt.Errorf("want an id and a place from -1 on")
	}
	in.id, in.at = id, place
	if limit, ok := parts[2].(number); ok {
		if in.limit, in.limited = limit.int(); !in.limited {
			return in, fmt.Errorf("the limit is %v, want a whole number", limit)
		}
	} else if parts[2] != nil {
		return in, fmt.Errorf("the limit is %v, want a number or null", parts[2])
	}
	switch only := parts[3].(type) {
	case nil:
	case bool:
		in.updateOnly = only
	default:
		return in, fmt.Errorf("update only is %v, want true, false or null", only)
	}
	return in, nil
}
