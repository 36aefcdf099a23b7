package main

import (
	"context"
	"encoding/json"
	"fmt"

	"bennu/bench/internal/client"
)

// messages measures what goes over the wire when a page is opened and clicked.
// The refs of the client's messages come back in replies and grow with their
// number; these are of a page's first clicks, with one digit.
func (b *bench) messages(ctx context.Context, t *sheet) error {
	b.progress("sizes of messages")
	s, err := b.start(ctx, "showcase", b.showcase)
	if err != nil {
		return err
	}
	defer s.stop()
	counter, err := open(s.url+"/counter", click{"increase", byTwo}, click{"increase", byTwo}, click{"decrease", `{"number":"4","value":""}`})
	if err != nil {
		return fmt.Errorf("counter page: %w", err)
	}
	table, err := open(s.url+"/table", click{"touch", `{"id":"17","value":""}`})
	if err != nil {
		return fmt.Errorf("table page: %w", err)
	}
	bytes := func(name string, n int, most float64) row {
		return row{name: name, unit: "bytes", ours: float64(n), bar: bar{most: most}}
	}
	t.part("Messages")
	t.add(
		bytes("counter page: HTML", counter.html, 0),
		bytes("… join reply", counter.join, 0),
		bytes("… of that neither statics nor values", counter.join-counter.own, 170),
		bytes("… reply to a click", counter.replies[1], 110),
		bytes("… reply to a click that flips the class", max(counter.replies[0], counter.replies[2]), 145),
		bytes("table page: HTML", table.html, 0),
		bytes("… join reply", table.join, 180_000),
		bytes("… reply to a touch", table.replies[0], 130),
	)
	return nil
}

// A click is an event of a button, with its value.
type click struct{ event, value string }

// opened are the sizes of a page: of its HTML, of the reply to its join, of the
// statics and values in that, and of the replies to clicks.
type opened struct {
	html, join, own int
	replies         []int
}

func open(address string, clicks ...click) (opened, error) {
	site, err := client.New(address, client.Options{})
	if err != nil {
		return opened{}, err
	}
	loader := site.Loader()
	defer loader.Close()
	page, err := loader.Load()
	if err != nil {
		return opened{}, err
	}
	view, reply, err := site.OpenTrace(page)
	if err != nil {
		return opened{}, err
	}
	defer view.Close()
	o := opened{html: page.Bytes, join: view.JoinBytes}
	if o.own, err = ownBytes(reply.Payload); err != nil {
		return o, err
	}
	for _, c := range clicks {
		before := view.Received
		if _, err := view.Do("click", c.event, []byte(c.value)); err != nil {
			return o, fmt.Errorf("event %s: %w", c.event, err)
		}
		o.replies = append(o.replies, int(view.Received-before))
	}
	return o, nil
}

// ownBytes is how many bytes of a join's reply are the page's own: the strings
// of its tree, statics and values alike, as JSON writes them. The rest, keys,
// braces and what stands around the tree, is the protocol's.
func ownBytes(payload []byte) (int, error) {
	var reply struct {
		Response struct {
			Rendered json.RawMessage `json:"rendered"`
		} `json:"response"`
	}
	if err := json.Unmarshal(payload, &reply); err != nil {
		return 0, fmt.Errorf("reply to the join: %w", err)
	}
	var tree any
	if err := json.Unmarshal(reply.Response.Rendered, &tree); err != nil {
		return 0, fmt.Errorf("tree of the join: %w", err)
	}
	return stringBytes(tree), nil
}

// stringBytes adds up the strings of a decoded JSON value, quotes included.
func stringBytes(v any) int {
	n := 0
	switch v := v.(type) {
	case string:
		n = len(quote(v))
	case []any:
		for _, element := range v {
			n += stringBytes(element)
		}
	case map[string]any:
		for _, element := range v {
			n += stringBytes(element)
		}
	}
	return n
}

// quote is the shortest JSON string.
func quote(s string) []byte {
	b := []byte{'"'}
	for _, r := range s {
		switch {
		case r == '"' || r == '\\' || r == '\n' || r == '\r' || r == '\t' || r == '\b' || r == '\f':
			b = append(b, '\\', 'x')
		case r < ' ':
			b = append(b, `\u0000`...)
		default:
			b = append(b, string(r)...)
		}
	}
	return append(b, '"')
}
