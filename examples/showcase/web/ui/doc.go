// Package ui is what stands around the pages: the document with its
// navigation, and the layout inside the live part.
package ui
