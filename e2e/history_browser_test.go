package e2e

import "testing"

// A view that patches to where its page is adds no place to the history.
func TestNAV18PatchToWhereThePageIs(t *testing.T) {
	t.Parallel()
	a, p := tourApp(t), newTab(t)
	p.visit(a.url + "/tour/tabs")
	p.click("#patch")
	p.waitText("#tab", "pushed")
	p.waitText("#counts", "1 2")
	places := p.js(`history.length`)
	p.click("#patch")
	p.waitText("#counts", "1 3")
	p.same(`history.length`, places)
	p.same(`location.search`, "?tab=pushed")
	p.back()
	p.wait(`location.search === ""`)
	p.waitText("#tab", "")
}

// What Replace means for a panel that a link has opened: the place before it
// stays, so that its address stands twice. The back button passes both, and what
// comes then is a step backward.
func TestNAV18AddressThatStandsTwice(t *testing.T) {
	t.Parallel()
	a, p := tourApp(t), newTab(t)
	p.visit(a.url + "/tour/tabs?tab=b")
	p.run(`window.ways = []; addEventListener("phx:navigate", e => ways.push(location.pathname + location.search + " " + e.detail.direction))`)
	places := p.js(`history.length + 2`)
	p.click("#to-tabs")
	p.wait(`location.search === "" && ways.length === 1`)
	p.waitText("#counts", "1 1")
	p.click("#new")
	p.waitText("#action", "new")
	p.click("#close")
	p.wait(`location.pathname === "/tour/tabs" && ways.length === 3`)
	p.waitText("#action", "")
	p.same(`history.length`, places)
	p.run(`addEventListener("popstate", () => { window.popped = true }, {once: true})`)
	p.back()
	p.wait(`window.popped`)
	p.same(`location.pathname + location.search + " " + ways.length`, "/tour/tabs 3") // the other one: nothing to be seen
	p.back()
	p.waitText("#tab", "b")
	p.forward()
	p.wait(`ways.length === 5`)
	p.waitText("#counts", "1 1")
	p.same(`ways.slice(3).join("; ")`, "/tour/tabs?tab=b backward; /tour/tabs forward")
}

// A panel that goes back to close leaves no such place.
func TestNAV18PanelThatGoesBack(t *testing.T) {
	t.Parallel()
	a, p := tourApp(t), newTab(t)
	p.visit(a.url + "/tour/tabs?tab=b")
	p.click("#new")
	p.waitText("#action", "new")
	p.back()
	p.waitText("#tab", "b")
	p.waitText("#action", "")
	p.forward()
	p.waitText("#action", "new")
}
