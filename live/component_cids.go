package live

import (
	"encoding/json"
	"strconv"
	"time"
)

// The client says in two steps that components are gone. After the first it
// may still show them, while an exit transition runs; a render that shows one
// again in between takes it back, and sends it whole, since the client forgets.

// component is the one of a number, nil if the view has none.
func (p *Process) component(cid int) *component {
	if p.extras == nil || p.extras.components == nil {
		return nil
	}
	return p.extras.components.byCID[cid]
}

// hadComponent reports whether the view has given this number.
func (p *Process) hadComponent(cid int) bool {
	return p.extras != nil && p.extras.components != nil && cid >= 1 && cid <= p.extras.components.last
}

// cids reads the numbers that a message names.
func cids(m Message) []int {
	var named struct {
		CIDs []int `json:"cids"`
	}
	if json.Unmarshal(m.Payload, &named) != nil {
		return nil
	}
	return named.CIDs
}

// cidsWillDestroy marks components whose elements have gone.
func (p *Process) cidsWillDestroy(m Message) {
	for _, cid := range cids(m) {
		if c := p.component(cid); c != nil {
			c.doomed = true
		}
	}
	p.out.Reply(m.Ref, true, nothing)
}

// cidsDestroyed forgets those that are still marked, and tells which.
func (p *Process) cidsDestroyed(m Message) {
	response := []byte(`{"cids":[`)
	for _, cid := range cids(m) {
		c := p.component(cid)
		if c == nil || !c.doomed {
			continue
		}
		if response[len(response)-1] != '[' {
			response = append(response, ',')
		}
		response = strconv.AppendInt(response, int64(cid), 10)
		h := p.extras.components
		delete(h.byCID, cid)
		delete(h.byName, c.componentName)
		c.ends.release()
		p.endComponent(c, Left)
	}
	p.out.Reply(m.Ref, true, append(response, ']', '}'))
}

// endComponent runs a component's last callback.
func (p *Process) endComponent(c *component, why Reason) {
	if t, ok := c.view.(Terminator); ok {
		if err := p.terminate(t, why); err != nil {
			p.logCrash("terminate failed", err)
		}
	}
	if p.rt.Observe.Component != nil {
		p.observeComponent(c, "destroyed", time.Now(), nil)
	}
}
