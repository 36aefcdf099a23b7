// Package devlog writes logs for somebody who watches a terminal: one line for
// a request, one for the mount of a view, and errors with a stack that can be
// read. Programs in production write package slog's own formats.
//
//	15:04:05 GET /orders 200 in 3.1ms by orders.Index
//	15:04:05 mount orders.Index over websocket in 0.2ms process=7
//	15:04:09 ERROR the view crashed: panic: no price view=orders.Index event=add
//	  web/live/orders/index.go:41  orders.(*Index).add
package devlog
