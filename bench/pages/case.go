package pages

// A Case is a page with a change of it. All its sides show the same page and
// make the same change, each to data of its own.
type Case struct {
	Name    string
	Ours    []Side
	ByTempl func() *Run
	ByHTML  func() *Run
	Faster  float64    // how many times as fast as templ the first of ours has to be; 0: no bar
	Own     func() int // evaluates the page's own expressions, as each render does; nil: none of them allocates
}

// A Side is one of the ways in which Bennu can do it.
type Side struct {
	Name string // empty when there is one way only
	Bar  Bar
	New  func() *Run
	// Sample makes a Run with data of another name, where it depends on the data
	// and on chance how much is sent; nil: it does not.
	Sample func(name string) *Run
}

// A Bar is the most that one render may cost. Zero is no bar.
type Bar struct {
	Micros float64
	Allocs int // above those of the page's own expressions
	Bytes  int
}

// A Run is a page with its data, to be changed and rendered over and over. It
// is used by one goroutine.
type Run struct {
	// Change makes the i-th change, and Render renders and returns the bytes
	// that came out.
	Change func(i int)
	Render func() (int, error)
	// Undo is the opposite of Change where that would go on and on. It is
	// followed by a render, neither of which is measured.
	Undo func(i int)
}

// do makes the i-th change and renders.
func (r *Run) do(i int) (int, error) {
	r.Change(i)
	return r.Render()
}

// undo brings the page back to where it was, if it was brought away.
func (r *Run) undo(i int) error {
	if r.Undo == nil {
		return nil
	}
	r.Undo(i)
	_, err := r.Render()
	return err
}
