package route

import (
	"fmt"
	"net/url"
	"reflect"
	"strconv"
)

// Query is what stands behind the question mark, by name. A nil value is left
// out, a slice repeats its name.
type Query map[string]any

// String is the query escaped, its names sorted, without the question mark. It
// panics for a value of another kind than the package comment names.
func (q Query) String() string {
	if len(q) == 0 {
		return ""
	}
	values := make(url.Values, len(q))
	for name, value := range q {
		if texts := texts(name, value); len(texts) > 0 {
			values[name] = texts
		}
	}
	return values.Encode()
}

// texts are the values of one name.
func texts(name string, value any) []string {
	if value == nil {
		return nil
	}
	if s, ok := text(value); ok {
		return []string{s}
	}
	switch v := reflect.ValueOf(value); v.Kind() {
	case reflect.Bool:
		return []string{strconv.FormatBool(v.Bool())}
	case reflect.Float32, reflect.Float64:
		return []string{strconv.FormatFloat(v.Float(), 'f', -1, v.Type().Bits())}
	case reflect.Pointer:
		if v.IsNil() {
			return nil
		}
		return texts(name, v.Elem().Interface())
	case reflect.Slice, reflect.Array:
		all := []string{}
		for i := range v.Len() {
			all = append(all, texts(name, v.Index(i).Interface())...)
		}
		return all
	}
	panic(fmt.Sprintf("route: %T cannot be the query's %q: want a string, a number, a bool, a type with a method Param() string, or a slice of such", value, name))
}
