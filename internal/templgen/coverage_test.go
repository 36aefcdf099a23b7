package templgen

import (
	"go/ast"
	goparser "go/parser"
	"go/token"
	"maps"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/a-h/templ/parser/v2"
)

// Every kind of node that templ's parser makes stands in some testdata, whose
// HTML is held against templ's own. A release of templ with a new kind fails
// here first.
func TestEveryKindOfNodeIsTested(t *testing.T) {
	t.Parallel()
	known := nodeKinds(t)
	if len(known) < 30 {
		t.Fatalf("found %d kinds of nodes in templ's parser: %v", len(known), known)
	}
	seen := map[string]bool{}
	for _, name := range features(t) {
		parsed, err := parser.ParseString(readFile(t, filepath.Join("testdata", name, "x.templ")))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		collectKinds(reflect.ValueOf(parsed), seen)
	}
	for _, kind := range known {
		if !seen[kind] {
			t.Errorf("no testdata has a %s", kind)
		}
	}
}

// nodeKinds returns the types of templ's parser that can be visited, and those
// of the names of attributes.
func nodeKinds(t *testing.T) []string {
	t.Helper()
	out, err := exec.Command("go", "list", "-f", "{{.Dir}}", "github.com/a-h/templ/parser/v2").Output()
	if err != nil {
		t.Fatal(err)
	}
	paths, err := filepath.Glob(filepath.Join(strings.TrimSpace(string(out)), "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	kinds := map[string]bool{"ConstantAttributeKey": true, "ExpressionAttributeKey": true}
	for _, path := range paths {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		f, err := goparser.ParseFile(token.NewFileSet(), path, nil, goparser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range f.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && fn.Recv != nil && fn.Name.Name == "Visit" {
				kinds[receiverType(fn.Recv)] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(kinds))
}

// collectKinds notes the names of the parser's types that a value holds.
func collectKinds(v reflect.Value, seen map[string]bool) {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() {
			collectKinds(v.Elem(), seen)
		}
	case reflect.Slice:
		for i := range v.Len() {
			collectKinds(v.Index(i), seen)
		}
	case reflect.Struct:
		seen[v.Type().Name()] = true
		for i := range v.NumField() {
			collectKinds(v.Field(i), seen)
		}
	}
}

// Every form of a node that the generator treats in a way of its own stands in
// some testdata too.
func TestEveryFormIsTested(t *testing.T) {
	t.Parallel()
	var all strings.Builder
	for _, name := range features(t) {
		all.WriteString(readFile(t, filepath.Join("testdata", name, "x.templ")))
	}
	text := all.String()
	for what, form := range map[string]string{
		"doctype": "<!DOCTYPE html>", "comment of HTML": "<!-- ", "line comment": "// line comment", "block comment": "/* block",
		"void element": "<br/>", "void element without slash": "<hr>", "self-closing element": "<p />", "custom element": "<my-element ",
		"constant in single quotes": "lang='en'", "constant without quotes": "data-bare=bare", "boolean": "disabled/>", "conditional boolean": "required?={",
		"spread": "attributes()...", "spread of an order": "OrderedAttributes", "computed name": `{ "data-" + key }={`, "computed boolean": "{ key }?={", "computed constant": `{ key }="constant"`,
		"conditional attribute": "if on {\n\t\t\ttitle", "attribute in else": "} else {\n\t\t\ttitle", "nested conditional attribute": "if on {\n\t\t\t\tdata-both",
		"class list": `"a", templ.KV("b", on)`, "class map": "map[string]bool{", "css class": "class={ red() }", "class function": "class={ red }", "empty class": "class={}",
		"style text": `style={ "color: red" }`, "style map": "style={ map[string]string", "style map of safe values": "map[string]templ.SafeCSSProperty", "style pairs": `templ.KV("color", "red")`,
		"style condition": `templ.KV("margin: 1px"`, "style function": "style={ color() }", "style function value": "style={ func() string", "style list": "style={ []string", "safe style": "templ.SafeCSS(", "style with error": "style={ fails() }",
		"expression with an error": "{ fallible() }", "value and error": `"x", nil`, "attribute with an error": "a={ fallible() }", "address with an error": "href={ address() }", "script with an error": "{{ fallible() }}",
		"script value in a text": `"{{ s }}"`, "script of another type": `type="text/template"`, "style element": "<style>", "raw elements with attributes": `<style type=`,
		"else if": "} else if n > 1", "empty else": "} else {\n\t}", "if with a statement": "if ok, m := ", "switch": "switch s {", "fallthrough": "fallthrough\n", "switch without a tag": "switch {", "switch with a statement": "switch x := s",
		"type switch": "switch v := v.(type)", "empty switch": "switch 1 {\n\t}", "case list": `case "b", "c":`,
		"for of three": "for i := 0; i < 2; i++", "range over a number": "for range 2", "index": "for i := range 2", "range over a function": "slices.Values(", "range over text": `for _, c := range "ab"`,
		"range over a channel": "range numbers()", "range over a map": "range single", "range with assignment": "for last = range", "for with a condition": "for n < 2", "two variables of a function": "slices.All(", "range over an array": "range [2]string",
		"key": ":key={", "id of a call": "id={ name(r) }", "code": "{{ a := ", "code over lines": "{{\n\t\tvar", "context": "{{ ctx = ", "call": "@leaf(", "call with a block": "@card(\"a\") {", "old call": "{! leaf(", "call of a method": "}.View()",
		"call of a value": "@shared", "call of a struct": "@view{", "call through an index": "@table[", "method": "templ (p *page) Body", "generic method": "templ (l list[T])", "generic": "templ pair[K comparable", "type arguments": "@show[int]",
		"recursion": "@recursive(n - 1)", "children": "{ children... }", "css": "css dynamic(", "css constant": "css constant()", "script": "script several(", "script call": "@several(", "script attribute": "onclick={ greet(",
		"once": "@handle.Once()", "fragment": "templ.Fragment(", "raw": "templ.Raw(", "join": "templ.Join(", "JSON": "templ.JSONScript(", "Go template": "templ.FromGoHTML(", "flush": "templ.Flush()", "nonce": "templ.GetNonce(",
		"foreign component": "templ.ComponentFunc(", "build constraint": "//go:build", "raw text": "<textarea>", "preformatted": "<pre>", "old doctype": "HTML PUBLIC",
	} {
		if !strings.Contains(text, form) {
			t.Errorf("no testdata has the form %q (%s)", form, what)
		}
	}
}
