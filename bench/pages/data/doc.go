// Package data is what the benchmark pages show, and the changes that are made
// to it: a counter, a dashboard of some 200 values, and a table of 1,000 rows
// of 8 cells. Every change has an opposite, so that a page can be measured for
// as long as one likes and stays the size it has.
package data
