package form

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
)

// decode fills v from the whole tree.
func (t *tree) decode(p *plan, v reflect.Value) error {
	if p.kind == kindPointer {
		v.Set(reflect.New(p.elem.typ))
		return t.decode(p.elem, v.Elem())
	}
	if p.kind != kindStruct && p.kind != kindMap && p.kind != kindAny {
		return fmt.Errorf("form: the fields of a form go into a struct or a map[string]T, not into %s", p.typ)
	}
	if _, err := t.inner(p, v, 0); err != nil {
		return err
	}
	return t.err()
}

// value decodes the node n into v.
func (t *tree) value(p *plan, v reflect.Value, n int32) (outcome, error) {
	switch {
	case p.kind == kindPointer:
		e := reflect.New(p.elem.typ)
		o, err := t.value(p.elem, e.Elem(), n)
		if o == filled || o == missing && p.elem.kind == kindString {
			v.Set(e)
		}
		return o, err
	case p.kind == kindRaw:
		return t.raw(v, n)
	case !t.nodes[n].leaf:
		return t.inner(p, v, n)
	case p.kind == kindAny:
		v.Set(reflect.ValueOf(validText(t.nodes[n].text)))
		return filled, nil
	case p.kind == kindList && p.elem.takesText(), p.kind == kindArray && p.elem.takesText():
		return t.repeated(p, v, n)
	case !p.kind.scalar():
		t.mismatch(p.want, t.nodes[n].text)
		return failed, nil
	}
	return p.text(v, t.nodes[n].text, &t.problems), nil
}

// takesText reports whether one text can fill the type or what it points to.
func (p *plan) takesText() bool {
	if p.kind == kindPointer {
		p = p.elem
	}
	return p.kind.scalar() || p.kind == kindAny
}

// inner decodes the children of n.
func (t *tree) inner(p *plan, v reflect.Value, n int32) (outcome, error) {
	switch p.kind {
	case kindStruct:
		return t.members(p, v, n)
	case kindMap:
		return t.entries(p, v, n)
	case kindList, kindArray:
		return t.list(p, v, n)
	case kindAny:
		v.Set(reflect.ValueOf(t.untyped(n)))
		return filled, nil
	}
	t.misplaced(p.want, "nested fields")
	return failed, nil
}

// members decodes the children of n into the fields of a struct.
func (t *tree) members(p *plan, v reflect.Value, n int32) (outcome, error) {
	var seen uint64
	for c := t.nodes[n].first; c != 0; c = t.nodes[c].next {
		name := t.nodes[c].name
		f := p.obj.lookup(name)
		if f == nil {
			continue
		}
		mark := len(t.errs)
		o, err := t.value(f.plan, f.of(v), c)
		if err != nil {
			return failed, err
		}
		t.inside(name, mark)
		if o != missing {
			seen |= f.required
		}
	}
	if p.obj.required > 0 {
		p.obj.missing(seen, &t.problems)
	}
	return filled, nil
}

// entries decodes the children of n into a map. Marks that the client sets for
// untouched inputs are kept out, unless the map takes everything raw, and so
// are items without a key.
func (t *tree) entries(p *plan, v reflect.Value, n int32) (outcome, error) {
	m := reflect.MakeMapWithSize(p.typ, int(t.nodes[n].children))
	v.Set(m)
	for c := t.nodes[n].first; c != 0; c = t.nodes[c].next {
		name := t.nodes[c].name
		if n != 0 && len(name) == 0 || p.elem.kind != kindAny && isUnusedMark(name) {
			continue
		}
		e := reflect.New(p.elem.typ).Elem()
		mark := len(t.errs)
		o, err := t.value(p.elem, e, c)
		if err != nil {
			return failed, err
		}
		t.inside(name, mark)
		if o != failed {
			m.SetMapIndex(mapKey(p.typ, name), e)
		}
	}
	return some(m.Len()), nil
}

// isUnusedMark reports whether the official client made this name to say that
// the input of the rest of the name was not touched yet.
func isUnusedMark(name []byte) bool { return bytes.HasPrefix(name, []byte("_unused_")) }

