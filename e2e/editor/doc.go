// Package editor runs what editors run, templ's language server with gopls
// behind it, over a program whose Go comes from bennu generate.
package editor
