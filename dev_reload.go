package bennu

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"

	"bennu/internal/devreload"
)

// Why [devReload.run] ended; both ask the App to drain and to return.
var (
	errDevHandover = errors.New("bennu: a newer build has taken over")
	errDevGone     = errors.New("bennu: bennu dev has ended")
)

// devReload is the App's side of `bennu dev`: the open port it is handed, the
// pipes over which it is told what happened, and the browsers that it tells.
// A nil devReload does nothing, so that production has no second path.
type devReload struct {
	hub    *devreload.Hub
	prefix string
	log    *slog.Logger
	pipes  *devPipes // nil when nobody started us
}

// newDevReload takes what `bennu dev` passed to this process, the first time
// it is called; later Apps of the same process open their own ports. prefix is
// the path that the App is mounted under.
func newDevReload(prefix string, log *slog.Logger) *devReload {
	return &devReload{hub: devreload.New(log), prefix: prefix, log: log, pipes: takeDevPipes()}
}

// snippet is what every HTML page has before its </body> in development.
func (d *devReload) snippet(nonce string) string {
	if d == nil {
		return ""
	}
	return d.hub.Snippet(d.prefix, nonce)
}

// routes serves the script and the socket of live reload, and hands all other
// requests to next, with itself in their scope for [HTML]. It stands outside of
// logs, sessions and error pages.
func (d *devReload) routes(next http.Handler) http.Handler {
	if d == nil {
		return next
	}
	reload := http.StripPrefix(d.prefix, d.hub)
	path := d.prefix + devreload.Path
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, path) {
			reload.ServeHTTP(w, r)
			return
		}
		if sc := scopeOf(r.Context()); sc != nil {
			sc.dev = d
		}
		next.ServeHTTP(w, r)
	})
}

// listener is the port that `bennu dev` has opened; nil when it did not start
// this process, and the App opens its own.
func (d *devReload) listener() (net.Listener, error) {
	if d == nil || d.pipes == nil {
		return nil, nil
	}
	l, err := net.FileListener(d.pipes.listen)
	if err != nil {
		return nil, fmt.Errorf("bennu: the listening socket from bennu dev (%s): %w", devreload.EnvListen, err)
	}
	return l, nil
}

// run says that the App accepts connections and then does what `bennu dev`
// tells, until ctx ends (nil), a newer build takes over (errDevHandover) or
// bennu dev is gone (errDevGone). At a hand-over it calls handover, which stops
// accepting and closes idle connections, so that the reload which browsers are
// told of next reaches the newer build.
func (d *devReload) run(ctx context.Context, handover func()) error {
	if d == nil || d.pipes == nil {
		<-ctx.Done()
		return nil
	}
	var once sync.Once
	closePipes := func() { once.Do(d.pipes.close) }
	defer closePipes()
	defer context.AfterFunc(ctx, closePipes)()

	if _, err := d.pipes.answer.Write(devreload.Message{Type: devreload.Ready}.AppendLine(nil)); err != nil {
		return errDevGone
	}
	lines := bufio.NewScanner(d.pipes.control)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var m devreload.Message
		if err := json.Unmarshal(lines.Bytes(), &m); err != nil {
			d.log.ErrorContext(ctx, "bennu dev sent no JSON", slog.Any("err", err))
			continue
		}
		if m.Type == devreload.Handover {
			handover()
			d.hub.Send(devreload.Message{Type: devreload.Reload})
			return errDevHandover
		}
		d.hub.Send(m)
	}
	if ctx.Err() != nil {
		return nil
	}
	return errDevGone
}

// close ends the sockets of live reload and waits for them.
func (d *devReload) close() {
	if d != nil {
		d.hub.Close()
	}
}

// devAssets are the bundles that `bennu dev` keeps current on disk; without it
// they are the App's own.
func devAssets(own fs.FS) fs.FS {
	if dir := os.Getenv(devreload.EnvAssets); dir != "" {
		return os.DirFS(dir)
	}
	return own
}

// devPipes are the files that `bennu dev` leaves open in the app it starts.
type devPipes struct{ listen, control, answer *os.File }

func (p *devPipes) close() {
	// Nothing is written any more and nobody is left to tell.
	_, _, _ = p.listen.Close(), p.control.Close(), p.answer.Close()
}
