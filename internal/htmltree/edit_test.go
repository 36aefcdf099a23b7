package htmltree

import (
	"strings"
	"testing"
)

func TestEdit(t *testing.T) {
	t.Parallel()
	n := body(t, `<ul id="l" class="a"><li id="1">one</li> text <li id="2">two</li></ul><p id="p">end</p>`)
	list, p := n.ByID("l"), n.ByID("p")
	one, two := n.ByID("1"), n.ByID("2")
	if !n.ByID("3").IsZero() || !n.ByID("").IsZero() || !list.Contains(two) || list.Contains(p) || !list.Contains(list) {
		t.Error("ByID or Contains is wrong")
	}
	if got := list.LooseText(); got != "text" || one.LooseText() != "one" || n.LooseText() != "" {
		t.Errorf("LooseText = %q", got)
	}
	list.Insert(two, one)
	list.Insert(two, two)
	list.Insert(p, Node{})
	list.SetAttr("class", "b")
	list.SetAttr("data-x", "<1>")
	list.RemoveAttrs(func(name string) bool { return name == "id" })
	if got, want := n.Inner(), `<ul class="b" data-x="&lt;1&gt;"><li id="2">two</li><li id="1">one</li> text <p id="p">end</p></ul>`; got != want {
		t.Errorf("after the edits: %s, want %s", got, want)
	}
	if got := len(list.Children()); got != 3 {
		t.Errorf("%d children, want 3", got)
	}

	other, err := list.Fragment("<b>x</b>y")
	if err != nil || other.Outer() != `<ul class="b" data-x="&lt;1&gt;"><b>x</b>y</ul>` {
		t.Fatalf("Fragment = %s, %v", other.Outer(), err)
	}
	one.Replace(other)
	one.Replace(p) // stands nowhere
	other.Replace(other)
	if got := list.Inner(); !strings.Contains(got, "two</li><ul") || strings.Contains(got, "one") {
		t.Errorf("after Replace: %s", got)
	}
	list.TakeContent(other)
	if got := list.Inner(); got != "<b>x</b>y" {
		t.Errorf("after TakeContent: %s", got)
	}
	list.Remove()
	list.Remove()
	if n.Inner() != "" {
		t.Errorf("after Remove: %s", n.Inner())
	}

	row, err := body(t, "<table><tbody></tbody></table>").Element(" <!-- c --><i>1</i> ")
	if err != nil || row.Outer() != "<i>1</i>" {
		t.Errorf("Element = %v, %v", row, err)
	}
	if _, err := n.Element("<i></i><b></b>"); err == nil || !strings.Contains(err.Error(), "2 elements, want one") {
		t.Errorf("Element of two: %v", err)
	}
	if _, err := n.Element(strings.Repeat("<b>", 600)); err == nil {
		t.Error("Element took 600 levels")
	}
}
