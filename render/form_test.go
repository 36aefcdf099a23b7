package render

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// Somebody has typed into a form and hears of what has not changed: templates
// with fields of this form are named in the answer, with all that they stand in,
// and nothing else is.
func TestAnAnswerNamesTemplatesWithFields(t *testing.T) {
	t.Parallel()
	field := newTemplate(Root, `<label>`, ` <input value="`, `"></label>`)
	own := newTemplate(Root, `<label><input phx-change="typed" value="`, `"></label>`)
	row := newTemplate(0, `<li><select>`, `</select></li>`)
	entry := newTemplate(0, `<li>`, `</li>`)
	form := newTemplate(Root, `<form phx-submit="send" phx-change="typed">`, `</form>`)
	other := newTemplate(Root, `<form phx-submit="other">`, `</form>`)
	both := newTemplate(0, `<form phx-submit="other">`, `</form><form phx-change="typed">`, `</form>`, ``)
	whole := newTemplate(Root, `<form phx-change="typed"><input value="`, `"></form>`)
	list := func(body *Template, entries ...func(*Writer, int)) func(*Writer, int) {
		return func(w *Writer, slot int) {
			w.For(slot, body)
			for _, write := range entries {
				w.EntryIndex()
				write(w, 0)
				w.EndEntry()
			}
			w.EndFor()
		}
	}
	memo := func(inner Func) func(*Writer, int) {
		return func(w *Writer, slot int) {
			if w.Memo(slot, Key(new(int))) { // never the same
				comp(inner)(w, slot)
				w.EndMemo()
			}
		}
	}
	one := comp(node(field, str("a"), str("b")))
	in := func(form *Template, slots ...func(*Writer, int)) func(*Writer, int) {
		return comp(node(form, slots...))
	}
	for name, tt := range map[string]struct {
		page Func
		want string
	}{
		"a page of its own":      {node(field, str("a"), str("b")), ``},
		"none":                   {node(twoSlots, str("a"), comp(node(bold, str("b")))), ``},
		"in no form":             {node(twoSlots, one, comp(node(bold, str("b")))), ``},
		"with an event":          {node(twoSlots, str("a"), comp(node(own, str("b")))), `"1":{}`},
		"one":                    {node(twoSlots, str("a"), in(form, one)), `"1":{"0":{}}`},
		"of another form":        {node(twoSlots, in(other, one), comp(node(bold, str("b")))), ``},
		"of one of two":          {node(oneSlot, in(both, one, one, one)), `"0":{"1":{}}`},
		"form and field":         {node(twoSlots, in(other, one), comp(node(whole, str("b")))), `"1":{}`},
		"deep":                   {node(oneSlot, in(form, comp(node(twoSlots, comp(node(bold, str("x"))), one)))), `"0":{"0":{"1":{}}}`},
		"two":                    {node(twoSlots, in(form, one), in(form, one)), `"0":{"0":{}},"1":{"0":{}}`},
		"in a list":              {node(oneSlot, in(form, list(entry, one, str("-"), one))), `"0":{"0":{"k":{"0":{"0":{}},"2":{"0":{}},"kc":3}}}`},
		"forms in a list":        {node(oneSlot, list(entry, in(other, one), in(form, one))), `"0":{"k":{"1":{"0":{"0":{}}},"kc":2}}`},
		"the rows of a list":     {node(oneSlot, in(form, list(row, str("a"), str("b")))), `"0":{"0":{"k":{"kc":2}}}`},
		"the rows of another":    {node(oneSlot, in(other, list(row, str("a"), str("b")))), ``},
		"a list without fields":  {node(oneSlot, in(form, list(entry, str("a"), str("b")))), ``},
		"in a memo that changes": {node(oneSlot, in(form, memo(node(field, str("a"), str("b"))))), `"0":{"0":{}}`},
	} {
		var s State
		c := newClient()
		for i, event := range []string{"typed", "", "typed", "typed", "nothing", ""} {
			before := s.Words()
			got, err := s.AppendAnswer(context.Background(), nil, tt.page, event)
			if err != nil {
				t.Fatal(err)
			}
			want := ""
			if event == "typed" {
				want = tt.want
			}
			if i > 0 && (string(got) != want || !strings.Contains(name, "memo") && !slices.Equal(before, s.Words())) {
				t.Errorf("%s: render %d says %s, want %s", name, i, got, want)
			}
			shown, err := c.apply(got)
			if html := htmlOf(t, tt.page); err != nil || shown != html {
				t.Fatalf("%s: after render %d the client shows %s, %v, want %s", name, i, shown, err, html)
			}
		}
	}
}

