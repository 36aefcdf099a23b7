// Package nearest finds the known name that somebody probably meant, for
// messages that ask "did you mean".
package nearest

import "strings"

// Name is the known name that is near enough to word to be what was meant by a
// slip of the keyboard or a name half remembered; "" if none is.
func Name(word string, known []string) string {
	best, least := "", len(word)/3+2
	for _, k := range known {
		if len(word) > 1 && strings.HasPrefix(k, word) {
			return k
		}
		if d := distance(word, k); d < least {
			best, least = k, d
		}
	}
	return best
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
