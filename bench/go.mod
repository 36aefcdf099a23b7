module bennu/bench

go 1.26.6

require bennu v0.0.0

require (
	github.com/gobwas/httphead v0.1.0 // indirect
	github.com/gobwas/ws v1.5.0 // indirect
)

replace bennu => ..
