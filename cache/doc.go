// Package cache keeps in memory for some time what was costly to get: [TTL] is
// a map whose entries end.
//
//	prices := cache.New[string, shop.Price](cache.Options{TTL: time.Minute})
//	price, err := prices.Load(ctx, "tea", store.Price)
//
// However many ask for a key at the same time, [TTL.Load] gets it once. A cache
// has no goroutine, and needs no stop.
package cache
