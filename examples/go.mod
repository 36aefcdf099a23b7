module bennu/examples

go 1.26.6

require bennu v0.0.0

replace bennu => ..
