package presence

import (
	"cmp"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"sync/atomic"
)

// owner is one run of a node. A node that has been started again is another
// owner: what the earlier run had tracked is gone.
type owner struct {
	Node  string `json:"n"`
	Epoch uint64 `json:"e"`
}

// entry is somebody who is here once: a tab, a device. It is not changed once it
// is made; an update makes another one in its place.
type entry struct {
	owner
	ref  uint64 // among those of its owner
	prev uint64 // the ref that this one has taken the place of, 0 for none

	topic, key string
	meta       json.RawMessage
	value      atomic.Pointer[any] // the meta as the program's type, once somebody has asked
}

func newEntry(o owner, ref, prev uint64, topic, key string, meta []byte) *entry {
	return &entry{owner: o, ref: ref, prev: prev, topic: topic, key: key, meta: meta}
}

func (e *entry) keep(value any) { e.value.Store(&value) }

// id tells the entry apart from all others, without telling of nodes; it is the
// phx_ref of the client's protocol.
func (e *entry) id() string { return refID(e.owner, e.ref) }

// prevID is the id of the entry that this one has replaced, "" for none.
func (e *entry) prevID() string {
	if e.prev == 0 {
		return ""
	}
	return refID(e.owner, e.prev)
}

func refID(o owner, ref uint64) string {
	b := append([]byte(o.Node), 0)
	b = binary.BigEndian.AppendUint64(b, o.Epoch)
	sum := sha256.Sum256(binary.BigEndian.AppendUint64(b, ref))
	return base64.RawURLEncoding.EncodeToString(sum[:9])
}

// order is the same on all nodes.
func (e *entry) order(f *entry) int {
	return cmp.Or(cmp.Compare(e.key, f.key), cmp.Compare(e.Node, f.Node), cmp.Compare(e.Epoch, f.Epoch), cmp.Compare(e.ref, f.ref))
}

// change is what has become different on one topic.
type change struct {
	topic         string
	joins, leaves []*entry
}
