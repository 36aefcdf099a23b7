package live

import (
	"encoding"
	"fmt"
	"log/slog"
	"reflect"
	"strconv"

	"bennu/internal/logs"
	"bennu/internal/redact"
)

// state shows a view's exported fields in a log. A field tagged
// `bennu:"redact"`, or whose name says that it is secret, keeps its name and
// loses its value, however deep it stands. What could hide others, such as a
// slice, a map or a function, is shown by its type and length alone.
type state struct{ view View }

// LogValue is called only when the record is really written.
func (s state) LogValue() slog.Value { return logged(reflect.ValueOf(s.view), 0) }

// deepest is how many structs inside structs a log shows.
const deepest = 4

// logged is a value as logs show it.
func logged(v reflect.Value, depth int) slog.Value {
	for v.Kind() == reflect.Pointer || v.Kind() == reflect.Interface {
		if v.IsNil() {
			return slog.StringValue("nil")
		}
		v = v.Elem()
	}
	switch v.Kind() {
	case reflect.String:
		return slog.StringValue(shorten(v.String()))
	case reflect.Bool:
		return slog.BoolValue(v.Bool())
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		if s, ok := v.Interface().(fmt.Stringer); ok { // time.Duration, enums
			return slog.StringValue(shorten(s.String()))
		}
		return slog.Int64Value(v.Int())
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		return slog.Uint64Value(v.Uint())
	case reflect.Float32, reflect.Float64:
		return slog.Float64Value(v.Float())
	case reflect.Struct:
		return loggedStruct(v, depth)
	case reflect.Slice, reflect.Map, reflect.Array:
		return slog.StringValue(v.Type().String() + " of " + strconv.Itoa(v.Len()))
	}
	return slog.StringValue(v.Type().String())
}

func loggedStruct(v reflect.Value, depth int) slog.Value {
	if v.CanAddr() { // a copy would not do for a struct that others use at the same time
		if x, ok := v.Addr().Interface().(slog.LogValuer); ok {
			return slog.AnyValue(x).Resolve()
		}
	}
	switch x := v.Interface().(type) {
	case slog.LogValuer:
		return slog.AnyValue(x).Resolve()
	case encoding.TextMarshaler: // a time, a decimal, an id: a scalar to its users
		if text, err := x.MarshalText(); err == nil {
			return slog.StringValue(shorten(string(text)))
		}
	}
	if depth == deepest {
		return slog.StringValue(v.Type().String())
	}
	var attrs []slog.Attr
	for i := range v.NumField() {
		f := v.Type().Field(i)
		switch {
		case !f.IsExported():
		case f.Tag.Get("bennu") == "redact", redact.Name(f.Name):
			attrs = append(attrs, slog.String(f.Name, redact.Mark))
		default:
			attrs = append(attrs, slog.Attr{Key: f.Name, Value: logged(v.Field(i), depth+1)})
		}
	}
	return slog.GroupValue(attrs...)
}

// shorten keeps a log line readable, whatever a field holds.
func shorten(s string) string { return logs.Cut(s, logs.MaxValue) }
