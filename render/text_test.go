package render

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/a-h/templ"
)

type (
	celsius float64
	status  string
	level   int8
	flag8   bool
	mask    uint16
	loud    string
	broken  int
	verbose float32
)

func (l loud) String() string                  { return strings.ToUpper(string(l)) + "!" }
func (b broken) Error() string                 { return fmt.Sprintf("<broken %d>", int(b)) }
func (v verbose) Format(s fmt.State, _ rune)   { fmt.Fprint(s, "<v>") }
func sprint(v any) string                      { return templ.EscapeString(fmt.Sprint(v)) }
func textNode[T Stringable](v T) Func          { return node(oneSlot, func(w *Writer, s int) { Text(w, s, v) }) }
func attrNode[T any](v T) Func                 { return node(oneSlot, func(w *Writer, s int) { Attr(w, s, v) }) }
func testText[T Stringable](t *testing.T, v T) { t.Helper(); testShown(t, textNode(v), sprint(v), v) }

func testAttr[T any](t *testing.T, v T) {
	t.Helper()
	want, err := templ.ResolveAttributeValue(v)
	if err != nil {
		t.Fatal(err)
	}
	testShown(t, attrNode(v), want, v)
}

// testShown checks what a slot shows in HTML and in a diff.
func testShown(t *testing.T, c Func, want string, v any) {
	t.Helper()
	if got := htmlOf(t, c); got != "<p>"+want+"</p>" {
		t.Errorf("%T(%v) is %s in HTML, want %s", v, v, got, want)
	}
	var s State
	diff, err := s.AppendDiff(t.Context(), nil, c)
	if err != nil {
		t.Fatal(err)
	}
	want = string([]rune(want))
	if got, err := newClient().apply(diff); err != nil || got != "<p>"+want+"</p>" {
		t.Errorf("%T(%v) is %s, %v to the client, want %s", v, v, got, err, want)
	}
	if again, err := s.AppendDiff(t.Context(), nil, c); err != nil || len(again) > 0 {
		t.Errorf("%T(%v) is sent again as %s, %v", v, v, again, err)
	}
}

func TestTextIsWhatSprintPrints(t *testing.T) {
	t.Parallel()
	testText(t, "a < b & \"c\" 'd'")
	testText(t, status("<open>"))
	testText(t, loud("<hey>"))
	testText(t, broken(3))
	testText(t, verbose(3))
	testText(t, true)
	testText(t, flag8(false))
	testText(t, 0)
	testText(t, -7)
	testText(t, int8(-8))
	testText(t, int16(16))
	testText(t, int32(-32))
	testText(t, int64(math.MinInt64))
	testText(t, uint(1))
	testText(t, uint8(8))
	testText(t, uint32(32))
	testText(t, uint64(math.MaxUint64))
	testText(t, uintptr(64))
	testText(t, level(-1))
	testText(t, mask(9))
	testText(t, celsius(36.6))
	testText(t, complex(1, -2))
	testText(t, complex64(complex(0, 1)))
	for _, f := range []float64{0, math.Copysign(0, -1), 1, 0.1, 1.0 / 3, 1e5, 123456, 999999.5, 1e6, 12345678, 1e20, 1e21, 1e22, 1.5e300,
		1e-4, 1e-5, 0.00001234, math.SmallestNonzeroFloat64, math.MaxFloat64, math.Inf(1), math.Inf(-1), math.NaN()} {
		testText(t, f)
		testText(t, float32(f))
	}
}

func TestAttrIsWhatTemplResolves(t *testing.T) {
	t.Parallel()
	testAttr(t, "a < b & \"c\" 'd'")
	testAttr(t, status("<open>"))
	testAttr(t, loud("x"))
	testAttr(t, 3)
	testAttr(t, 3.5)
	testAttr(t, true)
	testAttr(t, any(nil))
	testAttr(t, any("any"))
	testAttr(t, []string{"a", "<b>"})
	testAttr(t, &struct{ A int }{1})
	testAttr(t, error(broken(1)))
	testAttr(t, templ.ComponentScript{Call: "f(&#34;x&#34;)"})
}

// Slots of generic templates may change their type from render to render.
func TestEqualWordsOfDifferentTypes(t *testing.T) {
	t.Parallel()
	one := math.Float64bits(1)
	views := []Func{
		textNode(1), textNode(true), textNode(0), textNode(false), textNode(1.0), textNode(int64(one)), textNode(uint64(math.MaxUint64)),
		textNode(-1), textNode(0.1), textNode(float32(0.1)), textNode(float64(float32(0.1))), textNode(""), textNode(0),
	}
	var s State
	c := newClient()
	for _, v := range views {
		diff, err := s.AppendDiff(t.Context(), nil, v)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := c.apply(diff); err != nil || got != htmlOf(t, v) {
			t.Errorf("the client shows %s, %v, want %s", got, err, htmlOf(t, v))
		}
	}
}

func TestItem72NumbersAreStrings(t *testing.T) {
	t.Parallel()
	script(t,
		step{textNode(1), `"0":"1","s":0,"p":{"0":["<p>","</p>"]}`},
		step{textNode(2.5), `"0":"2.5"`},
		step{textNode(uint8(3)), `"0":"3"`},
	)
}

func TestItem73NoNullsOrBooleans(t *testing.T) {
	t.Parallel()
	script(t,
		step{textNode(true), `"0":"true","s":0,"p":{"0":["<p>","</p>"]}`},
		step{attrNode(any(nil)), `"0":"&lt;nil&gt;"`},
		step{attrNode([]int{1, 2}), `"0":"[1 2]"`},
	)
}

func TestRawIsNotEscaped(t *testing.T) {
	t.Parallel()
	raw := func(s string) Func { return node(oneSlot, func(w *Writer, slot int) { w.Raw(slot, s) }) }
	script(t,
		step{raw(`<i a="b">\</i>`), `"0":"<i a=\"b\">\\</i>","s":0,"p":{"0":["<p>","</p>"]}`},
		step{raw("\x01\n\xff"), `"0":"\u0001\n` + "\uFFFD" + `"`},
	)
}

func TestV(t *testing.T) {
	t.Parallel()
	boom := errors.New("boom")
	if v, err := V(3); v != 3 || err != nil {
		t.Errorf("V(3) = %v, %v", v, err)
	}
	if v, err := V("x", nil); v != "x" || err != nil {
		t.Errorf("V(x, nil) = %v, %v", v, err)
	}
	if _, err := V("x", boom); !errors.Is(err, boom) {
		t.Errorf("V(x, boom) = %v, want boom", err)
	}
}

func TestErrHasThePosition(t *testing.T) {
	t.Parallel()
	boom := errors.New("boom")
	err := Err(boom, "page.templ", 3, 14)
	var te templ.Error
	if !errors.As(err, &te) || te.FileName != "page.templ" || te.Line != 3 || te.Col != 14 || !errors.Is(err, boom) {
		t.Errorf("Err = %#v, want a templ.Error at page.templ:3:14 that wraps boom", err)
	}
	if err := Err(nil, "page.templ", 3, 14); err != nil {
		t.Errorf("Err(nil) = %v, want nil", err)
	}
}
