package livetest

import (
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"bennu/internal/htmltree"
)

// Change types into a form, or into one of its fields if that is the element,
// and sends what phx-change says, as one message: browsers send one for each
// field. The values are named as the fields are; fields that are not given have
// what the page shows. Values that nobody can enter fail the test: of a field that
// the form does not have or that is disabled, and choices that are not offered.
// [View.Forge] sends what no page offers.
//
// "_target" among the values names the field that was typed into last. Without
// it that is the one given, of several the last one in the form.
func (e *Element) Change(values url.Values) {
	e.t.Helper()
	n := e.acting("change")
	form, only := n, ""
	event, bound := n.Attr("phx-change")
	if n.Tag() != "form" {
		only, _ = n.Attr("name")
		form = e.v.formOf(n)
		if form.IsZero() || only == "" {
			e.t.Fatalf("livetest: cannot change %s: it is no form and no field of one with a name\n  %s%s", e, openTag(n), e.v.itsForm(n, "change that"))
		}
		if !bound {
			only = ""
			event, bound = form.Attr("phx-change")
		}
	}
	if !bound || event == "" {
		e.t.Fatalf("livetest: cannot change %s: it has no phx-change\n  %s", e, openTag(n))
	}
	if err := e.v.enterable(form, only, values); err != nil {
		e.t.Fatalf("livetest: cannot change %s: %v", e, err)
	}
	if err := e.v.change(form, n, only, event, values); err != nil {
		e.t.Fatalf("livetest: change %s: %v", e, err)
	}
}

// Submit submits a form and sends what phx-submit says, with these values, and
// for fields that are not given with what the page shows. As with Change, values
// that nobody can enter fail the test.
func (e *Element) Submit(values url.Values) {
	e.t.Helper()
	n := e.acting("submit")
	if n.Tag() != "form" || !n.Has("phx-submit") {
		e.t.Fatalf("livetest: cannot submit %s: it is no form with phx-submit\n  %s%s", e, openTag(n), e.v.itsForm(n, "submit that, or click its button"))
	}
	if err := e.v.enterable(n, "", values); err != nil {
		e.t.Fatalf("livetest: cannot submit %s: %v", e, err)
	}
	if err := e.v.submit(n, htmltree.Node{}, values); err != nil {
		e.t.Fatalf("livetest: submit %s: %v", e, err)
	}
}

// itsForm is a hint about the form in which an element stands, "" for none.
func (v *View) itsForm(n htmltree.Node, do string) string {
	form := v.formOf(n)
	if form.IsZero() || form == n {
		return ""
	}
	return "\nit stands in the form " + openTag(form) + ": " + do
}

// submits is the form that a click on the element submits, if it has phx-submit.
func (v *View) submits(n htmltree.Node) (form htmltree.Node, ok bool) {
	kind, _ := n.Attr("type")
	switch {
	case n.Tag() == "button" && (kind == "" || strings.EqualFold(kind, "submit")):
	case n.Tag() == "input" && (strings.EqualFold(kind, "submit") || strings.EqualFold(kind, "image")):
	default:
		return form, false
	}
	form = v.formOf(n)
	return form, !form.IsZero() && form.Has("phx-submit")
}

// formOf is the form that a field belongs to.
func (v *View) formOf(n htmltree.Node) htmltree.Node {
	if id, ok := n.Attr("form"); ok {
		return v.doc.tree.ByID(id)
	}
	form, err := n.Closest("form")
	if err != nil {
		return htmltree.Node{}
	}
	return form
}

// change sends a form's phx-change; of a field that has its own, only that
// field.
func (v *View) change(form, from htmltree.Node, only, event string, values url.Values) error {
	fields := v.fields(form)
	given := url.Values{}
	for name, all := range values {
		if name != "_target" {
			given[name] = all
		}
	}
	last := values.Get("_target")
	if name, ok := from.Attr("name"); ok && from.Tag() != "form" && last == "" {
		last = name
	}
	for _, f := range fields {
		if _, ok := given[f.name]; ok && values.Get("_target") == "" {
			last = f.name
		}
	}
	for name := range given {
		v.used[form.ID()+" "+name] = true
		if last == "" {
			last = name
		}
	}
	query := v.query(form, fields, given, "", only)
	var meta orderedObject
	meta.set("_target", orElse(last, "undefined"))
	if err := formMeta(&meta, form); err != nil {
		return err
	}
	return v.pushForm(form, from, event, "change of", query, &meta, new(struct{}))
}

