package livetest

import (
	"strings"

	"bennu/internal/htmltree"
)

// field is a control of a form with what the browser would send for it.
type field struct {
	name   string
	values []string
	hidden bool
	skip   bool // no mark for being unused
}

// fields are the controls of a form that are sent, in the order of the page.
// Buttons are not: the one that was clicked is added by who knows it. Files are
// no part of the text.
func (v *View) fields(form htmltree.Node) []field {
	var found []field
	for e := range v.doc.tree.Elements() {
		name, _ := e.Attr("name")
		if name == "" || e.Disabled() || v.formOf(e) != form {
			continue
		}
		f := field{name: name, skip: e.Has("phx-no-unused-field")}
		switch e.Tag() {
		case "textarea":
			f.values = []string{textareaValue(e)}
		case "select":
			for _, o := range chosenOptions(e) {
				f.values = append(f.values, optionValue(o))
			}
		case "input":
			value, isSent := inputValue(e)
			kind, _ := e.Attr("type")
			f.hidden = strings.EqualFold(kind, "hidden")
			if isSent {
				f.values = []string{value}
			}
			if isButton(kind) {
				continue
			}
		default:
			continue
		}
		found = append(found, f)
	}
	return found
}

func isButton(kind string) bool {
	switch strings.ToLower(kind) {
	case "submit", "image", "button", "reset", "file":
		return true
	}
	return false
}

// inputValue is what an input sends, and whether it sends anything.
func inputValue(e htmltree.Node) (string, bool) {
	value, has := e.Attr("value")
	kind, _ := e.Attr("type")
	switch strings.ToLower(kind) {
	case "checkbox", "radio":
		if !has {
			value = "on"
		}
		return value, e.Has("checked")
	}
	return value, true
}

// textareaValue is the text in a textarea; line ends are sent as CR LF.
func textareaValue(e htmltree.Node) string {
	return strings.ReplaceAll(strings.ReplaceAll(e.RawText(), "\r\n", "\n"), "\n", "\r\n")
}

// chosenOptions are the options of a select that count: those with selected, and
// if there is none and only one can be chosen, the first that is not disabled.
func chosenOptions(e htmltree.Node) []htmltree.Node {
	var chosen []htmltree.Node
	var first htmltree.Node
	for o := range e.Elements() {
		switch {
		case o.Tag() != "option":
		case o.Has("selected"):
			if !o.Disabled() {
				chosen = append(chosen, o)
			}
			first = o
		case first.IsZero() && !o.Disabled():
			first = o
		}
	}
	switch {
	case e.Has("multiple"):
		return chosen
	case len(chosen) > 0:
		return chosen[len(chosen)-1:]
	case first.IsZero() || first.Disabled():
		return nil
	}
	return []htmltree.Node{first}
}

func optionValue(o htmltree.Node) string {
	if value, ok := o.Attr("value"); ok {
		return value
	}
	return o.Text()
}
