package traffic

import (
	"context"
	"time"

	"bennu/bench/internal/client"
)

// Clicks sends events on open connections.
type Clicks struct {
	Loop
	// Events are the names, used in turn; Type is that of all of them.
	Events []string
	Type   string
	Values client.Values
}

// Run joins, clicks and leaves. Bytes are those of the messages that came, and
// of the events.
func (c Clicks) Run(ctx context.Context, site *client.Site) (Result, error) {
	views, err := Joining{Workers: 16}.openAll(ctx, site, c.Clients)
	if err != nil {
		return Result{}, err
	}
	var fails failures
	clients := make([]round, len(views))
	for i, v := range views {
		clients[i] = c.clicker(v, i, &fails)
	}
	defer func() {
		for _, v := range views {
			v.Close()
		}
	}()
	return c.run(ctx, &fails, clients)
}

// clicker is one connection that clicks. A failure ends it, because what is
// still on its way would answer the next click.
func (c Clicks) clicker(v *client.View, i int, fails *failures) round {
	failed := v.Timeout(c.Warm + c.Time + time.Minute)
	return func() (int, int, error) {
		before := v.Received
		if failed == nil {
			_, failed = v.Do(c.Type, c.Events[i%len(c.Events)], c.Values.At(i))
			if failed == nil {
				i++
				return int(v.Received - before), v.Sent(), nil
			}
		}
		fails.add(failed)
		return 0, 0, errGone
	}
}
