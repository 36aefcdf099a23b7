package traffic

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"time"

	"bennu/bench/internal/client"
)

// A visitor comes to the counter page again and again.
type visitor struct {
	site    *client.Site
	loaders chan *client.Loader // shared by all: a kept connection for each would take their number of files twice
	random  *rand.Rand
	mean    time.Duration // between two actions
	count   *counters
	fails   *failures

	page *client.Page
	view *client.View
	at   int // what the counter has to show
}

// errBye ends a visit.
var errBye = errors.New("traffic: the visitor goes")

// run visits until the context ends. A visit that fails is counted and given
// up; the next one comes after a pause, so that a broken server is not hammered.
func (v *visitor) run(ctx context.Context) {
	for ctx.Err() == nil {
		err := v.visit(ctx)
		if v.view != nil {
			v.part()
		}
		if err != nil && !errors.Is(err, errBye) {
			v.fails.add(err)
		}
		v.pause(ctx)
	}
}

// visit loads the page, joins, and acts until the visitor goes.
func (v *visitor) visit(ctx context.Context) error {
	if err := v.load(); err != nil {
		return err
	}
	if err := v.open(v.site.OpenTrace); err != nil {
		return err
	}
	v.did(&v.count.visits)
	for v.pause(ctx) {
		if err := v.act(); err != nil {
			return err
		}
	}
	return errBye
}

func (v *visitor) load() (err error) {
	l := <-v.loaders
	defer func() { v.loaders <- l }()
	v.page, err = l.Load()
	return err
}

// act does one thing. Most are clicks; one in fifty crashes the view.
func (v *visitor) act() error {
	switch n := v.random.IntN(100); {
	case n < 80:
		return v.click()
	case n < 82:
		return v.crash()
	case n < 86:
		return v.leave()
	case n < 92:
		return v.reconnect()
	}
	return errBye
}

// click presses a button and checks that the counter shows what it has to: any
// mixing up of views or order of events shows as a wrong number.
func (v *visitor) click() error {
	event, value, by := "increase", `{"number":"2","value":""}`, 2
	if v.random.IntN(2) == 0 {
		event, value, by = "decrease", `{"number":"1","value":""}`, -1
	}
	reply, err := v.view.Do("click", event, []byte(value))
	if err != nil {
		return fmt.Errorf("click: %w", err)
	}
	v.at += by
	v.did(&v.count.clicks)
	return v.check(reply)
}

// crash makes the view panic and comes back on the same socket, to a new one.
func (v *visitor) crash() error {
	_, err := v.view.Do("click", "crash", []byte(`{"value":""}`))
	if end, ok := errors.AsType[*client.ChannelError](err); !ok || end.Event != "phx_error" {
		return fmt.Errorf("crash: got %v, want phx_error", err)
	}
	v.did(&v.count.crashes)
	return v.rejoin()
}

// leave ends the view and joins again on the same socket.
func (v *visitor) leave() error {
	if err := v.view.Left(); err != nil {
		return fmt.Errorf("leave: %w", err)
	}
	v.did(&v.count.leaves)
	return v.rejoin()
}

func (v *visitor) rejoin() error {
	reply, err := v.view.Rejoin()
	if err != nil {
		return fmt.Errorf("join again: %w", err)
	}
	v.at = 0
	return v.check(reply)
}

// reconnect loses the connection and comes back with the tokens of the page.
func (v *visitor) reconnect() error {
	v.part()
	err := v.open(v.site.Reopen)
	if err == nil {
		v.did(&v.count.reconnects)
	}
	return err
}

func (v *visitor) open(open func(*client.Page) (*client.View, client.Message, error)) error {
	view, reply, err := open(v.page)
	if err != nil {
		return err
	}
	v.view, v.at = view, 0
	return v.check(reply)
}

// part closes the connection, in one of the ways in which browsers do.
func (v *visitor) part() {
	switch v.random.IntN(3) {
	case 0:
		// A leave that cannot be sent is as good as none: the close follows.
		_, _ = v.view.Leave()
		v.view.Close()
	case 1:
		v.view.Close()
	default:
		v.view.Abort()
	}
	v.view = nil
}

// check looks for the number in a reply.
func (v *visitor) check(reply client.Message) error {
	if want := `:"` + strconv.Itoa(v.at) + `"`; !strings.Contains(string(reply.Payload), want) {
		return fmt.Errorf("the counter has to show %d, and the reply is %.300s", v.at, reply.Payload)
	}
	return nil
}

func (v *visitor) did(what interface{ Add(int64) int64 }) {
	what.Add(1)
	v.count.all.Add(1)
}

// pause waits for the next action; false when the context ends first.
func (v *visitor) pause(ctx context.Context) bool {
	d := time.Duration(v.random.ExpFloat64() * float64(v.mean))
	return sleep(ctx, min(d, maxPause)) == nil
}
