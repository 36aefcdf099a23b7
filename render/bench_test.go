package render

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/a-h/templ"
	templruntime "github.com/a-h/templ/runtime"
)

var (
	counterT  = newTemplate(0, `<button phx-click="decrease" phx-value-number="1">-</button> <span class="`, `">`, `</span> <button phx-click="increase" phx-value-number="2">+</button>`)
	tableT    = newTemplate(Root, "<section><h1>", "</h1><table><tbody>", "</tbody></table></section>")
	tableRowT = newTemplate(Root, `<tr id="`, `"><td>`, "</td><td>", "</td><td>", "</td><td>", "</td><td>", "</td><td>", "</td><td>", "</td><td>", "</td></tr>")
)

// counter is the page of the package's bar: a class list and a number.
func counter(count *int) templ.Component {
	return Func(func(w *Writer, slot int) error {
		w.Nest(slot, counterT)
		w.BeginClass(0)
		w.ClassName("font-bold px-4 text-xl")
		w.ClassIf("text-red-600", *count < 0)
		w.ClassIf("text-green-600", *count > 0)
		w.EndClass()
		Text(w, 1, *count)
		w.End()
		return nil
	})
}

// counterByTempl is what templ generates for the same page.
func counterByTempl(count *int) templ.Component {
	return templruntime.GeneratedTemplate(func(in templruntime.GeneratedComponentInput) (err error) {
		w, ctx := in.Writer, in.Context
		if err := ctx.Err(); err != nil {
			return err
		}
		buf, existing := templruntime.GetBuffer(w)
		if !existing {
			defer func() {
				if e := templruntime.ReleaseBuffer(buf); err == nil {
					err = e
				}
			}()
		}
		ctx = templ.InitializeContext(ctx)
		ctx = templ.ClearChildren(ctx)
		classes := []any{"font-bold px-4 text-xl", templ.KV("text-red-600", *count < 0), templ.KV("text-green-600", *count > 0)}
		if err := templ.RenderCSSItems(ctx, buf, classes...); err != nil {
			return err
		}
		if err := templruntime.WriteString(buf, 1, counterT.statics[0]); err != nil {
			return err
		}
		class, err := templ.ResolveAttributeValue(templ.CSSClasses(classes).String())
		if err != nil {
			return err
		}
		if _, err := buf.WriteString(class); err != nil {
			return err
		}
		if err := templruntime.WriteString(buf, 2, counterT.statics[1]); err != nil {
			return err
		}
		text, err := templ.JoinStringErrs(*count)
		if err != nil {
			return err
		}
		if _, err := buf.WriteString(templ.EscapeString(text)); err != nil {
			return err
		}
		return templruntime.WriteString(buf, 3, counterT.statics[2])
	})
}

func TestCounterAsTemplRendersIt(t *testing.T) {
	t.Parallel()
	for _, n := range []int{-3, 0, 7} {
		var want bytes.Buffer
		if err := counterByTempl(&n).Render(context.Background(), &want); err != nil {
			t.Fatal(err)
		}
		got, err := AppendHTML(context.Background(), nil, counter(&n))
		if err != nil || string(got) != want.String() {
			t.Errorf("counter(%d) = %s, %v, want %s", n, got, err, want.Bytes())
		}
	}
}

type tableRow struct {
	id    string
	cells [8]string
}

func newTableRow(i int) *tableRow {
	r := &tableRow{id: fmt.Sprintf("row-%d", i)}
	for c := range r.cells {
		r.cells[c] = fmt.Sprintf("cell %d/%d", i, c)
	}
	return r
}

func newTable(n int) []*tableRow {
	rows := make([]*tableRow, n)
	for i := range rows {
		rows[i] = newTableRow(i)
	}
	return rows
}

func table(rows *[]*tableRow) templ.Component {
	return Func(func(w *Writer, slot int) error {
		w.Nest(slot, tableT)
		w.Str(0, "Orders")
		w.For(1, listT)
		for _, r := range *rows {
			w.Entry(Key(r.id))
			w.Nest(0, tableRowT)
			Attr(w, 0, r.id)
			for i := range r.cells {
				Text(w, i+1, r.cells[i])
			}
			w.End()
			w.EndEntry()
		}
		w.EndFor()
		w.End()
		return nil
	})
}

