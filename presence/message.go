package presence

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
)

// kind is what a message between nodes is about.
type kind string

const (
	kindHello kind = "hello" // a beat of a node that knows nobody yet: all answer with a beat
	kindBeat  kind = "beat"  // the owner lives, and has come to this seq
	kindDelta kind = "delta" // the change that leads to seq
	kindWant  kind = "want"  // somebody needs the state of Of
	kindState kind = "state" // all entries at seq, in parts
	kindBye   kind = "bye"   // the owner ends for good
)

// message is what nodes tell each other. The owner is the one who speaks.
type message struct {
	Kind kind `json:"k"`
	owner
	Seq     uint64      `json:"s"`
	Ops     []op        `json:"o,omitempty"`  // of a delta
	Of      string      `json:"of,omitempty"` // of a want: the node that is to answer
	Part    int         `json:"p,omitempty"`  // of a state: which part this is, from 0
	Parts   int         `json:"ps,omitempty"`
	Entries []entryText `json:"en,omitempty"`
}

// op is one change of an owner's entries.
type op struct {
	Add    *entryText `json:"+,omitempty"`
	Remove uint64     `json:"rm,omitempty"` // a ref
}

type entryText struct {
	Ref   uint64          `json:"r"`
	Prev  uint64          `json:"v,omitempty"`
	Topic string          `json:"t"`
	Key   string          `json:"y"`
	Meta  json.RawMessage `json:"m"`
}

func textOf(e *entry) entryText { return entryText{e.ref, e.prev, e.topic, e.key, e.meta} }

func (t *entryText) of(o owner) *entry {
	return newEntry(o, t.Ref, t.Prev, t.Topic, t.Key, t.Meta)
}

func (t *entryText) check() error {
	switch {
	case t.Ref == 0:
		return errors.New("an entry has no ref")
	case t.Topic == "":
		return errors.New("an entry has no topic")
	case len(t.Meta) == 0:
		return errors.New("an entry has no meta")
	}
	return nil
}

// mostParts bounds the parts of a state that a node puts together.
const mostParts = 1 << 14

// decode reads a message of another node, which may be of another version of
// the program or none at all.
func decode(text []byte) (message, error) {
	var m message
	if err := json.Unmarshal(text, &m); err != nil {
		return m, fmt.Errorf("presence: message: %w", err)
	}
	return m, m.check()
}

func (m *message) check() (err error) {
	switch m.Kind {
	case kindHello, kindBeat, kindBye:
	case kindWant:
		if m.Of == "" {
			err = errors.New("a want names nobody")
		}
	case kindDelta:
		if m.Seq == 0 || len(m.Ops) == 0 {
			err = errors.New("a delta without a seq or without changes")
		}
		for _, o := range m.Ops {
			switch {
			case err != nil:
			case (o.Add == nil) == (o.Remove == 0):
				err = errors.New("a change is either an entry or the ref of one that is gone")
			case o.Add != nil:
				err = o.Add.check()
			}
		}
	case kindState:
		if m.Parts < 1 || m.Parts > mostParts || m.Part < 0 || m.Part >= m.Parts {
			err = fmt.Errorf("part %d of %d of a state", m.Part, m.Parts)
		}
		for i := range m.Entries {
			if err == nil {
				err = m.Entries[i].check()
			}
		}
	default:
		err = fmt.Errorf("kind %.20q", m.Kind)
	}
	if err == nil && m.Node == "" {
		err = errors.New("it is of no node")
	}
	if err != nil {
		return fmt.Errorf("presence: message: %w", err)
	}
	return nil
}

// bytes is about how long the text is.
func (t *entryText) bytes() int {
	const marks = 64 // names of fields, numbers
	return len(t.Topic) + len(t.Key) + len(t.Meta) + marks
}

// splitOps cuts changes into pieces whose texts have about that many bytes. What
// an update consists of stays together: it is one change for those who hear it.
func splitOps(ops []op, most int) [][]op {
	var pieces [][]op
	size, start := 0, 0
	for i, o := range ops {
		n := 16
		if o.Add != nil {
			n = o.Add.bytes()
		}
		half := i > 0 && o.Add == nil && ops[i-1].Add != nil && ops[i-1].Add.Prev == o.Remove
		if size > 0 && size+n > most && !half {
			pieces = append(pieces, slices.Clip(ops[start:i]))
			start, size = i, 0
		}
		size += n
	}
	if start < len(ops) {
		pieces = append(pieces, slices.Clip(ops[start:]))
	}
	return pieces
}

// split cuts entries into pieces whose texts have about that many bytes.
func split(entries []entryText, most int) [][]entryText {
	var pieces [][]entryText
	size, start := 0, 0
	for i, e := range entries {
		n := e.bytes()
		if size > 0 && size+n > most {
			pieces = append(pieces, entries[start:i])
			start, size = i, 0
		}
		size += n
	}
	return append(pieces, slices.Clip(entries[start:]))
}
