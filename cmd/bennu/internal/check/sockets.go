package check

import "go/types"

// checkSockets looks for views that keep a *live.Socket in a field, their own or
// that of a value in them, and for variables of packages that do.
func (p *program) checkSockets() []Finding {
	var found []Finding
	seen := map[types.Type]bool{}
	report := func(v *types.Var, owner string) {
		found = append(found, finding(checkSocket, p.place(v.Pos()), "pass the socket as a parameter, or keep the values that are needed of it",
			"%s keeps a *live.Socket in %s, which is valid until the callback returns", owner, v.Name()))
	}
	for _, v := range p.views {
		p.socketFields(v.named, v.name, seen, report)
	}
	for _, pkg := range p.pkgs {
		scope := pkg.Types.Scope()
		for _, name := range scope.Names() {
			if v, ok := scope.Lookup(name).(*types.Var); ok && holdsSocket(v.Type()) {
				report(v, "package "+pkg.Name)
			}
		}
	}
	return found
}

// socketFields calls report for the fields of a struct that hold a socket, and
// looks into the fields whose types the app declares.
func (p *program) socketFields(t types.Type, owner string, seen map[types.Type]bool, report func(*types.Var, string)) {
	if seen[t] {
		return
	}
	seen[t] = true
	switch u := t.Underlying().(type) {
	case *types.Struct:
		for f := range u.Fields() {
			if !p.isLoaded(f) {
				continue
			}
			if holdsSocket(f.Type()) {
				report(f, owner)
				continue
			}
			p.socketFields(f.Type(), owner, seen, report)
		}
	case *types.Pointer:
		p.socketFields(u.Elem(), owner, seen, report)
	case *types.Slice:
		p.socketFields(u.Elem(), owner, seen, report)
	case *types.Array:
		p.socketFields(u.Elem(), owner, seen, report)
	case *types.Map:
		p.socketFields(u.Elem(), owner, seen, report)
	}
}

// holdsSocket reports whether a variable of type t is a socket or a collection
// of some.
func holdsSocket(t types.Type) bool {
	if isSocket(t) || isLive(t, "Socket") {
		return true
	}
	switch u := types.Unalias(t).(type) {
	case *types.Slice:
		return holdsSocket(u.Elem())
	case *types.Array:
		return holdsSocket(u.Elem())
	case *types.Chan:
		return holdsSocket(u.Elem())
	case *types.Map:
		return holdsSocket(u.Elem()) || holdsSocket(u.Key())
	}
	return false
}
