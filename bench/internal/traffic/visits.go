package traffic

import (
	"context"

	"bennu/bench/internal/client"
)

// Visits lets clients come and go: page load, connect, join, leave, close.
type Visits struct {
	Loop
	// Reuse leaves the page loads out: all join with the tokens of one.
	Reuse bool
}

// Run counts visits. Bytes are those of the reply to the join.
func (v Visits) Run(ctx context.Context, site *client.Site) (Result, error) {
	load, err := Joining{Reuse: v.Reuse}.pages(site)
	if err != nil {
		return Result{}, err
	}
	clients := make([]round, v.Clients)
	for i := range clients {
		loader := site.Loader()
		defer loader.Close()
		clients[i] = func() (int, int, error) {
			view, err := openOne(site, loader, load)
			if err != nil {
				return 0, 0, err
			}
			_, err = view.Leave()
			view.Close()
			return view.JoinBytes, 0, err
		}
	}
	return v.run(ctx, new(failures), clients)
}

// Pages loads the page over and over, each client on a kept connection.
type Pages struct{ Loop }

// Run counts page loads. Bytes are those of the body as it came.
func (p Pages) Run(ctx context.Context, site *client.Site) (Result, error) {
	clients := make([]round, p.Clients)
	for i := range clients {
		loader := site.Loader()
		defer loader.Close()
		clients[i] = func() (int, int, error) {
			n, err := loader.Get()
			return n, 0, err
		}
	}
	return p.run(ctx, new(failures), clients)
}
