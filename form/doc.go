// Package form decodes what browsers send into Go values: the payloads of
// events, the fields of forms and the queries of URLs.
//
// A browser knows little of types. An attribute phx-value-number="2" arrives as
// text, an unchecked box does not arrive at all, and every button adds a value
// of its own. So text is taken for numbers, keys that the type has no field for
// are passed over, and missing ones leave the zero value:
//
//	type step struct{ Number int }
//
//	var s step
//	err := form.DecodeJSON([]byte(`{"number":"2","value":""}`), &s) // s.Number is 2
//
// # Names
//
// A field takes the key that is its name, compared without case, _ and -:
// UserID takes user_id, user-id and userId. A tag `form:"uid"` gives it exactly
// that key instead, `form:"-"` none. A key that begins with _ belongs to the
// client's own protocol (_target, _csrf_token, _unused_email) and is taken by a
// tag only. Only exported fields are filled, and only those that the type has:
// a field that no browser may set belongs into another type.
//
// `form:"uid,required"`, or `form:",required"`, reports the field when its key
// is missing, null, or has empty text, an empty list or an empty map.
//
// The fields of an embedded struct count as the outer struct's own.
//
// # Types
//
//	string, []byte      any text; bytes that are no UTF-8 become U+FFFD
//	int…, uint…         whole decimal numbers that fit
//	float…              decimal numbers, 1e3 included
//	bool                true on 1 yes, false off 0 no
//	time.Time           2026-01-31, 2026-01-31T18:30(:05), RFC 3339; UTC without a zone
//	time.Duration       90s, 1h30m
//	UnmarshalText       types with this method, by it
//	*T                  nil when nothing came
//	[]T, [n]T           lists, and names with [] or [0], [1], …
//	map[string]T        objects, and names with [key]
//	struct              objects, and names with [field]
//	json.RawMessage     the JSON text of any value
//	any                 string, float64, bool, nil, []any, map[string]any
//
// Empty text is a value for text only; for all other types it says that
// nothing was entered: the zero value, a nil pointer, no item of a list.
// A checked box without a value attribute sends "on", which is true.
//
// Types are examined once. [For] gives the decoder of a type and refuses the
// types that cannot be decoded.
//
// # What does not fit
//
// All values that do not fit are collected in [Errors], each with the name that
// the client used, and the others are decoded all the same, so a page can go on
// with what it has.
//
// # Security
//
// Input is never trusted: depth is limited to 16 levels, lists to 1,000 items
// and as the highest index 999, an object or a form to 1,000 keys, a JSON text
// to 10,000 values. What is above gives an error with [ErrLimit]. Limit the size
// in bytes before you call this package. Who may send a value, and whether it is
// a sensible one, is for the program to check.
package form
