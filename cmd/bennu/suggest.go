package main

import (
	"fmt"
	"strings"
)

// didYouMean is ", did you mean …?" when one of the known words is near enough
// to have been meant.
func didYouMean(word string, known []string) string {
	best, nearest := "", len(word)/3+2
	for _, k := range known {
		if len(word) > 1 && strings.HasPrefix(k, word) {
			best = k
			break
		}
		if d := distance(word, k); d < nearest {
			best, nearest = k, d
		}
	}
	if best == "" {
		return ""
	}
	return fmt.Sprintf(", did you mean %q?", best)
}

// distance counts the letters to insert, remove or change to get from a to b.
// Row i of the table holds the distances of a's first i letters to all
// beginnings of b; only one row is kept.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := diagonal
			if a[i] != b[j] {
				change++
			}
			diagonal = row[j+1]
			row[j+1] = min(change, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
