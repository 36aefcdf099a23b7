package main

import (
	"fmt"

	"bennu/internal/nearest"
)

// didYouMean is ", did you mean …?" when one of the known words is near enough
// to have been meant.
func didYouMean(word string, known []string) string {
	if near := nearest.Name(word, known); near != "" {
		return fmt.Sprintf(", did you mean %q?", near)
	}
	return ""
}
