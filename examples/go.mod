module bennu/examples

go 1.26.6

require (
	bennu v0.0.0
	github.com/a-h/templ v0.3.1020
)

replace bennu => ..
