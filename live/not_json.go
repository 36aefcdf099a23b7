package live

import (
	"encoding/json"
	"fmt"
	"reflect"
)

// notJSON adds to an error of encoding/json where in a value it comes from, as a
// program would write it: payload.Items[3].Price.
func notJSON(name string, value any, err error) error {
	if at := unfit(name, reflect.ValueOf(value), 20); at != "" && at != name {
		return fmt.Errorf("live: %s can not be JSON: %w", at, err)
	}
	return fmt.Errorf("live: %s can not be JSON: %w", name, err)
}

// unfit is the innermost part of a value that is no JSON, "" if all of it is.
func unfit(name string, v reflect.Value, depth int) string {
	if !v.IsValid() || depth == 0 {
		return ""
	}
	if v.CanInterface() {
		if _, err := json.Marshal(v.Interface()); err == nil {
			return ""
		}
	}
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		return unfit(name, v.Elem(), depth-1)
	case reflect.Struct:
		for f, field := range v.Fields() {
			if !f.IsExported() || f.Tag.Get("json") == "-" {
				continue
			}
			if at := unfit(name+"."+f.Name, field, depth-1); at != "" {
				return at
			}
		}
	case reflect.Slice, reflect.Array:
		for i := range v.Len() {
			if at := unfit(fmt.Sprintf("%s[%d]", name, i), v.Index(i), depth-1); at != "" {
				return at
			}
		}
	case reflect.Map:
		for key, item := range v.Seq2() {
			if at := unfit(fmt.Sprintf("%s[%q]", name, fmt.Sprint(key)), item, depth-1); at != "" {
				return at
			}
		}
	}
	return name
}
