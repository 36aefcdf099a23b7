package live_test

import (
	"context"
	"fmt"

	"bennu/live"
)

// A tool asks a connected view for its data, to compare it with what a browser
// shows of it. [bennu.App.View] finds the view.
func ExampleInspect() {
	fruit := func(ctx context.Context, r live.Ref) ([]string, error) {
		var fruit []string
		err := live.Inspect(ctx, r, func(v live.View) {
			if b, ok := v.(interface{ Contents() []string }); ok {
				fruit = b.Contents()
			}
		})
		return fruit, err
	}
	_, err := fruit(context.Background(), live.Ref{}) // the address of nobody
	fmt.Println(err)
	// Output: live: the view has ended
}
