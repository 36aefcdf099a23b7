package templgen

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// assemble puts together the page from a join as the client does. It checks
// that every root (r) is what the client takes it for.
func assemble(tree string) (string, error) {
	var root map[string]any
	if err := json.Unmarshal([]byte(tree), &root); err != nil {
		return "", err
	}
	statics, _ := root["p"].(map[string]any)
	return assembler{statics}.node(root)
}

type assembler struct{ statics map[string]any }

func (a assembler) node(n map[string]any) (string, error) {
	list, ok := a.statics[fmt.Sprint(n["s"])].([]any)
	if !ok {
		return "", fmt.Errorf("a node without statics: %v", n)
	}
	if rows, ok := n["k"].(map[string]any); ok {
		return a.rows(rows, list)
	}
	text, err := a.fill(n, list)
	if err == nil && n["r"] != nil {
		err = checkRoot(text)
	}
	return text, err
}

func (a assembler) rows(rows map[string]any, list []any) (string, error) {
	count, ok := rows["kc"].(float64)
	if !ok {
		return "", fmt.Errorf("a list without count")
	}
	var b strings.Builder
	for i := range int(count) {
		row, ok := rows[strconv.Itoa(i)].(map[string]any)
		if !ok {
			return "", fmt.Errorf("no row %d", i)
		}
		text, err := a.fill(row, list)
		if err != nil {
			return "", err
		}
		b.WriteString(text)
	}
	return b.String(), nil
}

func (a assembler) fill(n map[string]any, list []any) (string, error) {
	var b strings.Builder
	for i, s := range list {
		b.WriteString(s.(string))
		if i == len(list)-1 {
			break
		}
		switch v := n[strconv.Itoa(i)].(type) {
		case string:
			b.WriteString(v)
		case map[string]any:
			text, err := a.node(v)
			if err != nil {
				return "", err
			}
			b.WriteString(text)
		default:
			return "", fmt.Errorf("slot %d is %v", i, v)
		}
	}
	return b.String(), nil
}

// rootTag is how the client finds the tag of a root.
var rootTag = regexp.MustCompile(`^(\s*(?:<!--.*?-->\s*)*)<([^\s/>]+)`)

// checkRoot reports whether text is one element in which the client finds the
// tag, and the id if it has one.
func checkRoot(text string) error {
	m := rootTag.FindStringSubmatch(text)
	if m == nil {
		return fmt.Errorf("the client finds no tag in the root %q", text)
	}
	context := &html.Node{Type: html.ElementNode, Data: "template", DataAtom: atom.Template}
	nodes, err := html.ParseFragment(strings.NewReader(text), context)
	if err != nil {
		return err
	}
	elements := 0
	for _, n := range nodes {
		switch {
		case n.Type == html.ElementNode:
			elements++
			if n.Data != strings.ToLower(m[2]) {
				return fmt.Errorf("the client takes %q for the root of %q", m[2], text)
			}
		case n.Type == html.TextNode && strings.TrimSpace(n.Data) != "":
			return fmt.Errorf("text beside the element of the root %q", text)
		}
	}
	if elements != 1 {
		return fmt.Errorf("%d elements in the root %q", elements, text)
	}
	return nil
}
