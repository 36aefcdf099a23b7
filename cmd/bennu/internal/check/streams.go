package check

import (
	"go/ast"
	"go/parser"
	"strings"
)

// checkStreams looks for loops over the items of a stream that stand where the
// client would not take them for one: it would show the newest items alone, and
// lose them at the next change.
func (p *program) checkStreams() []Finding {
	var found []Finding
	for _, f := range p.files {
		for _, t := range f.templates {
			p.streams(t, t.nodes, nil, &found)
		}
	}
	return found
}

// streams looks at nodes directly in an element, nil for none that is known.
func (p *program) streams(t *template, nodes []node, in *element, found *[]Finding) {
	for _, n := range nodes {
		switch n := n.(type) {
		case *element:
			p.streams(t, n.nodes, n, found)
			continue
		case *call: // its children stand wherever it puts them
			p.streams(t, n.nodes, nil, found)
			continue
		case *loop:
			if id, ok := streamLoop(n.expr); ok {
				*found = append(*found, p.stream(t, n, in, id)...)
			}
		}
		for _, inner := range inside(n) {
			p.streams(t, inner, in, found)
		}
	}
}

// stream are the findings about a loop over the items of a stream; id is its
// variable for their ids.
func (p *program) stream(t *template, l *loop, in *element, id string) []Finding {
	var found []Finding
	if in != nil && !in.unknown {
		value, constant := "", true
		a := in.attr("phx-update")
		if a != nil {
			value, constant = p.text(t, a)
		}
		if constant && value != "stream" {
			found = append(found, in.about(finding(checkID, in.at, `write <`+in.name+` id="…" phx-update="stream">`,
				"the items of a stream stand in a <%s> without phx-update=\"stream\": the page would lose them at the next change", in.name)))
		}
	}
	for _, row := range children(l.nodes) {
		a := row.attr("id")
		if a == nil {
			if in == nil || in.attr("phx-update") == nil { // else checkIDs says so
				if !row.unknown {
					found = append(found, finding(checkID, row.at, "write id={ "+orID(id)+" }, the loop's first variable",
						"the <%s> is an item of a stream and has no id", row.name))
				}
			}
			continue
		}
		if a.constant || a.expr != id {
			found = append(found, row.about(finding(checkID, a.at, "write id={ "+orID(id)+" }, the loop's first variable",
				"an item of a stream has another id than the stream gives it: it could not be deleted nor updated")))
		}
	}
	return found
}

func orID(id string) string {
	if id == "" {
		return "id"
	}
	return id
}

// streamLoop reports a loop over live.Items, and its first variable, "" for none.
func streamLoop(head string) (id string, ok bool) {
	if !strings.Contains(head, ".Items(") {
		return "", false
	}
	f, err := parser.ParseExpr("func() { for " + head + " {} }")
	if err != nil {
		return "", false
	}
	body := f.(*ast.FuncLit).Body.List
	if len(body) != 1 {
		return "", false
	}
	r, ok := body[0].(*ast.RangeStmt)
	if !ok {
		return "", false
	}
	call, ok := ast.Unparen(r.X).(*ast.CallExpr)
	if !ok {
		return "", false
	}
	fun := ast.Unparen(call.Fun)
	if x, ok := fun.(*ast.IndexExpr); ok { // live.Items[Post](…)
		fun = x.X
	}
	sel, ok := fun.(*ast.SelectorExpr)
	if !ok || sel.Sel.Name != "Items" {
		return "", false
	}
	if pkg, ok := sel.X.(*ast.Ident); !ok || pkg.Name != "live" {
		return "", false
	}
	if name, ok := r.Key.(*ast.Ident); ok && name.Name != "_" {
		id = name.Name
	}
	return id, true
}
