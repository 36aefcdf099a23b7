// Package logs keeps a log short, whatever clients send and however often
// something goes wrong: texts are cut, and records that repeat are counted.
package logs

import "unicode/utf8"

// MaxValue is how much a log shows of a value that came from outside.
const MaxValue = 200

// cutMark stands at the end of a text that was cut.
const cutMark = "…"

// Cut is at most n bytes of a text, with a mark behind them if there were more.
// No character is cut in two.
func Cut(text string, n int) string {
	if len(text) <= n {
		return text
	}
	for i := range utf8.UTFMax {
		if n-i >= 0 && utf8.RuneStart(text[n-i]) {
			return text[:n-i] + cutMark
		}
	}
	return text[:n] + cutMark // no UTF-8
}
