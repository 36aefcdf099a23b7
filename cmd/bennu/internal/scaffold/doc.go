// Package scaffold writes new apps: the files of one that works, on the sources
// of a framework that is on this machine.
package scaffold
