package form

import "time"

const (
	wantTime     = "a date or time such as 2026-01-31, 2026-01-31T18:30 or 2026-01-31T18:30:00Z"
	wantDuration = "a duration such as 90s or 1h30m"
)

// timeLayouts are the values of HTML's date and datetime-local inputs, and
// RFC 3339, which JavaScript's toISOString writes. The length of the text
// tells the first two; fractions of a second are taken by the last two.
var timeLayouts = [...]string{
	"2006-01-02",
	"2006-01-02T15:04",
	"2006-01-02T15:04:05",
	time.RFC3339,
}

// parseTime reads a point in time; without a zone it is in UTC.
func parseTime(text []byte) (time.Time, bool) {
	const longest = len("2006-01-02T15:04:05.999999999-07:00")
	if len(text) > longest {
		return time.Time{}, false
	}
	s := string(text)
	for _, layout := range timeLayouts {
		if t, err := time.Parse(layout, s); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}

// parseDuration reads what time.ParseDuration does.
func parseDuration(text []byte) (time.Duration, bool) {
	const longest = 64
	if len(text) > longest {
		return 0, false
	}
	d, err := time.ParseDuration(string(text))
	return d, err == nil
}
