//go:build !unix

package bennu

// takeDevPipes is nil: `bennu dev` needs a system that hands open sockets to
// the programs it starts.
func takeDevPipes() *devPipes { return nil }
