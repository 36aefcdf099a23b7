package transport

import (
	"errors"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// bodyTimeout is how long a POST may take to arrive: the official client gives
// up after as long.
const bodyTimeout = 20 * time.Second

// pollTokenHeader is another place for the token, besides the query.
const pollTokenHeader = "X-Phoenix-Longpoll-Token"

// ServeLongPoll answers one request of a client that fetches its messages by
// GET and sends by POST. The caller has checked the origin.
//
// Owner stands for the browser that the request comes from, "" for one of which
// nothing is known; a client's requests are those that come from the browser
// that opened it. Open is called for a request that begins a connection, and
// makes its Conn.
//
// The logical status is in the JSON of the body; the HTTP status is always 200,
// but for 405 and, while there are too many connections or the server shuts
// down, 503.
func (s *Server) ServeLongPoll(w http.ResponseWriter, r *http.Request, owner string, open func() *Conn) {
	token := r.Header.Get(pollTokenHeader)
	query := r.URL.Query()
	if tokens := query["token"]; token == "" && len(tokens) > 0 {
		token = tokens[len(tokens)-1] // an app may have a parameter of that name, before it
	}
	switch r.Method {
	case http.MethodGet:
		if p := s.findPoll(token, owner); p != nil {
			s.answerPoll(w, r, p)
			return
		}
		s.beginPoll(w, r, query["vsn"], owner, open)
	case http.MethodPost:
		s.takePost(w, r, s.findPoll(token, owner))
	case http.MethodOptions:
		h := pollHeader(w)
		h.Set("Access-Control-Allow-Headers", strings.Join(r.Header.Values("Access-Control-Request-Headers"), ", "))
		h.Set("Access-Control-Allow-Methods", "get, post, options")
		h.Set("Access-Control-Max-Age", "3600")
		w.WriteHeader(http.StatusOK)
	default:
		w.Header().Set("Allow", "GET, POST, OPTIONS")
		w.WriteHeader(http.StatusMethodNotAllowed)
	}
}

// RefuseLongPoll answers a request whose origin may not connect.
func RefuseLongPoll(w http.ResponseWriter) { writeStatus(w, http.StatusForbidden) }

// beginPoll opens a long poll. Its token comes with status 410, which the
// client takes for the opening.
func (s *Server) beginPoll(w http.ResponseWriter, r *http.Request, versions []string, owner string, open func() *Conn) {
	if !speaks(versions) {
		writeStatus(w, http.StatusForbidden)
		return
	}
	if s.admit(w) != nil {
		pollHeader(w)
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	admitted := false
	defer func() {
		if !admitted {
			s.dismiss()
		}
	}()
	c := open()
	if s.opt.AuthToken || c.Accept != nil {
		c.AuthToken = r.Header.Get("X-Phoenix-AuthToken")
	}
	if c.accept() != nil {
		writeStatus(w, http.StatusForbidden)
		return
	}
	p := s.openPoll(c, owner)
	if p == nil {
		pollHeader(w)
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	admitted = true
	p.answer(w, http.StatusGone, nil)
}

// answerPoll answers a poll with what there is, or comes to be within the
// window.
func (s *Server) answerPoll(w http.ResponseWriter, r *http.Request, p *longpoll) {
	messages, out := p.poll(r.Context())
	status := http.StatusNoContent
	switch out {
	case pollGone:
		writeStatus(w, http.StatusGone)
		return
	case pollLeft:
		return
	case pollMessages:
		status = http.StatusOK
		defer p.srv.held.Add(-int64(len(messages) + len(",")))
	}
	if err := p.answer(w, status, messages); err != nil {
		p.end(TooSlow) // what it was to be told is lost
	}
}

// takePost handles the messages of a POST.
func (s *Server) takePost(w http.ResponseWriter, r *http.Request, p *longpoll) {
	if p == nil {
		writeStatus(w, http.StatusGone)
		return
	}
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/x-ndjson" {
		writeStatus(w, http.StatusBadRequest)
		return
	}
	// Not every writer has deadlines; the server's own are then what there is.
	_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(bodyTimeout))
	cause, err := p.publish(r.Context(), http.MaxBytesReader(w, r.Body, int64(s.opt.MaxPollBody)))
	if err != nil {
		writeStatus(w, http.StatusRequestTimeout)
		return
	}
	if cause != causeNone {
		p.end(cause)
	}
	writeStatus(w, causes[cause].status)
}

// pollHeader is the header of every answer. Any site may read it: it has been
// checked whether it may ask.
func pollHeader(w http.ResponseWriter) http.Header {
	h := w.Header()
	h.Set("Access-Control-Allow-Origin", "*")
	h.Set("Cache-Control", "no-store")
	return h
}

// writeStatus answers without messages.
func writeStatus(w http.ResponseWriter, status int) {
	_ = writeJSON(w, append(strconv.AppendInt([]byte(`{"status":`), int64(status), 10), `,"token":null,"messages":[]}`...))
}

// answer answers with messages, which are the inside of a JSON array.
func (p *longpoll) answer(w http.ResponseWriter, status int, messages []byte) error {
	b := make([]byte, 0, len(messages)+len(p.token)+64)
	b = strconv.AppendInt(append(b, `{"status":`...), int64(status), 10)
	b = append(append(append(b, `,"token":"`...), p.token...), `","messages":[`...)
	b = append(append(b, messages...), `]}`...)
	// A client that does not read must not hold the messages for ever.
	_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(p.srv.opt.WriteTimeout))
	return writeJSON(w, b)
}

// writeJSON writes all of an answer, and tells whether it went out.
func writeJSON(w http.ResponseWriter, b []byte) error {
	h := pollHeader(w)
	h.Set("Content-Type", "application/json; charset=utf-8")
	h.Set("Content-Length", strconv.Itoa(len(b)))
	if _, err := w.Write(b); err != nil {
		return err
	}
	if err := http.NewResponseController(w).Flush(); !errors.Is(err, http.ErrNotSupported) {
		return err
	}
	return nil // a middleware's writer, which nobody can ask
}
