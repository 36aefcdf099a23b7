// Package render is what generated template code calls. Application code does
// not use it.
package render
