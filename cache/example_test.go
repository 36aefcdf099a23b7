package cache_test

import (
	"context"
	"fmt"
	"time"

	"bennu/cache"
)

// What is costly to get is got once a minute, however many ask.
func Example_howDoIKeepWhatIsCostly() {
	prices := cache.New[string, int](cache.Options{TTL: time.Minute})
	ask := func(_ context.Context, tea string) (int, error) {
		fmt.Println("asks the store for", tea)
		return 12, nil
	}
	for range 3 {
		fmt.Println(prices.Load(context.Background(), "sencha", ask))
	}
	prices.Delete("sencha") // it was changed
	fmt.Println(prices.Load(context.Background(), "sencha", ask))
	// Output:
	// asks the store for sencha
	// 12 <nil>
	// 12 <nil>
	// 12 <nil>
	// asks the store for sencha
	// 12 <nil>
}
