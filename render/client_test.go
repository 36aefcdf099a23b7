package render

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"strconv"
	"strings"
	"unicode/utf8"
)

// client does to diffs what the official client does (its Rendered class),
// and reports as an error whatever that one would show as "undefined", throw
// at, or leave stale on the page.
type client struct {
	tree  object
	magic int
	page  map[int]string // what the page shows of each root node, by magic id
}

// An object is a node, a list, the entries of a list or an entry.
type object = map[string]any

// apply merges the members of a diff and returns the HTML the page then shows.
func (c *client) apply(members []byte) (html string, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("client: %v", r)
		}
	}()
	if !utf8.Valid(members) {
		return "", fmt.Errorf("client: the message is no UTF-8: %q", members)
	}
	diff := object{}
	dec := json.NewDecoder(bytes.NewReader([]byte("{" + string(members) + "}")))
	dec.UseNumber()
	if err := dec.Decode(&diff); err != nil {
		return "", fmt.Errorf("client: %w", err)
	}
	if _, ok := diff["r"]; ok {
		return "", fmt.Errorf("client: the root has an r, which is read as a reply")
	}
	if _, ok := diff["s"]; ok || c.tree == nil {
		c.tree = diff
	} else {
		merge(c.tree, diff)
	}
	var b strings.Builder
	c.show(&b, c.tree, nil)
	return b.String(), nil
}

func merge(target, source object) {
	if source["k"] != nil {
		mergeKeyed(target, source)
	} else {
		for key, val := range source {
			v, isObject := val.(object)
			t, hasObject := target[key].(object)
			if isObject && v["s"] == nil && hasObject {
				merge(t, v)
				continue
			}
			target[key] = val
		}
	}
	if target["r"] != nil {
		target["new"] = true
	}
}

func mergeKeyed(target, source object) {
	from, to := source["k"].(object), target["k"].(object)
	var old object
	if from["km"] == true {
		old = clone(to).(object)
	}
	taken := map[int]bool{}
	take := func(n any) object {
		if old == nil {
			panic("an entry moved without km")
		}
		i := number(n)
		if taken[i] {
			panic(fmt.Sprintf("old entry %d was used twice, two rows would be one object", i))
		}
		taken[i] = true
		return old[strconv.Itoa(i)].(object)
	}
	for i, entry := range from {
		switch e := entry.(type) {
		case []any:
			to[i] = take(e[0])
			merge(to[i].(object), e[1].(object))
		case json.Number:
			if i != "kc" {
				to[i] = take(e)
			}
		case object:
			if to[i] == nil {
				to[i] = object{}
			}
			merge(to[i].(object), e)
		}
	}
	count := number(from["kc"])
	for i := count; i < number(to["kc"]); i++ {
		delete(to, strconv.Itoa(i))
	}
	to["kc"] = from["kc"]
}

func number(v any) int {
	n, err := strconv.Atoi(v.(json.Number).String())
	if err != nil {
		panic(err)
	}
	return n
}

func clone(v any) any {
	o, ok := v.(object)
	if !ok {
		return v
	}
	c := maps.Clone(o)
	for k, v := range c {
		c[k] = clone(v)
	}
	return c
}

// show writes a node or a list. Statics are given as numbers for this message
// only, so they are replaced by what they stand for.
func (c *client) show(b *strings.Builder, node, table object) {
	if p, ok := node["p"]; ok {
		table = p.(object)
		delete(node, "p")
	}
	if n, ok := node["s"].(json.Number); ok {
		node["s"] = table[n.String()].([]any)
	}
	statics := node["s"].([]any)
	if keyed, ok := node["k"].(object); ok {
		for i := range number(keyed["kc"]) {
			c.slots(b, keyed[strconv.Itoa(i)].(object), statics, table)
		}
		return
	}
	if node["r"] == nil {
		c.slots(b, node, statics, table)
		return
	}
	if node["magic"] == nil {
		c.magic++
		node["magic"], node["new"] = c.magic, true
	}
	var root strings.Builder
	c.slots(&root, node, statics, table)
	id := node["magic"].(int)
	if node["new"] == true { // otherwise the page keeps what it shows
		c.page[id] = root.String()
	}
	node["new"] = false
	if s := strings.TrimSpace(c.page[id]); !strings.HasPrefix(s, "<") || !strings.HasSuffix(s, ">") {
		panic(fmt.Sprintf("a root node is one element, got %q", s))
	}
	b.WriteString(c.page[id])
}

func (c *client) slots(b *strings.Builder, node object, statics []any, table object) {
	for i, s := range statics[:len(statics)-1] {
		b.WriteString(s.(string))
		switch v := node[strconv.Itoa(i)].(type) {
		case string:
			b.WriteString(v)
		case object:
			c.show(b, v, table)
		default:
			panic(fmt.Sprintf("slot %d of %q shows %v", i, statics, v))
		}
	}
	b.WriteString(statics[len(statics)-1].(string))
}

func newClient() *client { return &client{page: map[int]string{}} }
