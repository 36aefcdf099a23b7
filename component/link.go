package component

import "github.com/a-h/templ"

// Replace makes [Navigate] and [Patch] put the new address into the history in
// place of the one that is shown:
//
//	@component.Patch(paths.Posts(p.Sorted()), component.Replace()) { Sort }
func Replace() templ.Attributes { return templ.Attributes{"data-phx-link-state": "replace"} }

// Method makes [Href] send a form with another method than GET, such as
// "delete", which changes something on the server. It needs the script of the
// page, which adds the CSRF token (app.js of `bennu new` does).
func Method(method string) templ.Attributes { return templ.Attributes{"data-method": method} }

// Confirm asks before the link is followed.
func Confirm(question string) templ.Attributes { return templ.Attributes{"data-confirm": question} }

// followed are the attributes of a link that the client follows.
func followed(kind string, attrs []templ.Attributes) templ.Attributes {
	all := templ.Attributes{"data-phx-link": kind, "data-phx-link-state": "push"}
	return put(all, attrs)
}

func plain(address string, attrs []templ.Attributes) templ.Attributes {
	all := put(templ.Attributes{}, attrs)
	if _, ok := all["data-method"]; ok {
		all["data-to"] = address
		all["rel"] = "nofollow" // for those who follow links without looking
	}
	return all
}

// together is one set of attributes; of two with one name the later one counts.
func together(attrs []templ.Attributes) templ.Attributes {
	if len(attrs) == 1 {
		return attrs[0]
	}
	return put(templ.Attributes{}, attrs)
}

func put(all templ.Attributes, attrs []templ.Attributes) templ.Attributes {
	for _, some := range attrs {
		for name, value := range some {
			all[name] = value
		}
	}
	return all
}
