package main

var mutants = []mutant{
	{
		"no rollback after an error", "render/state.go",
		"if err := root.RenderTo(w, -1); err != nil {\n", "if err := root.RenderTo(w, -1); err != nil {\n\t\tdone = true\n",
	}, {
		"no rollback after a panic", "render/state.go",
		"\tdefer func() {\n", "\tdefer func() {\n\t\tif p := recover(); p != nil {\n\t\t\tpanic(p)\n\t\t}\n",
	}, {
		"a new tape is not taken over", "render/state.go",
		"s.words = append(s.words[:0], words...)", "s.words = append(s.words[:0], s.words...)",
	}, {
		"Reset forgets nothing", "render/state.go",
		"func (s *State) Reset() { s.words = nil }", "func (s *State) Reset() {}",
	}, {
		"the undo log is not written", "render/tape.go",
		"\t\tt.undo = append(t.undo, change{t.pos, was})\n", "",
	}, {
		"the length word of a node is one short", "render/tape.go",
		"uint64(len(t.next)-head-2)", "uint64(len(t.next)-head-3)",
	}, {
		"another template in a slot goes unnoticed", "render/tape.go",
		"if t.old[t.pos] == fingerprint {", "if t.old[t.pos] > opaqueSlot && fingerprint > opaqueSlot {",
	}, {
		"what is new is not passed over in the old tape", "render/tape.go",
		"\t\tt.pos = end\n", "",
	}, {
		"a number is sent the first time only", "render/text.go",
		"if w.changed(uint64(v)) {", "if w.changed(uint64(v)) && w.fresh {",
	}, {
		"texts are told apart by their length", "render/hash.go",
		"\tn := len(s)\n", "\tn := len(s)\n\tif n > 0 {\n\t\treturn uint64(n) << 32\n\t}\n",
	}, {
		"a slot that became empty is not emptied", "render/nest.go",
		"changed := w.fresh\n", "changed := w.fresh && fresh\n",
	}, {
		"every template is a root", "render/nest.go",
		"if f.template.root && (f.kind != kindRoot || w.part) {", "if f.kind != kindRoot || w.part {",
	}, {
		"the root of the view is marked, too", "render/nest.go",
		"if f.template.root && (f.kind != kindRoot || w.part) {", "if f.template.root {",
	}, {
		"what follows something new is taken for new", "render/nest.go",
		"\t\tw.fresh = f.fresh\n\t} else if w.pos != f.end {", "\t} else if w.pos != f.end {",
	}, {
		"statics are numbered from one", "render/message.go",
		"m.numbers[t.id] = uint32(len(m.used))", "m.numbers[t.id] = uint32(len(m.used) + 1)",
	}, {
		"statics of the last message are taken for sent", "render/message.go",
		"\tm.serial++\n\tif", "\tm.serial = 1\n\tif",
	}, {
		"a moved entry is sent as if it stood still", "render/message.go",
		"\t\t\tif f.moved() {\n", "\t\t\tif f.moved() && f.from > f.slot {\n",
	}, {
		"moves are not announced", "render/list.go",
		"if l.moved {", "if l.moved && l.count < 3 {",
	}, {
		"an entry that moved unchanged is not sent", "render/list.go",
		"if moved { // as it was, elsewhere", "if moved && f.from < f.slot {",
	}, {
		"a list that only became shorter is not sent", "render/list.go",
		"if w.fresh || l.count != l.oldCount || w.named(f) {", "if w.fresh || l.count > l.oldCount || w.named(f) {",
	}, {
		"the number of entries stays as it was", "render/list.go",
		"w.next[f.head+2] = uint64(l.count)", "w.next[f.head+2] = uint64(max(l.count, l.oldCount))",
	}, {
		"an old entry may be taken twice", "render/match.go",
		"return l.diverged && w.taken[l.taken+index]", "return false",
	}, {
		"an indexed entry may be taken twice", "render/match.go",
		"return e, ok && !w.isTaken(l, e.index)", "return e, ok",
	}, {
		"entries are counted from the wrong one", "render/match.go",
		"l.expected = e.index + 1", "l.expected++",
	}, {
		"a foreign component is taken for nothing", "render/opaque.go",
		"w.enter(opaqueSlot)", "w.enter(emptySlot)",
	}, {
		"templ remembers what it wrote in the last render", "render/context.go",
		"w.memory = &diffContext{Context: w.ctx}\n\t\tw.ctx = w.memory", "w.ctx = templ.InitializeContext(w.ctx)",
	}, {
		"bytes that are no UTF-8 are sent as they are", "render/escape.go",
		"if r != utf8.RuneError || size > 1 {", "if r != utf8.RuneError || size > 0 {",
	}, {
		"a backslash is not escaped", "render/escape.go",
		"e['\"'], e['\\\\'] = `\\\"`, `\\\\`", "e['\"'] = `\\\"`",
	}, {
		"what did not change is sent, too", "render/tape.go",
		"\tt.pos++\n\treturn was != word", "\tt.pos++\n\treturn was != word || word == emptySlot",
	}, {
		"a memo is not held by its key", "render/memo.go",
		" && w.old[w.pos+2] == key {", " && w.old[w.pos+2] != 0 {",
	}, {
		"a memo that is passed over stays behind in the old tape", "render/tape.go",
		"\t\tt.next = append(t.next, t.old[t.pos:end]...)\n", "",
	}, {
		"a memo is passed over though it depends on what stands before it", "render/memo.go",
		"if w.asked(f.outer) {", "if w.asked(f.outer) && f.slot < 0 {",
	}, {
		"tracked rows are passed over though they depend on what stands before them", "render/list.go",
		"\tif asked {", "\tif asked && l.count > 1000 {",
	}, {
		"the body of a tracked loop reads nothing but its row", "render/tracked.go",
		"w.track(together(list, reads), version)", "w.track(together(list, NoReads), version)",
	}, {
		"one tracked list is taken for another", "render/tracked.go",
		"w.track(together(list, reads), version)", "w.track(together(min(list, 1), reads), version)",
	}, {
		"the rows of the last change are passed over", "render/tracked.go",
		"r.Version > since ||", "r.Version > since+1 ||",
	}, {
		"a tracked row is passed over for another one", "render/tracked.go",
		" || uint32(r.ID) != entryOwner(old[pos+1])", "",
	}, {
		"a tracked row is as long as the one before it", "render/tracked.go",
		" && entryLength(old[pos+1]) == length", "",
	}, {
		"a tracked row is told from another by its key alone", "render/tracked_list.go",
		" && entryOwner(w.old[w.pos-1]) == uint32(id)", "",
	}, {
		"rows that show their index are passed over when they moved", "render/tracked.go",
		"if t.usesIndex && l.expected != l.count {", "if t.usesIndex && l.expected > l.count+1 {",
	}, {
		"the rows of a run may be taken twice", "render/tracked_list.go",
		"\t\t\tw.taken[l.taken+l.expected+i] = true\n", "\t\t\t_ = i\n",
	}, {
		"moves of a run are not announced", "render/tracked_list.go",
		"\t\tl.moved = true\n", "",
	}, {
		"a tracked list of another version is taken for the same", "render/tracked_list.go",
		"t.known && version == t.since", "t.known && version <= t.since+1",
	}, {
		"an edited row keeps its version", "live/rows_snapshot.go",
		"\tchange(&chunk[at].Value)\n\tchunk[at].Version = s.version\n\ts.chunks", "\tchange(&chunk[at].Value)\n\ts.chunks",
	}, {
		"two rows have one identity", "live/rows.go",
		"\t\tr.lastID++\n", "\t\tr.lastID = r.lastID%8 + 1\n",
	}, {
		"the chunk of a list is found by its place", "render/chunks.go",
		"w.Entry(chunk)", "w.Entry(uint64(w.pos))",
	}, {
		"a component of which nobody knows whether it was drawn is not sent again", "live/component.go",
		"if c.doomed || w.Whole() || !w.HasPart(c.cid) && !host.onPage(c) {", "if c.doomed || w.Whole() {",
	}, {
		"a component that has gone is not sent whole when it comes again", "live/component.go",
		"if c.doomed || w.Whole() || !w.HasPart(c.cid) && !host.onPage(c) {", "if !w.HasPart(c.cid) && c.held == 0 {",
	}, {
		"the message does not name the way to a component", "live/component.go",
		"w.Part(slot, c.cid, c.sent == host.message)", "w.Part(slot, c.cid, false)",
	}, {
		"a component is sent along with one that it stands in", "live/component.go",
		"case h.sentAround(c):\n\t\t\th.dirty = append(h.dirty, c)\n\t\tdefault:", "default:",
	}, {
		"a component that has to wait is forgotten", "live/component.go",
		"case h.sentAround(c):\n\t\t\th.dirty = append(h.dirty, c)\n", "case h.sentAround(c):\n",
	}, {
		"a stream that is new is sent as it came about", "render/stream.go",
		"if w.html || w.fresh {", "if w.html {",
	}, {
		"what was sent of a stream is sent again", "live/stream.go",
		"func (s *Stream[T]) sent() { s.pending, s.deletes, s.reset = nil, nil, false }", "func (s *Stream[T]) sent() { s.deletes, s.reset = nil, false }",
	}, {
		"a stream is quiet when it is only reset", "render/stream.go",
		" && len(v.Deletes) == 0 && !v.Reset", " && len(v.Deletes) == 0",
	},
}
