package leaktest

import "testing"

func TestMeant(t *testing.T) {
	t.Parallel()
	for stack, want := range map[string]bool{
		"goroutine 7 [select]:\nbennu/pubsub.(*Hub).deliver()\n\t/x.go:1":                                true,
		"goroutine 7 [select]:\nnet.(*conn).Read()\n\t/bennu/pubsub/x.go":                                false,
		"goroutine 1 [running]:\nbennu/internal/leaktest.leaked()\n\t/x.go:1\nbennu/pubsub.TestMain()\n": false,
		"goroutine 7 [select]:\nbennu/presence.New()\n":                                                  false,
	} {
		if got := meant(stack, []string{"bennu/pubsub"}); got != want {
			t.Errorf("meant(%q) = %v, want %v", stack, got, want)
		}
	}
}
