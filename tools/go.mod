module bennu/tools

go 1.26.6
