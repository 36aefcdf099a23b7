package form

import (
	"fmt"
	"net/url"
	"reflect"
	"sync"
)

// Decoder decodes input into values of type P. Make one with [For]; it is safe
// for use by many goroutines.
type Decoder[P any] struct{ plan *plan }

// decoders are the decoders made so far, *Decoder[P] by the type P.
var decoders sync.Map

// For is the decoder for P. The type is examined at the first call for it and
// later calls only look the result up, so For can be called for each input.
//
// The error names the type and the field that no input can be decoded into,
// a channel say; it is the same at every call.
func For[P any]() (*Decoder[P], error) {
	t := reflect.TypeFor[P]()
	if d, ok := decoders.Load(t); ok {
		return d.(*Decoder[P]), nil
	}
	p, err := planFor(t)
	if err != nil {
		return nil, err
	}
	d, _ := decoders.LoadOrStore(t, &Decoder[P]{plan: p})
	return d.(*Decoder[P]), nil
}

// JSON decodes as [DecodeJSON] does. It keeps nothing of data.
func (d *Decoder[P]) JSON(data []byte, dst *P) error {
	return decodeJSON(d.plan, data, reflect.ValueOf(dst).Elem())
}

// Query decodes as [DecodeQuery] does.
func (d *Decoder[P]) Query(query string, dst *P) error {
	return decodeQuery(d.plan, query, reflect.ValueOf(dst).Elem())
}

// DecodeJSON decodes one JSON value, as a browser sends it with an event, into
// the value that dst points to. Text is accepted for numbers and numbers for
// text, since a page's attributes and inputs only know text.
//
// Values that do not fit are returned as [Errors], and the others are decoded
// all the same. Input that is no JSON gives an error with [ErrSyntax], input
// above the limits one with [ErrLimit], and dst is then partly filled.
func DecodeJSON(data []byte, dst any) error {
	p, v, err := target("DecodeJSON", dst)
	if err != nil {
		return err
	}
	return decodeJSON(p, data, v)
}

// DecodeQuery decodes the fields of an HTML form, as in the query of a URL or
// the body of a plain POST (application/x-www-form-urlencoded), into the struct
// or map that dst points to. Errors are those of [DecodeJSON].
//
// Names nest: user[name] is the field Name of the field User, tags[] adds an
// item to the list Tags, items[2][price] belongs to the item with index 2.
// Of a name that comes twice the last value counts, unless it goes into a list.
func DecodeQuery(query string, dst any) error {
	p, v, err := target("DecodeQuery", dst)
	if err != nil {
		return err
	}
	return decodeQuery(p, query, v)
}

// DecodeValues decodes what package net/url or net/http has parsed; it is
// [DecodeQuery] in all else.
func DecodeValues(values url.Values, dst any) error {
	p, v, err := target("DecodeValues", dst)
	if err != nil {
		return err
	}
	return decodeValues(p, values, v)
}

// target is the plan for the value that dst points to, and that value.
func target(call string, dst any) (*plan, reflect.Value, error) {
	v := reflect.ValueOf(dst)
	if v.Kind() != reflect.Pointer || v.IsNil() {
		return nil, v, fmt.Errorf("form: %s needs a pointer to fill, got %T", call, dst)
	}
	p, err := planFor(v.Type().Elem())
	return p, v.Elem(), err
}
