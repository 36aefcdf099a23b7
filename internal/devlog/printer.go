package devlog

import (
	"log/slog"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// The colours of terminals, by what they mean.
const (
	reset  = "\x1b[0m"
	dim    = "\x1b[2m"
	bold   = "\x1b[1m"
	red    = "\x1b[31m"
	green  = "\x1b[32m"
	yellow = "\x1b[33m"
	cyan   = "\x1b[36m"
)

// request is what is known of a request that is not answered yet.
type request struct{ method, path, view, params string }

func (rq *request) add(e *entry) {
	for _, a := range e.attrs {
		switch a.Key {
		case "method":
			rq.method = a.Value.String()
		case "path":
			rq.path = a.Value.String()
		case "view":
			rq.view = a.Value.String()
		case "params":
			if text := a.Value.String(); text != "map[]" {
				rq.params = text
			}
		}
	}
}

// printer is one record being written.
type printer struct {
	b        []byte
	color    bool
	detailed bool
	dir      string
}

// paint appends a text in a colour.
func (p *printer) paint(color, text string) {
	if !p.color || color == "" {
		p.b = append(p.b, text...)
		return
	}
	p.b = append(append(append(p.b, color...), text...), reset...)
}

func (p *printer) time(t time.Time) {
	if t.IsZero() {
		return
	}
	p.paint(dim, t.Format("15:04:05"))
	p.b = append(p.b, ' ')
}

// request is the line of a request that is answered.
func (p *printer) request(e *entry, rq request) {
	p.time(e.Time)
	p.paint(bold, word(rq.method)+" "+word(rq.path))
	status := e.text("status")
	p.b = append(p.b, ' ')
	p.paint(statusColor(status), status)
	p.paint(dim, " in "+e.dur())
	if rq.view != "" {
		p.b = append(p.b, " by "+word(rq.view)...)
	}
	if rq.params != "" {
		p.pair("params", rq.params)
	}
	if e.text("cut_off") == "true" {
		p.b = append(p.b, ' ')
		p.paint(yellow, "(cut off)")
	}
}

func statusColor(status string) string {
	switch status[:min(1, len(status))] {
	case "2":
		return green
	case "3":
		return cyan
	case "4":
		return yellow
	}
	return red
}

// mount is the line of a view that was mounted.
func (p *printer) mount(e *entry) {
	p.time(e.Time)
	p.b = append(p.b, "mount "+word(e.text("view"))...)
	if via := e.text("transport"); via != "" {
		p.b = append(p.b, " over "+word(via)...)
	}
	p.paint(dim, " in "+e.dur())
	if process := e.text("process"); process != "" {
		p.pair("process", process)
	}
}

// connected is the line of a socket that a page has opened.
func (p *printer) connected(e *entry) {
	p.time(e.Time)
	p.b = append(p.b, "connected over "+word(e.text("transport"))...)
	p.paint(dim, " in "+e.dur())
}

// record is the form of all other records: level, message, attributes, and
// below them what has several lines.
func (p *printer) record(e *entry) {
	p.time(e.Time)
	switch {
	case e.Level >= slog.LevelError:
		p.paint(red, e.Level.String()+" ")
	case e.Level >= slog.LevelWarn:
		p.paint(yellow, e.Level.String()+" ")
	case e.Level != slog.LevelInfo:
		p.paint(dim, e.Level.String()+" ")
	}
	p.paint(bold, lines(e.Message))
	if err, ok := e.take("err"); ok {
		p.paint(bold, ": "+indented(err.String(), "  "))
	}
	stack, _ := e.take("stack")
	var below []slog.Attr
	for _, a := range e.attrs {
		switch {
		case !p.detailed && (a.Key == "request_id" || a.Key == "route" || a.Key == "id" && e.text("view") != ""):
		case a.Key == "dur" && a.Value.Kind() == slog.KindDuration:
			p.pair("dur", short(a.Value.Duration()))
		case strings.Contains(strings.TrimSpace(a.Value.String()), "\n"):
			below = append(below, a)
		default:
			p.pair(a.Key, a.Value.String())
		}
	}
	for _, a := range below {
		p.b = append(p.b, "\n  "+word(a.Key)+":\n    "+indented(a.Value.String(), "    ")...)
	}
	if text := stack.String(); stack.Kind() == slog.KindString {
		p.stack(text)
	}
}

// pair is an attribute.
func (p *printer) pair(key, value string) {
	p.b = append(p.b, ' ')
	p.paint(dim, word(key)+"=")
	p.b = append(p.b, word(value)...)
}

// word is a text from anywhere in one piece: in quotes unless it is clear
// without.
func word(s string) string {
	if s == "" || strings.ContainsFunc(s, func(r rune) bool {
		return r == '"' || r == '=' || r == unicode.ReplacementChar || !unicode.IsGraphic(r) || unicode.IsSpace(r)
	}) {
		return strconv.Quote(s)
	}
	return s
}

// lines is a text from anywhere as it stands, but for what terminals obey.
func lines(s string) string {
	if !strings.ContainsFunc(s, commands) {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		if commands(r) {
			quoted := strconv.QuoteRune(r)
			b.WriteString(quoted[1 : len(quoted)-1])
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}

// indented is a text of several lines that begins somewhere in a line.
func indented(s, by string) string {
	return strings.ReplaceAll(strings.TrimSpace(lines(s)), "\n", "\n"+by)
}

// commands are the characters that may move a terminal's cursor or worse.
func commands(r rune) bool { return r != '\n' && r != '\t' && !unicode.IsGraphic(r) }
