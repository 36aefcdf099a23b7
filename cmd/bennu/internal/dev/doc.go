// Package dev is the loop of `bennu dev`: it keeps a running app equal to its
// sources.
//
// The process opens the port once. The app inherits the listening socket; after
// each build a new app starts on the same socket, says that it is ready, and
// only then the old one is told to go, so that no request is refused. While
// there is no app that runs, the process answers by itself and shows why.
//
// All decisions are made by one goroutine, [Run]'s. Builds, bundles, watchers
// and apps run beside it and put what they have to say into its mailbox.
package dev
