package templgen

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"github.com/a-h/templ/parser/v2"
)

// whitespaceCorpus returns packages of templates in which every kind of node
// follows every other, with each kind of space between, at the top of a
// template, inside an element and inside blocks. One package would be too much
// for templ's parser.
func whitespaceCorpus() []string {
	const packages, size = 2, 50
	w := &walker{rand: rand.New(rand.NewPCG(1, 2)), seen: map[[3]int]bool{}}
	corpus := make([]string, packages)
	for i := range corpus {
		head := fmt.Sprintf("package corpus%d\n\ntempl c() {\n\t<em>{ children... }</em>\n}\n", i)
		corpus[i] = head
		for n := 0; n < size; {
			text := fmt.Sprintf("\ntempl inner%d(x string) {\n%s\n}\n\ntempl Case%d() {\n\t@inner%d(\"x\") {\n\t\t<u>child</u>\n\t}\n}\n", n, w.body(), n, n)
			if usable(head + text) {
				corpus[i] += text
				w.keep()
				n++
			}
		}
	}
	return corpus
}

// usable reports whether templ accepts a template.
func usable(text string) bool {
	parsed, err := parser.ParseString(text)
	if err != nil {
		return false
	}
	f := newFile("x.templ", text)
	_, ds := generate([]*file{f})
	return parsed != nil && !anyError(ds)
}

var corpusNodes = []string{
	"txt", "<b>i</b>", "<div>d</div>", "<img/>", "<br/>", "{ x }", `{ "l" }`, "{{ _ = x }}",
	"if x == \"x\" {\n<i>t</i>\n}", "if x == \"\" {\n<p>t</p>\n} else {\nelse\n}", "for range 2 {\n{ x }f\n}",
	"switch x {\ncase \"x\":\n<i>s</i>\n}", "@c()", "@c() {\n<i>k</i>\n}", "{! c() }", "{ children... }", "/* c */", "// c\n",
	"<!-- h -->", "<style>s</style>", "<script>j</script>", "{ }", "<x-y>d</x-y>", "if true {\n@c()\n@c()\n}",
}

// A walker makes bodies with pairs of nodes that were not seen before.
type walker struct {
	rand  *rand.Rand
	seen  map[[3]int]bool
	pairs [][3]int // of the body being made
}

// keep notes the pairs of the last body.
func (w *walker) keep() {
	for _, p := range w.pairs {
		w.seen[p] = true
	}
}

func (w *walker) body() string {
	w.pairs = w.pairs[:0]
	content := w.sequence(10)
	switch w.rand.IntN(6) {
	case 0:
		return content
	case 1:
		return "<main>" + content + "</main>"
	case 2:
		return "<span>\n" + content + "\n</span> after"
	case 3:
		return "<b>b</b>\nif x != \"\" {\n" + content + "\n} else {\n" + w.sequence(3) + "\n}\n" + w.sequence(1)
	case 4:
		return "for range 2 {\n" + content + "\n}\n" + w.sequence(1)
	default:
		return "@c() {\n" + content + "\n}\n" + w.sequence(1) + "\nswitch x {\ncase \"x\":\n" + w.sequence(4) + "\nfallthrough\ndefault:\n" + w.sequence(4) + "\n}\n" + w.sequence(1)
	}
}

// sequence returns n nodes, each with space after it or without.
func (w *walker) sequence(n int) string {
	var b strings.Builder
	last, space := -1, 0
	for range n {
		next := w.rand.IntN(len(corpusNodes))
		for range 5 { // look for one that is new here
			if !w.seen[[3]int{last, space, next}] {
				break
			}
			next = w.rand.IntN(len(corpusNodes))
		}
		w.pairs = append(w.pairs, [3]int{last, space, next})
		last, space = next, w.rand.IntN(len(spaces))
		b.WriteString(corpusNodes[next] + spaces[space])
	}
	return b.String()
}

var spaces = []string{"", " ", "\n"}
