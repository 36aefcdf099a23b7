// Package traffic drives a server of live pages and measures what that costs:
// its CPU time for each click, join or page, the memory of connections that are
// idle, and whether it stays whole under visitors who come, click, crash and
// leave for a long time.
//
//	[Clicks]  events on open connections, one after the other on each
//	[Visits]  page load, connect, join, leave, over and over
//	[Pages]   page loads alone
//	[Hold]    connections that are open and do nothing
//	[Soak]    visitors, for minutes
//
// The first three are closed loops: every client waits for its answer before it
// goes on, so a slow server is asked less and not buried. What they report of
// the server are differences over the measured time, after a warm-up.
package traffic
