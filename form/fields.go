package form

import (
	"fmt"
	"reflect"
	"strings"
	"unicode"
)

// object is the part of a plan that a struct has: its fields by name.
type object struct {
	fields   []field
	exact    map[string]int // by the name in a tag
	folded   map[string]int // by the folded name of the field
	required int            // how many fields are required
}

// field is one exported field of a struct or of a struct embedded in it.
type field struct {
	key      string // which it takes, folded unless exact
	exact    bool   // key comes from a tag
	name     string // as messages call it when the client did not
	index    []int  // way from the struct to the field, one step unless embedded
	plan     *plan
	required uint64 // its bit, 0 when not required
}

// of is the field's place in the struct v.
func (f *field) of(v reflect.Value) reflect.Value {
	if len(f.index) == 1 {
		return v.Field(f.index[0])
	}
	for _, i := range f.index {
		v = v.Field(i)
	}
	return v
}

// lookup is the field that takes this key, nil when there is none.
func (o *object) lookup(key []byte) *field {
	if len(o.fields) <= fewFields {
		return o.search(key)
	}
	if i, ok := o.exact[string(key)]; ok {
		return &o.fields[i]
	}
	if len(key) > maxName || len(key) == 0 || key[0] == '_' {
		return nil
	}
	var room [maxName]byte
	n := 0
	for _, c := range key {
		if c = lower(c); c != '_' && c != '-' {
			room[n] = c
			n++
		}
	}
	if i, ok := o.folded[string(room[:n])]; ok {
		return &o.fields[i]
	}
	return nil
}

// maxName bounds the names of fields, and so the keys that are worth a look.
const maxName = 64

// fewFields is the number of fields up to which comparing the key with each
// name is quicker than hashing it.
const fewFields = 8

// search is lookup without the maps. Exact names come first, as there.
func (o *object) search(key []byte) *field {
	if len(o.exact) > 0 {
		for i := range o.fields {
			if f := &o.fields[i]; f.exact && string(key) == f.key {
				return f
			}
		}
	}
	if len(key) == 0 || key[0] == '_' {
		return nil
	}
	for i := range o.fields {
		if f := &o.fields[i]; !f.exact && folds(key, f.key) {
			return f
		}
	}
	return nil
}

// folds reports whether key, folded, is folded.
func folds(key []byte, folded string) bool {
	n := 0
	for _, c := range key {
		if c = lower(c); c == '_' || c == '-' {
			continue
		}
		if n == len(folded) || folded[n] != c {
			return false
		}
		n++
	}
	return n == len(folded)
}

func lower(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		c += 'a' - 'A'
	}
	return c
}

// missing reports the required fields that are not among the seen ones.
func (o *object) missing(seen uint64, to *problems) {
	for i := range o.fields {
		if f := &o.fields[i]; f.required&^seen != 0 {
			mark := len(to.errs)
			to.add("", "is required")
			to.inside([]byte(f.name), mark)
		}
	}
}

// object collects the fields of the struct type t.
func (c *compiler) object(o *object, t reflect.Type, at string) error {
	o.exact, o.folded = map[string]int{}, map[string]int{}
	return c.fields(o, t, at, nil)
}

// fields adds the fields of t, which stands at index in the outer struct.
func (c *compiler) fields(o *object, t reflect.Type, at string, index []int) error {
	for i := range t.NumField() {
		sf := t.Field(i)
		tag, required, err := parseTag(sf, at)
		if err != nil {
			return err
		}
		index := append(index[:len(index):len(index)], i)
		if sf.Anonymous && tag == "" && sf.Type.Kind() == reflect.Struct && !isLeaf(sf.Type) {
			if err := c.fields(o, sf.Type, at+"."+sf.Name, index); err != nil {
				return err
			}
			continue
		}
		if !sf.IsExported() || tag == "-" {
			continue
		}
		p, err := c.plan(sf.Type, at+"."+sf.Name)
		if err != nil {
			return err
		}
		f := field{name: tag, index: index, plan: p}
		if tag == "" {
			f.name = snake(sf.Name)
		}
		if required {
			if o.required == 64 {
				return fmt.Errorf("form: %s.%s: more than 64 required fields in one struct", at, sf.Name)
			}
			f.required = 1 << o.required
			o.required++
		}
		if err := o.add(f, tag, sf.Name, at); err != nil {
			return err
		}
	}
	return nil
}

// add files a field under its name; two for one name are a mistake.
func (o *object) add(f field, tag, name, at string) error {
	byName, key := o.folded, fold(name)
	if tag != "" {
		byName, key = o.exact, tag
	}
	f.key, f.exact = key, tag != ""
	for _, m := range []map[string]int{o.exact, o.folded} {
		if other, taken := m[key]; taken {
			outer := len(o.fields[other].index)
			switch {
			case len(f.index) > outer:
				return nil // hidden by a field nearer to the outside, as in Go
			case len(f.index) < outer:
				delete(m, key)
				o.fields[other], byName[key] = f, other
				return nil
			}
			return fmt.Errorf("form: %s.%s: the key %q belongs to another field already; give one of them a tag `form:\"…\"`", at, name, key)
		}
	}
	if len(key) > maxName {
		return fmt.Errorf("form: %s.%s: the key %q is longer than %d bytes", at, name, key, maxName)
	}
	o.fields = append(o.fields, f)
	byName[key] = len(o.fields) - 1
	return nil
}

// parseTag reads `form:"name,required"`.
func parseTag(sf reflect.StructField, at string) (name string, required bool, err error) {
	tag := sf.Tag.Get("form")
	name, options, _ := strings.Cut(tag, ",")
	switch options {
	case "":
	case "required":
		required = true
	default:
		err = fmt.Errorf("form: %s.%s: unknown option %q in the tag `form:%q`; there is only \"required\"", at, sf.Name, options, tag)
	}
	return name, required, err
}

// isLeaf reports whether a struct type is decoded from one text.
func isLeaf(t reflect.Type) bool {
	p := plan{typ: t}
	return p.leaf()
}

// fold is the form in which names are compared: lower case, without _ and -.
func fold(name string) string {
	return strings.NewReplacer("_", "", "-", "").Replace(strings.ToLower(name))
}

// snake is the usual name in HTML of a Go field: UserID becomes user_id.
func snake(name string) string {
	var b strings.Builder
	runes := []rune(name)
	for i, r := range runes {
		if i > 0 && unicode.IsUpper(r) {
			before, after := runes[i-1], rune(0)
			if i+1 < len(runes) {
				after = runes[i+1]
			}
			if unicode.IsLower(before) || unicode.IsDigit(before) || unicode.IsUpper(before) && unicode.IsLower(after) {
				b.WriteByte('_')
			}
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}
