package dashboard

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"bennu/live"
)

// photographs is how many the job looks through.
const photographs = 40

// Job is a long piece of work, as the page shows it.
type Job struct {
	Running bool
	Done    int    // photographs
	Outcome string // how the last run ended
}

// progress is what the work says on its way.
type progress int

func (p *Page) start(s *live.Socket) error {
	p.Job = Job{Running: true}
	page := s.Self() // the work must not touch the page, it sends to it
	live.Go(s, "job", func(ctx context.Context) (int, error) {
		birds := 0
		for n := range photographs {
			if err := wait(ctx, 100*time.Millisecond); err != nil {
				return 0, err
			}
			birds += rand.IntN(5)
			page.Send(progress(n + 1))
		}
		return birds, nil
	}, p.ended)
	return nil
}

func (p *Page) cancel(s *live.Socket) error {
	live.Cancel(s, "job")
	return nil
}

func (p *Page) progressed(_ *live.Socket, n progress) error {
	if p.Job.Running { // else it was on its way when the job was cancelled
		p.Job.Done = int(n)
	}
	return nil
}

// ended takes the result, and the error if there is none.
func (p *Page) ended(_ *live.Socket, birds int, err error) error {
	p.Job.Running = false
	switch {
	case errors.Is(err, context.Canceled):
		p.Job.Outcome = "Cancelled after " + itoa(p.Job.Done) + " of them."
	case err != nil:
		p.Job.Outcome = "Failed: " + err.Error()
	default:
		p.Job.Outcome = itoa(birds) + " birds counted."
	}
	return nil
}
