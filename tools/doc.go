// Package tools pins the versions of the programs that check this repository;
// scripts/lint.sh builds and runs them. They stay out of the library's own
// go.mod.
package tools
