// Package address judges where a browser may be sent. Redirects, live
// navigation and links ask here, so that all of them refuse the same.
package address
