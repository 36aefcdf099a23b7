package render

import (
	"fmt"
	"strings"
	"sync/atomic"
)

// ABI1 names the contract between generated files and this package. Every
// generated file refers to it, so that a file written for another contract
// fails to compile instead of rendering something odd.
const ABI1 = 1

// Flags describe what the generator knows about a template.
type Flags uint8

// Root says that the template's HTML is exactly one element and that nothing
// is emitted before it. The client then leaves the element alone in later
// patches for as long as nothing inside it changed.
const Root Flags = 1

// Template is the constant half of a template, a branch, a loop body or a
// children block: the strings around its slots. Templates are package level
// variables of generated files and live as long as the program.
type Template struct {
	fingerprint uint64
	id          uint32 // index into the tables that number the templates of one message
	root        bool
	forms       *forms // nil: there are no forms in it, nor fields of any
	statics     []string
	json        []byte // statics as a JSON array, encoded once
}

// Fingerprints that mark what stands in a nested slot besides a template.
const (
	emptySlot  = 0 // nothing
	opaqueSlot = 1 // a component that only renders HTML
	memoSlot   = 2 // the key of a memo and the slot that it holds
	partSlot   = 3 // the number of a live component
	firstFree  = 4
)

// templates counts every template made. Packages register theirs while they
// are initialised and tests do so at any time.
var templates atomic.Uint32

// New returns a template of len(statics)-1 slots. The fingerprint identifies
// its text and the kinds of its slots: two templates that can stand in the same
// place must differ in it even when their statics are equal. It panics when
// the arguments cannot be a template, which is a mistake of the generator.
func New(fingerprint uint64, flags Flags, statics ...string) *Template {
	if fingerprint < firstFree {
		panic(fmt.Sprintf("render: New: fingerprint %d is reserved; use %d or more", fingerprint, firstFree))
	}
	if len(statics) == 0 {
		panic("render: New: no statics; a template without slots has one")
	}
	root := flags&Root != 0
	if root && !strings.HasPrefix(strings.TrimLeft(statics[0], " \t\n"), "<") {
		panic(fmt.Sprintf("render: New: a root template begins with its element, this one with %q", statics[0]))
	}
	return &Template{
		fingerprint: fingerprint,
		id:          templates.Add(1) - 1,
		root:        root,
		forms:       readForms(statics),
		statics:     statics,
		json:        appendStaticsJSON(nil, statics),
	}
}

func appendStaticsJSON(dst []byte, statics []string) []byte {
	dst = append(dst, '[')
	for i, s := range statics {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(dst, '"')
		dst = appendJSON(dst, s)
		dst = append(dst, '"')
	}
	return append(dst, ']')
}