// submit sends a form's phx-submit; by is the button that was clicked, if one
// was.
func (v *View) submit(form, by htmltree.Node, values url.Values) error {
	event, _ := form.Attr("phx-submit")
	fields := v.fields(form)
	for _, f := range fields {
		v.used[form.ID()+" "+f.name] = true
	}
	name := ""
	if !by.IsZero() {
		if name, _ = by.Attr("name"); name != "" {
			value, _ := by.Attr("value")
			fields = append(fields, field{name: name, values: []string{value}})
		}
	}
	given := url.Values{}
	for name, all := range values {
		given[name] = all
		v.used[form.ID()+" "+name] = true
	}
	var meta orderedObject
	if err := formMeta(&meta, form); err != nil {
		return err
	}
	return v.pushForm(form, form, event, "submit of", v.query(form, fields, given, name, ""), &meta, nil)
}

// formMeta adds the phx-value-* attributes of a form.
func formMeta(meta *orderedObject, form htmltree.Node) error {
	for attr, value := range form.Attrs() {
		if name, ok := strings.CutPrefix(attr, "phx-value-"); ok {
			meta.set(name, value)
		}
	}
	return meta.err
}

func orElse(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}

// pushForm pushes the event of a form to where the element says, or the form.
func (v *View) pushForm(form, from htmltree.Node, event, what, query string, meta *orderedObject, uploads *struct{}) error {
	var args command
	if strings.HasPrefix(event, "[") {
		push, err := onlyPush(event)
		if err != nil {
			return err
		}
		args, event = push, push.Event
	}
	by := form
	if from.Has("phx-target") {
		by = from
	}
	targets, err := v.targets(by, args.Target)
	if err != nil {
		return err
	}
	for name, value := range args.Value {
		meta.set(name, value)
	}
	value, err := encode(query)
	if err != nil {
		return err
	}
	text, err := meta.bytes()
	if err != nil {
		return err
	}
	for _, to := range targets {
		in := eventPayload{Type: "form", Event: event, Value: value, Meta: text, Uploads: uploads, CID: to.cid}
		if _, err := to.view.push("event", in, fmt.Sprintf("the event %q by a %s %s", event, what, openTag(form))); err != nil {
			return err
		}
	}
	return nil
}

// onlyPush is the one push among the commands of a form.
func onlyPush(value string) (command, error) {
	var chain [][]json.RawMessage
	if err := json.Unmarshal([]byte(value), &chain); err != nil {
		return command{}, fmt.Errorf("the commands %s: %w; want [[name, {arguments}], …]", value, err)
	}
	for _, c := range chain {
		var args command
		if len(c) == 2 && string(c[0]) == `"push"` && json.Unmarshal(c[1], &args) == nil && args.Event != "" {
			return args, nil
		}
	}
	return command{}, fmt.Errorf("its commands %s send nothing to the server", value)
}

// query is the form as browsers encode it and the client marks it: fields that
// nobody has used yet have a pair _unused_name in front.
func (v *View) query(form htmltree.Node, fields []field, given url.Values, by, only string) string {
	var q strings.Builder
	add := func(name, value string) {
		if q.Len() > 0 {
			q.WriteByte('&')
		}
		q.WriteString(url.QueryEscape(name) + "=" + url.QueryEscape(value))
	}
	visible := map[string]bool{}
	skipped := map[string]bool{}
	for _, f := range fields {
		visible[f.name] = visible[f.name] || !f.hidden
		skipped[f.name] = skipped[f.name] || f.skip
	}
	pair := func(name, value string) {
		if only != "" && name != only {
			return
		}
		if !form.Has("phx-no-unused-field") && !v.used[form.ID()+" "+name] && name != by && visible[name] && !skipped[name] {
			add(unused(name), "")
		}
		add(name, value)
	}
	done := map[string]bool{}
	for _, f := range fields {
		values := f.values
		if over, ok := given[f.name]; ok {
			if values = over; done[f.name] {
				values = nil
			}
		}
		done[f.name] = true
		for _, value := range values {
			pair(f.name, value)
		}
	}
	var others []string
	for name := range given {
		if !done[name] {
			others = append(others, name)
		}
	}
	slices.Sort(others)
	for _, name := range others {
		for _, value := range given[name] {
			pair(name, value)
		}
	}
	return q.String()
}

// unused is the name of the mark of a field: user[email] has
// user[_unused_email], and tags[] has _unused_tags[].
func unused(name string) string {
	base, list := strings.CutSuffix(name, "[]")
	i := strings.LastIndexByte(base, '[') + 1
	marked := base[:i] + "_unused_" + base[i:]
	if list {
		marked += "[]"
	}
	return marked
}
