package presence

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// The JSON that the Presence class of the npm package phoenix takes: state and
// diffs of keys with lists of metas, each with a phx_ref.

// StateJSON is the payload of "presence_state": who is here. What is known of
// them must be JSON objects.
func StateJSON[M any](people []Person[M]) ([]byte, error) {
	return appendPeople(nil, people)
}

// JSON is the payload of "presence_diff".
func (d Diff[M]) JSON() ([]byte, error) {
	b, err := appendPeople([]byte(`{"joins":`), d.Joins)
	if err != nil {
		return nil, err
	}
	if b, err = appendPeople(append(b, `,"leaves":`...), d.Leaves); err != nil {
		return nil, err
	}
	return append(b, '}'), nil
}

func appendPeople[M any](dst []byte, people []Person[M]) ([]byte, error) {
	dst = append(dst, '{')
	for i, p := range people {
		if i > 0 {
			dst = append(dst, ',')
		}
		key, err := json.Marshal(p.Key)
		if err != nil {
			return nil, err
		}
		dst = append(append(dst, key...), `:{"metas":[`...)
		for j, m := range p.Metas {
			if j > 0 {
				dst = append(dst, ',')
			}
			if dst, err = appendMeta(dst, m); err != nil {
				return nil, fmt.Errorf("presence: what is known of %q: %w", p.Key, err)
			}
		}
		dst = append(dst, `]}`...)
	}
	return append(dst, '}'), nil
}

func appendMeta[M any](dst []byte, m Meta[M]) ([]byte, error) {
	text, err := json.Marshal(m.Value)
	if err != nil {
		return nil, err
	}
	fields, isObject := bytes.CutPrefix(text, []byte("{"))
	if !isObject {
		return nil, fmt.Errorf("want a JSON object, for the client adds fields to it, got %.40s", text)
	}
	dst = append(append(dst, `{"phx_ref":"`...), m.Ref...) // of letters, digits, - and _
	if m.Replaced != "" {
		dst = append(append(dst, `","phx_ref_prev":"`...), m.Replaced...)
	}
	dst = append(dst, '"')
	if !bytes.Equal(fields, []byte("}")) {
		dst = append(dst, ',')
	}
	return append(dst, fields...), nil
}
