package live

// Way is how a link leads from a page to an address.
type Way string

const (
	// WayPatch: the same view stands there; the link patches.
	WayPatch Way = "patch"
	// WayNavigate: another view of the live session; the link navigates.
	WayNavigate Way = "navigate"
	// WayHref: anything else; the link loads a page.
	WayHref Way = "href"
)

// Way is the cheapest way from this view to an address of this host, for
// components that make links. In a dead render and for a nested view it is
// WayHref. An address that is none is nowhere: WayHref.
func (s *Socket) Way(path string) Way {
	v := s.open()
	if v == nil || v.proc == nil || v.rt.Router == nil || v.spec.Nested {
		return WayHref
	}
	switch place, ok := v.rt.Router.Resolve(v.host(), path); {
	case !ok || place.Session != v.spec.LiveSession:
		return WayHref
	case place.View == v.spec.Name:
		return WayPatch
	}
	return WayNavigate
}