// A part names its fields by the form that it stands in.
func TestAnAnswerOfAPart(t *testing.T) {
	t.Parallel()
	field := newTemplate(Root, `<label>`, ` <input value="`, `"></label>`)
	form := newTemplate(Root, `<form phx-change="typed">`, `</form>`)
	var around *Form
	page := node(form, func(w *Writer, slot int) {
		around = w.Form(slot)
		w.Str(slot, "")
	})
	if _, err := new(State).AppendDiff(context.Background(), nil, page); err != nil || !around.sends("typed") || around.sends("send") {
		t.Fatalf("the form around the part is %v, %v", around, err)
	}
	for event, want := range map[string]string{"typed": `"0":{}`, "send": ``, "": ``} {
		var s State
		part := node(newTemplate(Root, `<p>`, `</p>`), comp(node(field, str("a"), str("b"))))
		for i := range 2 {
			got, named, err := s.AppendPart(context.Background(), nil, part, event, around, nil)
			if err != nil || named || i > 0 && string(got) != want {
				t.Errorf("the answer to %q: %s, %v, %v, want %s", event, got, named, err, want)
			}
		}
	}
}

// What has fields in its root, and nothing to say, is named by its view.
func TestAnAnswerOfAPartThatIsAField(t *testing.T) {
	t.Parallel()
	part := node(newTemplate(Root, `<form phx-submit="send"><input value="`, `"></form>`), str("a"))
	var s State
	for i, event := range []string{"send", "send", "typed", "", "send"} {
		got, named, err := s.AppendPart(context.Background(), nil, part, event, nil, nil)
		if want := i > 0 && event == "send"; err != nil || named != want || i > 0 && len(got) > 0 {
			t.Errorf("answer %d, to %q: %s, %v, %v, want none, %v", i, event, got, named, err, want)
		}
	}
}

func TestFormsOfATemplate(t *testing.T) {
	t.Parallel()
	say := func(f *Form) string {
		switch {
		case f == nil:
			return "-"
		case f.any:
			return "any"
		}
		return strings.Join(f.events, "+")
	}
	for _, tt := range []struct {
		statics []string
		want    string // around the slots; those with fields; of loose fields
	}{
		{[]string{`<p>`, `</p>`}, `none`},
		{[]string{`<input>`}, `[] [] `},
		{[]string{`<p class="`, `"><INPUT name='`, `'>`}, `[- -] [] `},
		{[]string{`<form phx-submit="a"><p title="`, `">`, `</p></form>`, `<b></b>`}, `[a a -] [] -`},
		{[]string{`<form phx-submit="a" phx-change='b &amp; &#34;c&#34;'>`, `<textarea>`, `</textarea></form>`}, `[a+b & "c" a+b & "c"] [a+b & "c"] -`},
		{[]string{`<form id="`, `" phx-auto-recover="r" phx-change="`, `">`, `<select></select></form>`, ``}, `[- - any -] [any] -`},
		{[]string{`<form`, ` phx-change="a">`, `</form>`}, `[- any] [] -`},
		{[]string{`<form phx-submit="[[&quot;push&quot;,{}]]">`, `</form>`}, `[any] [] -`},
		{[]string{`<form phx-change="a"><input phx-change="b"><input phx-change="`, `"></form>`}, `[any] [any] -`},
		{[]string{`<form phx-change="a"><input phx-change="b">`, `<input></form>`}, `[a+b] [a+b] -`},
		{[]string{`<form phx-change="a"><input form="x">`, `</form>`}, `[a] [] any`},
		{[]string{`<formula>`, `</formula><input phx-change="c" required`, `>`}, `[- -] [] c`},
		{[]string{`<!-- <form phx-change="a"> `, ` --><script>if (a <b) "<form phx-change='a'>" `, `</script><style>`, `</style><a title="<form>">`, `</a><input>`}, `[- - - -] [] `},
		{[]string{`<form phx-change=a><input>`, `</form>`}, `[any] [any] -`}, // no quotes
		{[]string{`<input><`, `><form phx-change="`, ``}, `[- -] [] `},
		{[]string{`<input/><form phx-change="a`}, `[] [] `},
	} {
		got := "none"
		if f := readForms(tt.statics); f != nil {
			list := func(forms []*Form) (said []string) {
				for _, f := range forms {
					said = append(said, say(f))
				}
				return said
			}
			got = fmt.Sprint(list(f.around), " ", list(f.fields), " ", say(f.loose))
			if len(f.around) != len(tt.statics)-1 {
				t.Errorf("%q: %d slots are known, want %d", tt.statics, len(f.around), len(tt.statics)-1)
			}
		}
		if got != tt.want {
			t.Errorf("forms of %q: %s, want %s", tt.statics, got, tt.want)
		}
	}
}

// Whatever the text is, each slot is known once.
func FuzzReadForms(f *testing.F) {
	f.Add("<form phx-change=\"a\">\x00<input></form>\x00")
	f.Add("<input <!-- \x00 <script \x00 = ' \x00")
	f.Add("</\x00<input")
	f.Fuzz(func(t *testing.T, text string) {
		statics := strings.Split(text, slotMark)
		if forms := readForms(statics); forms != nil && len(forms.around) != len(statics)-1 {
			t.Errorf("%q: %d slots are known, want %d", text, len(forms.around), len(statics)-1)
		}
	})
}
