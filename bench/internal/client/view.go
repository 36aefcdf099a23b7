package client

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"sync/atomic"
)

// A View is a joined view on a socket of its own. Messages are sent and awaited
// by one goroutine; heartbeats may come from another.
type View struct {
	*Conn
	page    *Page
	topic   string
	joinRef []byte
	ref     atomic.Int64
	mounts  int
	out     []byte // scratch: the last event, and its ref behind it
	buf     []byte // scratch: the last message that came
	sent    int

	// JoinBytes is the size of the reply to the last join.
	JoinBytes int
}

// A ChannelError is a message by which the server ended the view: phx_error
// after a crash, phx_close after a leave or a second join.
type ChannelError struct{ Event string }

// Error names the message.
func (e *ChannelError) Error() string { return "client: the server ended the view with " + e.Event }

// Open connects and joins as the page does when it is first shown.
func (s *Site) Open(p *Page) (*View, error) {
	v, _, err := s.OpenTrace(p)
	return v, err
}

// OpenTrace is Open for those who want to see the reply to the join.
func (s *Site) OpenTrace(p *Page) (*View, Message, error) { return s.open(p, 0) }

// Reopen connects and joins as a page does that was joined before and lost its
// connection.
func (s *Site) Reopen(p *Page) (*View, Message, error) { return s.open(p, 1) }

func (s *Site) open(p *Page, mounts int) (*View, Message, error) {
	conn, err := s.connect(p, mounts)
	if err != nil {
		return nil, Message{}, err
	}
	v := &View{Conn: conn, page: p, topic: "lv:" + p.ID, mounts: mounts}
	v.ref.Store(3) // the first join of a page has ref 4: three timers were counted before
	reply, err := v.bounded(v.join)
	if err != nil {
		v.Abort()
		return nil, Message{}, err
	}
	v.buf = nil // a page is larger than the events that follow
	return v, reply, nil
}

// Rejoin joins again on the same socket, as the official client does after the
// view has crashed or was left.
func (v *View) Rejoin() (Message, error) {
	v.mounts = 1
	return v.bounded(v.join)
}

// bounded runs f within the patience of this package.
func (v *View) bounded(f func() (Message, error)) (Message, error) {
	if err := v.Timeout(patience); err != nil {
		return Message{}, err
	}
	m, err := f()
	if err != nil {
		return m, err
	}
	return m, v.Timeout(0)
}

// joinPayload is what a join says, in the order of the official client.
type joinPayload struct {
	URL     string     `json:"url"`
	Params  joinParams `json:"params"`
	Session string     `json:"session"`
	Static  string     `json:"static"`
	Sticky  bool       `json:"sticky"`
}

type joinParams struct {
	CSRF     string   `json:"_csrf_token"`
	Track    []string `json:"_track_static,omitempty"`
	Mounts   int      `json:"_mounts"`
	Attempts int      `json:"_mount_attempts"`
}

func (v *View) join() (Message, error) {
	ref := v.nextRef(nil)
	v.joinRef = ref
	payload, err := json.Marshal(joinPayload{
		URL: v.page.URL, Params: joinParams{CSRF: v.page.CSRF, Track: v.page.Track, Mounts: v.mounts},
		Session: v.page.Session, Static: v.page.Static,
	})
	if err != nil {
		return Message{}, fmt.Errorf("client: join: %w", err) // the page's address is not UTF-8
	}
	if err := v.Write(v.appendMessage(nil, ref, "phx_join", payload)); err != nil {
		return Message{}, fmt.Errorf("client: join: %w", err)
	}
	reply, err := v.Await(ref)
	if err != nil {
		return reply, fmt.Errorf("client: join: %w", err)
	}
	v.JoinBytes = len(v.buf)
	return reply, nil
}

// Do sends an event and waits for its reply. The message is valid until the
// next call.
func (v *View) Do(typ, name string, value []byte) (Message, error) {
	ref, err := v.Send(typ, name, value)
	if err != nil {
		return Message{}, err
	}
	return v.Await(ref)
}

// Send sends an event and returns the ref of its reply, which is valid until
// the next call. The names are plain ones that JSON does not escape.
func (v *View) Send(typ, name string, value []byte) (ref []byte, err error) {
	var digits [20]byte
	ref = v.nextRef(digits[:0])
	b := v.appendHead(v.out[:0], ref, "event")
	b = append(append(append(b, `{"type":"`...), typ...), `","event":"`...)
	b = append(append(append(b, name...), `","value":`...), value...)
	b = append(b, `}]`...)
	v.sent = len(b)
	err = v.Write(b)
	b = append(b, ref...) // the ref lives on in the scratch
	v.out = b
	return b[v.sent:len(b):len(b)], err
}

// Sent is the size of the last event's message.
func (v *View) Sent() int { return v.sent }

// Await reads until the reply with that ref has come. A status other than ok is
// an error; the end of the view is a [*ChannelError].
func (v *View) Await(ref []byte) (Message, error) {
	for {
		var err error
		if v.buf, err = v.Read(v.buf); err != nil {
			return Message{}, err
		}
		m, err := ParseMessage(v.buf)
		if err != nil {
			return m, err
		}
		switch {
		case m.AnswersTo(ref) && m.OK():
			return m, nil
		case m.AnswersTo(ref):
			return m, fmt.Errorf("client: refused: %.200s", m.Payload)
		case string(m.Event) == "phx_error", string(m.Event) == "phx_close":
			if string(m.JoinRef) == string(v.joinRef) {
				return m, &ChannelError{string(m.Event)}
			}
		}
	}
}

// Heartbeat sends the message that keeps the socket open.
func (v *View) Heartbeat() error {
	return v.Write([]byte(`[null,"` + string(v.nextRef(nil)) + `","phoenix","heartbeat",{}]`))
}

// Leave asks the server to end the view and does not wait for it; Left does.
func (v *View) Leave() (ref []byte, err error) {
	ref = v.nextRef(nil)
	return ref, v.Write(v.appendMessage(nil, ref, "phx_leave", []byte("{}")))
}

// Left ends the view, with the socket left open.
func (v *View) Left() error {
	ref, err := v.Leave()
	if err != nil {
		return err
	}
	_, err = v.Await(ref)
	if end, ok := errors.AsType[*ChannelError](err); ok && end.Event == "phx_close" {
		_, err = v.Await(ref) // Phoenix's order: the close, then the reply
	}
	return err
}

func (v *View) nextRef(dst []byte) []byte { return strconv.AppendInt(dst, v.ref.Add(1), 10) }

// appendHead appends a message up to its payload.
func (v *View) appendHead(dst, ref []byte, event string) []byte {
	dst = append(append(dst, `["`...), v.joinRef...)
	dst = append(append(dst, `","`...), ref...)
	dst = append(append(dst, `","`...), v.topic...)
	dst = append(append(dst, `","`...), event...)
	return append(dst, `",`...)
}

func (v *View) appendMessage(dst, ref []byte, event string, payload []byte) []byte {
	return append(append(v.appendHead(dst, ref, event), payload...), ']')
}