func tableByTempl(rows *[]*tableRow) templ.Component {
	return templruntime.GeneratedTemplate(func(in templruntime.GeneratedComponentInput) (err error) {
		buf, existing := templruntime.GetBuffer(in.Writer)
		if !existing {
			defer func() {
				if e := templruntime.ReleaseBuffer(buf); err == nil {
					err = e
				}
			}()
		}
		write := func(s string) {
			if err == nil {
				err = templruntime.WriteString(buf, 1, s)
			}
		}
		write(tableT.statics[0] + "Orders" + tableT.statics[1])
		for _, r := range *rows {
			write(tableRowT.statics[0])
			text, _ := templ.ResolveAttributeValue(r.id)
			write(text)
			for i := range r.cells {
				write(tableRowT.statics[i+1])
				text, _ := templ.JoinStringErrs(r.cells[i])
				write(templ.EscapeString(text))
			}
			write(tableRowT.statics[9])
		}
		write(tableT.statics[2])
		return err
	})
}

// benchDiff measures a change and the diff that follows it.
func benchDiff(b *testing.B, view func() templ.Component, change func(i int)) {
	b.Helper()
	var s State
	ctx := context.Background()
	buf, err := s.AppendDiff(ctx, nil, view())
	if err != nil {
		b.Fatal(err)
	}
	i, sent := 0, 0
	b.ReportAllocs()
	for b.Loop() {
		change(i)
		i++
		buf, _ = s.AppendDiff(ctx, buf[:0], view())
		sent += len(buf)
	}
	b.ReportMetric(float64(sent)/float64(i), "diff-B/op")
	b.ReportMetric(float64(s.Size()), "kept-B")
}

func BenchmarkCounter(b *testing.B) {
	n := 0
	view := func() templ.Component { return counter(&n) }
	b.Run("Click", func(b *testing.B) { benchDiff(b, view, func(int) { n++ }) })
	b.Run("Nothing", func(b *testing.B) { benchDiff(b, view, func(int) {}) })
	b.Run("First", func(b *testing.B) { benchFirst(b, view) })
	b.Run("HTML", func(b *testing.B) { benchHTML(b, view) })
	b.Run("HTMLByTempl", func(b *testing.B) { benchTempl(b, func() templ.Component { return counterByTempl(&n) }) })
}

func BenchmarkTable(b *testing.B) {
	rows := newTable(1000)
	view := func() templ.Component { return table(&rows) }
	b.Run("Nothing", func(b *testing.B) { benchDiff(b, view, func(int) {}) })
	b.Run("OneCell", func(b *testing.B) {
		benchDiff(b, view, func(i int) { rows[500].cells[3] = words[i%2] })
	})
	b.Run("InsertOnTop", func(b *testing.B) {
		top := newTableRow(5000)
		benchDiff(b, view, func(i int) {
			if i%2 == 0 {
				rows = append([]*tableRow{top}, rows...)
			} else {
				rows = rows[1:]
			}
		})
	})
	b.Run("Shuffle", func(b *testing.B) {
		benchDiff(b, view, func(int) { rand.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] }) })
	})
	b.Run("First", func(b *testing.B) { benchFirst(b, view) })
	b.Run("HTML", func(b *testing.B) { benchHTML(b, view) })
	b.Run("HTMLByTempl", func(b *testing.B) { benchTempl(b, func() templ.Component { return tableByTempl(&rows) }) })
}

func benchFirst(b *testing.B, view func() templ.Component) {
	b.Helper()
	var buf []byte
	b.ReportAllocs()
	for b.Loop() {
		var s State
		buf, _ = s.AppendDiff(context.Background(), buf[:0], view())
	}
	b.ReportMetric(float64(len(buf)), "diff-B/op")
}

func benchHTML(b *testing.B, view func() templ.Component) {
	b.Helper()
	var buf []byte
	b.ReportAllocs()
	for b.Loop() {
		buf, _ = AppendHTML(context.Background(), buf[:0], view())
	}
}

func benchTempl(b *testing.B, view func() templ.Component) {
	b.Helper()
	var buf bytes.Buffer
	b.ReportAllocs()
	for b.Loop() {
		buf.Reset()
		if err := view().Render(context.Background(), &buf); err != nil {
			b.Fatal(err)
		}
	}
}
