module bennu/bench

go 1.26.6

require (
	bennu v0.0.0
	bennu/examples v0.0.0
	github.com/a-h/templ v0.3.1020
	github.com/andybalholm/brotli v1.2.8
	github.com/gobwas/ws v1.5.0
)

require (
	github.com/a-h/parse v0.0.0-20250122154542-74294addb73e // indirect
	github.com/andybalholm/cascadia v1.3.5 // indirect
	github.com/gobwas/httphead v0.1.0 // indirect
	golang.org/x/net v0.62.0 // indirect
)

replace (
	bennu => ..
	bennu/cluster/nats => ../cluster/nats
	bennu/examples => ../examples
)
