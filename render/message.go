package render

import "strconv"

// message is the JSON being written. Objects are opened lazily, when the first
// slot below them has something to say, so what did not change costs nothing:
// the first opened frames of the stack have their "{" in the output. Every
// member is followed by a comma, which the end of its object overwrites.
type message struct {
	opened int
	start  int      // length of the output before the message
	rooted bool     // the root template was opened
	whole  bool     // the client has nothing of the root, so that all is sent
	sent   []func() // to be called when the render has succeeded
	failed error    // what Fail said
	part   bool     // of a live component, which stands in the message of its view
	misfit error    // why the part can not be one
	answer string   // the event of a form that it answers, see AppendAnswer
	around *Form    // the form that a part stands in

	rootNamed bool // what named says of the root

	// The statics of a message stand once in its root, under "p", and nodes
	// refer to them by number. numbers[id] is the number of a template if
	// asOf[id] is the serial of the running render.
	used    []*Template
	numbers []uint32
	asOf    []uint32
	serial  uint32
}

// emptied returns the message without content, with its memory.
func (m *message) emptied() message {
	e := message{used: kept(m.used, maxKeptItems)}
	if cap(m.asOf) <= maxKeptWords {
		e.numbers, e.asOf, e.serial = m.numbers, m.asOf, m.serial
	}
	return e
}

// begin starts the numbering of statics.
func (m *message) begin(start int) {
	m.start = start
	m.serial++
	if m.serial == 0 { // wrapped around: old marks would look new
		clear(m.asOf)
		m.serial = 1
	}
}

// number returns the number of a template in this message.
func (m *message) number(t *Template) uint32 {
	for uint32(len(m.asOf)) <= t.id {
		m.asOf = append(m.asOf, 0)
		m.numbers = append(m.numbers, 0)
	}
	if m.asOf[t.id] != m.serial {
		m.asOf[t.id] = m.serial
		m.numbers[t.id] = uint32(len(m.used))
		m.used = append(m.used, t)
	}
	return m.numbers[t.id]
}

// reach opens everything that is on the stack.
func (w *Writer) reach() {
	for ; w.opened < len(w.stack); w.opened++ {
		f := &w.stack[w.opened]
		switch f.kind {
		case kindRoot, kindMemo:
		case kindNode:
			w.key(f.slot)
			w.buf = append(w.buf, '{')
		case kindList:
			w.key(f.slot)
			w.buf = append(w.buf, `{"k":{`...)
		case kindEntry:
			w.key(f.slot)
			if f.moved() {
				w.buf = append(w.buf, '[')
				w.buf = strconv.AppendInt(w.buf, int64(f.from), 10)
				w.buf = append(w.buf, ',')
			}
			w.buf = append(w.buf, '{')
		}
	}
}

func (w *Writer) key(n int) {
	if n < len(keys) {
		w.buf = append(w.buf, keys[n]...)
		return
	}
	w.buf = append(w.buf, '"')
	w.buf = strconv.AppendInt(w.buf, int64(n), 10)
	w.buf = append(w.buf, '"', ':')
}

// keys are the keys of the first slots and entries.
var keys = func() (k [100]string) {
	for i := range k {
		k[i] = `"` + strconv.Itoa(i) + `":`
	}
	return k
}()

// beginText starts the value of a text slot; endText ends it.
func (w *Writer) beginText(slot int) {
	if w.opened < len(w.stack) {
		w.reach()
	}
	w.key(slot)
	w.buf = append(w.buf, '"')
}

func (w *Writer) endText() { w.buf = append(w.buf, '"', ',') }

// closeObject ends an object: "}" takes the place of the last comma.
func (w *Writer) closeObject() {
	if last := len(w.buf) - 1; w.buf[last] == ',' {
		w.buf[last] = '}'
		return
	}
	w.buf = append(w.buf, '}')
}

// reference writes the statics of a node that the client does not have.
func (w *Writer) reference(t *Template) {
	w.buf = append(w.buf, `"s":`...)
	w.buf = strconv.AppendUint(w.buf, uint64(w.number(t)), 10)
	w.buf = append(w.buf, ',')
}

// finish ends the message with the table of statics.
func (w *Writer) finish() {
	if len(w.used) > 0 {
		w.buf = append(w.buf, `"p":{`...)
		for i, t := range w.used {
			w.key(i)
			w.buf = append(w.buf, t.json...)
			w.buf = append(w.buf, ',')
		}
		w.closeObject()
		return
	}
	if last := len(w.buf) - 1; last >= w.start { // the comma after the last member
		w.buf = w.buf[:last]
	}
}
