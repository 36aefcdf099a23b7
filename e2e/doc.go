// Package e2e proves the showcase from outside: with raw frames over a real
// socket, with the text that it writes to its terminal, and in a real Chromium
// with the official client. Its tests are named after what a user does
// (TestSEED08…, as in the acceptance table) or after the rule of the protocol.
//
// It runs the built binary at bin/showcase; `make e2e` builds that first.
package e2e
