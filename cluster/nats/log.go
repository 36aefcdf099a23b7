package nats

import (
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
)

// serverLog takes the log of an embedded server. Its notices are details here.
type serverLog struct {
	log *slog.Logger

	mu   sync.Mutex
	last error // what it could not go on after
}

func (l *serverLog) Noticef(format string, v ...any) {
	l.log.Debug("nats: " + fmt.Sprintf(format, v...))
}

func (l *serverLog) Warnf(format string, v ...any) {
	text := fmt.Sprintf(format, v...)
	if strings.HasPrefix(text, "Plaintext passwords") {
		return // they stand in no file: made at random, or of the app's secret
	}
	l.log.Warn("nats: " + text)
}

func (l *serverLog) Errorf(format string, v ...any) { l.log.Warn("nats: " + fmt.Sprintf(format, v...)) }
func (l *serverLog) Debugf(string, ...any)          {}
func (l *serverLog) Tracef(string, ...any)          {}

// Fatalf is called where the server of a program of its own would end it.
func (l *serverLog) Fatalf(format string, v ...any) {
	text := fmt.Sprintf(format, v...)
	l.log.Error("nats: " + text)
	l.mu.Lock()
	defer l.mu.Unlock()
	l.last = errors.New(text)
}

func (l *serverLog) fatal() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.last
}
