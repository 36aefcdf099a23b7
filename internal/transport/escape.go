package transport

const hexDigits = "0123456789abcdef"

// escape makes the text from start on good for the inside of a JSON string. The
// text grows, so it is moved from its end.
func escape(b []byte, start int) []byte {
	grow := 0
	for _, c := range b[start:] {
		switch {
		case c == '"' || c == '\\':
			grow++
		case c < 0x20:
			grow += 5
		}
	}
	if grow == 0 {
		return b
	}
	from := len(b) - 1
	for range grow {
		b = append(b, 0)
	}
	for to := len(b) - 1; from < to; from-- {
		c := b[from]
		switch {
		case c == '"' || c == '\\':
			b[to-1], b[to] = '\\', c
			to -= 2
		case c < 0x20:
			copy(b[to-5:], `\u00`)
			b[to-1], b[to] = hexDigits[c>>4], hexDigits[c&15]
			to -= 6
		default:
			b[to] = c
			to--
		}
	}
	return b
}
