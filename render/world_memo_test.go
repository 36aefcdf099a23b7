package render

import "fmt"

var (
	memoGroupT = newTemplate(Root, "<ol>", "", "</ol>")
	memoRowT   = newTemplate(0, "", "")
	chunkRowT  = newTemplate(0, "", "")
)

// memos is a list of memos that hold lists of memos. Their keys say all that
// is in them.
func (p *world) memos(w *Writer, slot int) error {
	w.For(slot, listT)
	for i := range p.groups {
		g := &p.groups[i]
		w.Entry(Key(g.key))
		if w.Memo(0, Key(fmt.Sprint(*g, p.swap))) {
			if err := p.memoGroup(w, 0, g); err != nil {
				return err
			}
			w.EndMemo()
		}
		w.EndEntry()
	}
	w.EndFor()
	return nil
}

// memoGroup writes very different things into a memo.
func (p *world) memoGroup(w *Writer, slot int, g *group) error {
	switch {
	case !g.on && p.swap:
		w.Empty(slot)
		return nil
	case p.swap:
		return w.Comp(slot, foreign(g.name))
	case !g.on:
		return p.memoRows(w, slot, g.rows)
	}
	w.Nest(slot, memoGroupT)
	w.Str(0, g.name)
	if err := p.memoRows(w, 1, g.rows); err != nil {
		return err
	}
	w.End()
	return nil
}

func (p *world) memoRows(w *Writer, slot int, rows []row) error {
	w.For(slot, memoRowT)
	for i := range rows {
		r := &rows[i]
		w.Entry(Key(r.key))
		w.WithChildren(func(w *Writer, slot int) error { return p.row(w, slot, r) })
		if err := w.Comp(0, Memo(Key(fmt.Sprint(*r)))); err != nil {
			return err
		}
		w.EndEntry()
	}
	w.EndFor()
	return nil
}

// chunks is a list that is sent in parts.
func (p *world) chunks(w *Writer, slot int) error {
	c := w.Chunks(slot, chunkRowT)
	for i := range p.long {
		c.Entry(Key(p.long[i].key))
		if err := p.row(w, 0, &p.long[i]); err != nil {
			return err
		}
		w.EndEntry()
	}
	c.End()
	return nil
}
