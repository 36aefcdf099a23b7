module bennu

go 1.26.6

require (
	github.com/a-h/templ v0.3.1020
	github.com/andybalholm/cascadia v1.3.5
	github.com/gobwas/ws v1.5.0
	golang.org/x/net v0.62.0
)

require (
	github.com/a-h/parse v0.0.0-20250122154542-74294addb73e // indirect
	github.com/gobwas/httphead v0.1.0 // indirect
)
