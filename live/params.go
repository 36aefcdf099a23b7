package live

import "net/url"

// Params are what the page's address says: the named parts of its route and
// its query. They come from outside and are not checked. The zero Params is empty.
type Params struct {
	path  []PathValue
	query string
}

// PathValue is one named part of a route and the text that stood there.
type PathValue struct{ Name, Value string }

// NewParams makes the Params of a page from its route's named parts and the
// raw query of its URL. A view's test uses it to call Mount directly.
func NewParams(path []PathValue, rawQuery string) Params {
	return Params{path: path, query: rawQuery}
}

// Get is the value of a part of the path, else the first value of that name in
// the query, else "".
func (p Params) Get(name string) string {
	v, _ := p.Lookup(name)
	return v
}

// Has reports whether the path or the query has this name.
func (p Params) Has(name string) bool {
	_, ok := p.Lookup(name)
	return ok
}

// Lookup is Get, and whether the name was there.
func (p Params) Lookup(name string) (string, bool) {
	for _, v := range p.path {
		if v.Name == name {
			return v.Value, true
		}
	}
	if p.query == "" {
		return "", false
	}
	if v, ok := p.Query()[name]; ok && len(v) > 0 {
		return v[0], true
	}
	return "", false
}

// Path are the named parts of the route in their order.
func (p Params) Path() []PathValue { return p.path }

// Query are the values of the query; the pairs that are not well formed are
// left out, as browsers' servers do. The map is the caller's own.
func (p Params) Query() url.Values {
	q, _ := url.ParseQuery(p.query)
	return q
}
