package client

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"regexp"
	"strconv"
	"strings"
)

// Values are the values of a row of events.
type Values struct {
	text     string
	constant []byte // nil: the text has placeholders
}

var randomNumber = regexp.MustCompile(`%RAND\((\d+)\)%`)

// ParseValues reads the value of an event, a JSON text in which %RAND(n)%
// stands for a number from 1 to n and %I% for the event's own number.
func ParseValues(text string) (Values, error) {
	v := Values{text: text}
	if !strings.Contains(text, "%") {
		v.constant = []byte(text)
	}
	if sample := v.At(1); !json.Valid(sample) {
		return v, fmt.Errorf("client: event value %s is no JSON, want such as {\"number\":\"2\"}", sample)
	}
	return v, nil
}

// At is the value of event i. It may be called by many goroutines; what it
// returns is not to be changed.
func (v Values) At(i int) []byte {
	if v.constant != nil {
		return v.constant
	}
	text := randomNumber.ReplaceAllStringFunc(v.text, func(m string) string {
		n, err := strconv.Atoi(randomNumber.FindStringSubmatch(m)[1])
		if err != nil || n < 1 {
			n = 1
		}
		return strconv.Itoa(1 + rand.IntN(n))
	})
	return []byte(strings.ReplaceAll(text, "%I%", strconv.Itoa(i)))
}
