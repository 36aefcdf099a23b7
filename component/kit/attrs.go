package kit

import "github.com/a-h/templ"

// rest are the attributes that a page gave to a component; of two with one name
// the later one counts.
func rest(attrs []templ.Attributes) templ.Attributes {
	if len(attrs) == 1 {
		return attrs[0]
	}
	all := templ.Attributes{}
	for _, some := range attrs {
		for name, value := range some {
			all[name] = value
		}
	}
	return all
}

// classed are they with a class, which those of the page may replace.
func classed(class string, attrs []templ.Attributes) templ.Attributes {
	return rest(append([]templ.Attributes{{"class": class}}, attrs...))
}
