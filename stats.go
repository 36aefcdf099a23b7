package bennu

// Stats are counts of this server, for operators.
type Stats struct {
	Views   int // that are connected, nested ones too
	Sockets int // that are open, those by long polling too
}

// Stats counts. It may be called from any goroutine.
func (a *App) Stats() Stats { return Stats{Views: a.views.Views(), Sockets: a.sockets.Len()} }
