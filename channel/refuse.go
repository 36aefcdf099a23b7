package channel

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"strings"
)

// Refusal is an error that the client is told: a join is refused with it, an
// event answered, and the channel goes on. Make it by [Refuse] or [RefuseWith].
type Refusal struct {
	reason   string
	response any
}

// Error is the reason.
func (e *Refusal) Error() string { return "channel: refused: " + e.reason }

// Refuse is an error whose reason the client is told, as {"reason": "…"}.
func Refuse(reason string) error {
	return &Refusal{reason, map[string]string{"reason": reason}}
}

// RefuseWith is an error with a response of the program's own form.
func RefuseWith(response any) error {
	return &Refusal{fmt.Sprintf("with a %T", response), response}
}

// refusalOf is what a client is told of an error; nil is nothing: the error is
// not the client's doing. An error with the HTTP status of a client's mistake, as
// that of a topic's name, is told by the words of its status.
func refusalOf(err error) *Refusal {
	if r, ok := errors.AsType[*Refusal](err); ok {
		return r
	}
	var s interface{ HTTPStatus() int }
	if errors.As(err, &s) && s.HTTPStatus() >= 400 && s.HTTPStatus() < 500 {
		reason := strings.ToLower(http.StatusText(s.HTTPStatus()))
		if reason == "" {
			reason = fmt.Sprint(s.HTTPStatus())
		}
		return Refuse(reason).(*Refusal)
	}
	return nil
}

// invalidPayload is the answer to a payload that does not decode.
type invalidPayload struct {
	Reason string `json:"reason"`
	Field  string `json:"field,omitempty"`
	Want   string `json:"want,omitempty"`
	Got    string `json:"got,omitempty"`
}

// decode reads a payload. The error is a [*Refusal] that says what does not fit,
// without the value.
func decode(payload []byte, into any) error {
	err := json.Unmarshal(payload, into)
	if err == nil {
		return nil
	}
	if _, ok := errors.AsType[*json.InvalidUnmarshalError](err); ok {
		return fmt.Errorf("channel: Decode wants a pointer to what is to be filled in, got %T", into)
	}
	answer := invalidPayload{Reason: "invalid payload"}
	if e, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		got, _, _ := strings.Cut(e.Value, " ") // "number 1e9" without the number
		answer.Field, answer.Want, answer.Got = e.Field, kindOf(e.Type), got
	}
	return &Refusal{fmt.Sprintf("invalid payload: field %q: want %s, got %s", answer.Field, answer.Want, answer.Got), answer}
}

// kindOf is a type in the words of JSON.
func kindOf(t reflect.Type) string {
	switch t.Kind() {
	case reflect.Bool:
		return "boolean"
	case reflect.String:
		return "string"
	case reflect.Slice, reflect.Array:
		return "array"
	case reflect.Map, reflect.Struct:
		return "object"
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return "whole number"
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		return "whole number from 0 on"
	case reflect.Float32, reflect.Float64:
		return "number"
	}
	return "another value"
}

// Params is what a client joins with.
type Params struct {
	// Topic is what it joins, and Match what the * of the pattern stands for in it.
	// Both are the client's choice: whether it may join just this topic is for
	// Join to decide.
	Topic, Match string

	payload []byte
}

// NewParams are the parameters of a join, for tests that call Join: payload is
// JSON, "" for {}.
func NewParams(topic, match, payload string) Params { return Params{topic, match, []byte(payload)} }

// Decode reads what the client sent along, by package encoding/json. The error,
// returned from Join, refuses the join and says which field did not fit.
func (p Params) Decode(into any) error {
	if len(p.payload) == 0 {
		return decode([]byte("{}"), into)
	}
	return decode(p.payload, into)
}
