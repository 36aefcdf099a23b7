module bennu/cmd/bennu

go 1.26.6

require (
	bennu v0.0.0
	github.com/andybalholm/brotli v1.2.8
	github.com/evanw/esbuild v0.28.2
)

require (
	github.com/gobwas/httphead v0.1.0 // indirect
	github.com/gobwas/ws v1.5.0 // indirect
	golang.org/x/sys v0.13.0 // indirect
)

replace bennu => ../..
