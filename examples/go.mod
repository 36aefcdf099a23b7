module bennu/examples

go 1.26.6

require (
	bennu v0.0.0
	github.com/a-h/templ v0.3.1020
)

require (
	github.com/andybalholm/cascadia v1.3.5 // indirect
	github.com/gobwas/httphead v0.1.0 // indirect
	github.com/gobwas/ws v1.5.0 // indirect
	golang.org/x/net v0.62.0 // indirect
)

replace bennu => ..
