package bennu

import (
	"iter"
	"strconv"
	"strings"
)

// accepted yields the values of an Accept or Accept-Encoding header in lower
// case with their quality, 0 to 1; what is not well formed is left out.
func accepted(header []string) iter.Seq2[string, float64] {
	return func(yield func(string, float64) bool) {
		for _, line := range header {
			for item := range strings.SplitSeq(line, ",") {
				value, params, _ := strings.Cut(item, ";")
				value = strings.ToLower(strings.TrimSpace(value))
				q, ok := quality(params)
				if value == "" || !ok {
					continue
				}
				if !yield(value, q) {
					return
				}
			}
		}
	}
}

// quality is the parameter q of a header's value, 1 without one.
func quality(params string) (float64, bool) {
	for p := range strings.SplitSeq(params, ";") {
		name, value, _ := strings.Cut(p, "=")
		if strings.TrimSpace(name) != "q" && strings.TrimSpace(name) != "Q" {
			continue
		}
		q, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
		return q, err == nil && q >= 0 && q <= 1
	}
	return 1, true
}

// acceptsCoding reports that a response may be encoded so (RFC 9110, 12.5.3).
func acceptsCoding(header []string, coding string) bool {
	all := false
	for value, q := range accepted(header) {
		switch value {
		case coding, "x-" + coding:
			return q > 0
		case "*":
			all = q > 0
		}
	}
	return all
}

// The formats in which errors are answered.
const (
	formatHTML = "html"
	formatJSON = "json"
	formatText = "text"
)

// formatOf is the format in which a request wants its answer: the one with the
// highest quality in Accept, of equals the first. A request that takes anything
// gets what it sent itself if that is JSON, else a page.
func formatOf(accept []string, requestType string) string {
	best, quality := "", 0.0
	for value, q := range accepted(accept) {
		if q <= quality {
			continue
		}
		switch {
		case value == "text/html", value == "application/xhtml+xml":
			best, quality = formatHTML, q
		case isJSON(value):
			best, quality = formatJSON, q
		case value == "text/plain":
			best, quality = formatText, q
		}
	}
	if best != "" {
		return best
	}
	mediaType, _, _ := strings.Cut(requestType, ";")
	if isJSON(strings.ToLower(strings.TrimSpace(mediaType))) {
		return formatJSON
	}
	return formatHTML
}

func isJSON(mediaType string) bool {
	return mediaType == "application/json" || strings.HasPrefix(mediaType, "application/") && strings.HasSuffix(mediaType, "+json")
}
