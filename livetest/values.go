package livetest

import (
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"

	"bennu/internal/htmltree"
	"bennu/internal/nearest"
)

// enterable is an error about values that nobody can enter into a form: of
// fields that it does not have or that are disabled, and choices that are not
// offered. Only is the name of the field that is sent alone, "" for the form.
func (v *View) enterable(form htmltree.Node, only string, values url.Values) error {
	controls := v.controls(form)
	for _, name := range slices.Sorted(maps.Keys(values)) {
		switch {
		case name == "_target":
			continue
		case only != "" && name != only:
			return fmt.Errorf("the field %q sends itself alone, and the values have %q too", only, name)
		case len(controls[name]) == 0:
			return noField(form, name, controls)
		}
		if err := takes(name, controls[name], values[name]); err != nil {
			return err
		}
	}
	return nil
}

// controls are what has a name in a form, also what is not sent as it stands.
func (v *View) controls(form htmltree.Node) map[string][]htmltree.Node {
	found := map[string][]htmltree.Node{}
	for e := range v.doc.tree.Elements() {
		if name, _ := e.Attr("name"); name != "" && v.formOf(e) == form {
			found[name] = append(found[name], e)
		}
	}
	return found
}

func noField(form htmltree.Node, name string, controls map[string][]htmltree.Node) error {
	names := slices.Sorted(maps.Keys(controls))
	hint := ""
	if near := nearest.Name(name, names); near != "" {
		hint = fmt.Sprintf("; did you mean %q?", near)
	}
	has := "it has none"
	if len(names) > 0 {
		has = "it has " + quoted(names)
	}
	return fmt.Errorf("the form has no field %q%s\n  %s\n%s (Forge sends what the page does not offer)", name, hint, openTag(form), has)
}

// takes is an error about values that the controls of one name can not have.
func takes(name string, controls []htmltree.Node, values []string) error {
	usable := slices.DeleteFunc(slices.Clone(controls), htmltree.Node.Disabled)
	if len(usable) == 0 {
		return fmt.Errorf("the field %q is disabled, so a browser sends nothing for it\n%s", name, listing(controls))
	}
	var offered []string
	chosen := false // the user can choose and not write
	for _, e := range usable {
		kind, _ := e.Attr("type")
		kind = strings.ToLower(kind)
		switch {
		case e.Tag() == "select":
			chosen = true
			for o := range e.Elements() {
				if o.Tag() == "option" && !o.Disabled() {
					offered = append(offered, optionValue(o))
				}
			}
		case e.Tag() == "input" && (kind == "checkbox" || kind == "radio"):
			chosen = true
			value, _ := inputValue(e)
			offered = append(offered, value)
		case e.Tag() == "input" && kind == "hidden": // often stands before a checkbox
			value, _ := e.Attr("value")
			offered = append(offered, value)
		default:
			return nil
		}
	}
	if !chosen {
		return nil
	}
	for _, value := range values {
		if slices.Contains(offered, value) {
			continue
		}
		hint := ""
		if near := nearest.Name(value, offered); near != "" && value != "" {
			hint = fmt.Sprintf("; did you mean %q?", near)
		}
		return fmt.Errorf("the field %q does not offer %q%s\n%s\nit offers %s (Forge sends what the page does not offer)",
			name, value, hint, listing(usable), quoted(offered))
	}
	return nil
}