// list decodes the children of n into a slice or an array. Into a slice they
// go one after another in the order of their index, [] last: gaps are closed,
// so a list never has more items than fields came for it. In an array, the
// index is the position.
func (t *tree) list(p *plan, v reflect.Value, n int32) (outcome, error) {
	items, err := t.items(p, n)
	if err != nil {
		return failed, err
	}
	v.SetZero()
	for _, item := range items {
		mark := len(t.errs)
		fits, err := t.item(p, v, item.index, item.node)
		if err != nil {
			return failed, err
		}
		t.inside(t.nodes[item.node].name, mark)
		if !fits {
			return failed, nil
		}
	}
	return some(len(items)), nil
}

// item decodes n to the end of a slice or to position i of an array, if
// it has such a position. An empty value adds no item unless the
// items are text: it is the hidden input that says that nothing is chosen.
func (t *tree) item(p *plan, v reflect.Value, i int, n int32) (fits bool, err error) {
	if p.kind == kindList {
		i = v.Len()
		lengthen(v)
	}
	if i >= v.Len() {
		t.misplaced(p.want, "more")
		return false, nil
	}
	o, err := t.value(p.elem, v.Index(i), n)
	if o == missing && t.nodes[n].leaf && p.kind == kindList && p.elem.kind != kindString {
		v.SetLen(i)
	}
	return true, err
}

// indexed is a child of a list, with the index that its name says.
type indexed struct {
	index int
	node  int32
}

// items are the children of n by index.
func (t *tree) items(p *plan, n int32) ([]indexed, error) {
	items := make([]indexed, 0, t.nodes[n].children)
	next := 0
	for c := t.nodes[n].first; c != 0; c = t.nodes[c].next {
		name := t.nodes[c].name
		if len(name) == 0 || isUnusedMark(name) {
			continue
		}
		index, ok := parseUint(name)
		if !ok {
			mark := len(t.errs)
			t.mismatch("an index in the brackets", name)
			t.inside(name, mark)
			continue
		}
		if index >= maxItems {
			return nil, fmt.Errorf("form: index %d: %w", index, errTooMany("items in a list", maxItems))
		}
		items = append(items, indexed{int(index), c})
		next = max(next, int(index)+1)
	}
	slices.SortStableFunc(items, func(a, b indexed) int { return a.index - b.index })
	for c := t.nodes[n].first; c != 0; c = t.nodes[c].next {
		if len(t.nodes[c].name) == 0 {
			items = append(items, indexed{next, c})
			next++
		}
	}
	return items, nil
}

// repeated decodes all values of a name that came several times, without [],
// into a list: what <select multiple name="tags"> sends.
func (t *tree) repeated(p *plan, v reflect.Value, n int32) (outcome, error) {
	chain := []int32{n}
	for i := t.nodes[n].older; i != 0; i = t.nodes[i].older {
		chain = append(chain, i)
	}
	slices.Reverse(chain)
	v.SetZero()
	for i, c := range chain {
		fits, err := t.item(p, v, i, c)
		if !fits || err != nil {
			return failed, err
		}
	}
	return filled, nil
}

// untyped is n as Go values: text as string, a[] as []any, all else as
// map[string]any, a[0] included.
func (t *tree) untyped(n int32) any {
	if t.nodes[n].leaf {
		return validText(t.nodes[n].text)
	}
	first := t.nodes[n].first
	if n != 0 && first != 0 && len(t.nodes[first].name) == 0 {
		list := make([]any, 0, t.nodes[n].children)
		for c := first; c != 0; c = t.nodes[c].next {
			list = append(list, t.untyped(c))
		}
		return list
	}
	m := make(map[string]any, t.nodes[n].children)
	for c := first; c != 0; c = t.nodes[c].next {
		m[validText(t.nodes[c].name)] = t.untyped(c)
	}
	return m
}

// raw keeps n as JSON.
func (t *tree) raw(v reflect.Value, n int32) (outcome, error) {
	text, err := json.Marshal(t.untyped(n))
	if err != nil {
		return failed, fmt.Errorf("form: %w", err)
	}
	v.SetBytes(text)
	return filled, nil
}
