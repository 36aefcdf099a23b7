package live

import (
	"crypto/rand"
	"slices"
)

// Nested views belong to the process of their parent: they end with it, and
// join only while it lives.

// family are the nested views of a process.
type family struct {
	children map[string]*Process // that have joined, by the ids of their elements
	left     []string            // ids of those that have left the page, whose elements are known still
}

// child is the nested view of an id. The caller holds mu.
func (p *Process) child(id string) *Process {
	if p.family == nil {
		return nil
	}
	return p.family.children[id]
}

// boot is a text of this run of the program: process numbers start anew with
// each run, and the tokens of an earlier one must name nobody.
func (r *Runtime) boot() string {
	r.bootOnce.Do(func() { r.bootText = rand.Text() })
	return r.bootText
}

// Parent finds the living parent that a child's token names. The error refuses
// the join.
func (r *Runtime) Parent(c Child) (*Process, error) {
	if c.Boot == r.boot() {
		if p, ok := r.parents.Load(c.Parent); ok {
			return p.(*Process), nil
		}
	}
	return nil, &JoinError{Why: "stale", Detail: "the parent of the nested view is gone"}
}

// adopt makes a process that joins the child of its parent. An earlier child
// with the same id, which the client has given up, ends.
func (p *Process) adopt(child *Process) error {
	p.mu.Lock()
	if p.stop != 0 || p.ended {
		leaving := p.leaving
		p.mu.Unlock()
		if leaving {
			return &JoinError{Why: "parent_redirect"}
		}
		return &JoinError{Why: "stale", Detail: "the parent of the nested view is ending"}
	}
	if p.leaving {
		p.mu.Unlock()
		return &JoinError{Why: "parent_redirect"}
	}
	old := p.child(child.spec.ID)
	if p.family == nil {
		p.family = &family{children: make(map[string]*Process)}
	}
	p.family.children[child.spec.ID] = child
	p.mu.Unlock()
	if old != nil {
		old.Stop(Superseded)
	}
	return nil
}

// orphan takes a child that has ended out of its parent's children.
func (p *Process) orphan() {
	parent := p.spec.Parent
	if parent == nil {
		return
	}
	parent.mu.Lock()
	defer parent.mu.Unlock()
	if parent.child(p.spec.ID) != p {
		return
	}
	delete(parent.family.children, p.spec.ID)
	if p.stop == Left && !slices.Contains(parent.family.left, p.spec.ID) { // a client may join and leave for ever
		parent.family.left = append(parent.family.left, p.spec.ID)
	}
}

// forgetLeft forgets the elements of nested views that have left the page. It
// is called when another one comes, so that a page whose nested views come and
// go does not grow.
func (p *Process) forgetLeft() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.family == nil {
		return
	}
	left := slices.DeleteFunc(p.family.left, func(id string) bool { return p.child(id) != nil }) // it has come back
	p.family.left = nil
	for _, id := range left {
		delete(p.extras.nested, id)
	}
}

// endChildren ends the nested views of a process that ends.
func (p *Process) endChildren() {
	p.mu.Lock()
	f, drained := p.family, p.stop == Drained
	p.family = nil
	p.mu.Unlock()
	if f == nil {
		return
	}
	for _, c := range f.children {
		if drained { // it has something to finish, too
			c.Stop(Drained)
		} else {
			c.dismiss()
		}
	}
}

// dismiss ends a view whose parent has ended, and tells the client so.
func (p *Process) dismiss() {
	p.mu.Lock()
	if p.stop == 0 && p.parting == partSilent {
		p.parting = partClose
	}
	p.mu.Unlock()
	p.Stop(Superseded)
}

// parting is what a process says to its client when it is stopped from inside
// the server. A transport that stops one has said it already.
type parting uint8

const (
	partSilent parting = iota
	partFail           // the client joins again
	partClose          // it does not
)

// part says what there is to be said at an end; true: nothing.
func (p *Process) part() (silent bool) {
	p.mu.Lock()
	parting := p.parting
	p.mu.Unlock()
	switch parting {
	case partFail:
		p.out.Fail()
	case partClose:
		p.out.Close()
	}
	return parting == partSilent
}

// root is the process whose address the page has.
func (p *Process) root() *Process {
	for p.spec.Parent != nil {
		p = p.spec.Parent
	}
	return p
}

// patchRequest is the wish of a nested view to give the page another address.
type patchRequest struct{ move *move }

func (m *patchRequest) name() string { return "patch of a nested view" }

func (m *patchRequest) run(*Process) (*asks, error) { return &asks{move: m.move}, nil }
