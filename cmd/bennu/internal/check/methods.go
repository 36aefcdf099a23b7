package check

import (
	"fmt"
	"go/types"
	"slices"
	"strings"

	"bennu/internal/nearest"
)

// An optional is a method that the framework looks for on a view.
type optional struct {
	of        string // the interface, as live calls it
	name      string
	iface     *types.Interface
	signature *types.Signature
	generic   *types.Named // the interface, if it has a parameter, which is then the view's own pointer
}

// optionals are read from package live: the exported interfaces of one method
// that has to do with views.
func (p *program) optionals() []optional {
	var out []optional
	scope := p.live.Scope()
	for _, name := range scope.Names() {
		o, ok := scope.Lookup(name).(*types.TypeName)
		if !ok || !o.Exported() {
			continue
		}
		iface, ok := o.Type().Underlying().(*types.Interface)
		if !ok || iface.NumMethods() != 1 || !iface.IsMethodSet() {
			continue
		}
		m := iface.Method(0)
		if s := m.Signature(); ofView(s) && m.Name() != "Render" {
			named, _ := o.Type().(*types.Named)
			if named != nil && named.TypeParams().Len() == 0 {
				named = nil
			}
			out = append(out, optional{name, m.Name(), iface, s, named})
		}
	}
	return out
}

// of are those of a view's kind.
func of(v *view, all []optional) []optional {
	kind := slices.DeleteFunc(slices.Clone(all), func(o optional) bool {
		switch o.of {
		case "ComponentMounter", "Updater", "ManyUpdater":
			return !v.component
		case "Mounter", "ParamsHandler", "Connector":
			return !v.page
		}
		return false
	})
	for i, o := range kind {
		if o.generic == nil {
			continue
		}
		own, err := types.Instantiate(nil, o.generic, []types.Type{types.NewPointer(v.named)}, false)
		if err != nil {
			continue // never for one parameter and one argument
		}
		kind[i].iface = own.Underlying().(*types.Interface)
		kind[i].signature = kind[i].iface.Method(0).Signature()
	}
	return kind
}

// ofView reports whether a signature is one of a view's callbacks.
func ofView(s *types.Signature) bool {
	return takesSocket(s) || s.Results().Len() == 1 && isLive(s.Results().At(0).Type(), "Events")
}

// meant are names that other frameworks use, and the method that they mean here.
var meant = map[string]string{
	"HandleEvent": "Events", "HandleEvents": "Events", "OnEvent": "Events", "EventHandlers": "Events", "Handlers": "Events",
	"Init": "Mount", "OnMount": "Mount", "Mounted": "Mount",
	"OnConnect":  "Connect",
	"Terminated": "Terminate", "OnTerminate": "Terminate", "Unmount": "Terminate", "Destroy": "Terminate", "Close": "Terminate",
	"Updated": "Update", "OnUpdate": "Update",
	"Params": "HandleParams", "OnParams": "HandleParams", "ParamsChanged": "HandleParams",
}

// checkMethods looks for methods of views that the framework would call if they
// had another name or signature, or a receiver that the view has as it is used.
func (p *program) checkMethods() []Finding {
	optionals := p.optionals()
	called := p.calledMethods()
	var found []Finding
	for _, v := range p.views {
		optionals := of(v, optionals)
		for _, o := range optionals {
			found = append(found, p.wrongSignature(v, o)...)
		}
		for fn := range v.named.Methods() {
			if !called[fn] {
				found = append(found, p.nearMiss(v, fn, optionals)...)
			}
		}
		found = append(found, v.lostMethods(optionals)...)
		found = append(found, p.ofOtherKind(v, called)...)
	}
	return found
}

// wrongSignature is about a method with the name of an optional one.
func (p *program) wrongSignature(v *view, o optional) []Finding {
	fn := v.method(o.name)
	if fn == nil || types.Implements(types.NewPointer(v.named), o.iface) || !p.isLoaded(fn) {
		return nil
	}
	if v.page && v.component && o.name == "Mount" && (p.implements(v, "Mounter") || p.implements(v, "ComponentMounter")) {
		return nil // right for one of the two
	}
	if owner := receiverName(fn); owner != v.named.Obj() && p.isView(owner) {
		return nil // told of the view that declares it
	}
	return []Finding{finding(checkMethod, p.place(fn.Pos()), "write "+signatureOf(o.name, o.signature),
		"the method %s of %s %s has the wrong signature, found %s", o.name, v.kind(), v.name, signatureOf(o.name, fn.Signature()))}
}

func (p *program) isView(o types.Object) bool {
	return slices.ContainsFunc(p.views, func(v *view) bool { return v.named.Obj() == o })
}

// nearMiss is about a method that nothing calls and whose name is almost that of
// an optional one which the view lacks. The names of other frameworks are enough
// for those of events; else the method has to take what the optional one takes.
func (p *program) nearMiss(v *view, fn *types.Func, optionals []optional) []Finding {
	lacking := map[string]optional{}
	var names []string
	for _, o := range optionals {
		if o.name == fn.Name() {
			return nil
		}
		if v.method(o.name) == nil {
			lacking[o.name] = o
			names = append(names, o.name)
		}
	}
	o, ok := lacking[meant[fn.Name()]]
	if ok = ok && (o.name == "Events" || ofView(fn.Signature())); !ok {
		o, ok = lacking[nearest.Name(upperFirst(fn.Name()), names)]
		ok = ok && takesTheSame(fn.Signature(), o.signature)
	}
	if !ok {
		return nil
	}
	return []Finding{finding(checkMethod, p.place(fn.Pos()), "write "+signatureOf(o.name, o.signature),
		"nothing calls the method %s of %s %s (did you mean %q?)", fn.Name(), v.kind(), v.name, o.name)}
}

func upperFirst(name string) string { return strings.ToUpper(name[:1]) + name[1:] }

// takesTheSame reports whether a method could be the other one with a mistake in
// its name: both take the same, a socket among it, or both return events.
func takesTheSame(a, b *types.Signature) bool {
	if !takesSocket(b) {
		return ofView(a) && !takesSocket(a)
	}
	return types.Identical(a.Params(), b.Params())
}

// lostMethods is about a view that is handed over as a value although the
// methods that the framework looks for belong to the pointer.
func (v *view) lostMethods(optionals []optional) []Finding {
	if v.byValue.file == "" {
		return nil
	}
	var lost []string
	for _, o := range optionals {
		if types.Implements(types.NewPointer(v.named), o.iface) && !types.Implements(v.named, o.iface) {
			lost = append(lost, o.name)
		}
	}
	if len(lost) == 0 {
		return nil
	}
	return []Finding{finding(checkMethod, v.byValue, "hand over a pointer, as in new("+v.name+")",
		"the view %s is a value here, and its %s, of the pointer, would not be called", v.name, strings.Join(lost, " and "))}
}

// otherKind are methods that the framework calls on views of one kind only: what
// the view lacks then, and the way out.
var otherKind = []struct {
	name, iface string
	component   bool // it is live components that do not have it
	fix         string
}{
	{"HandleParams", "ParamsHandler", true, "let the page's HandleParams keep what the component needs, and hand it over in the function of live.Component"},
	{"Connect", "Connector", true, "do it in the component's Mount, which runs when it is connected too"},
	{"Container", "Contained", true, "put the element into its template: a component has no other"},
	{"Update", "Updater", false, "a page is told nothing by a parent: do it in HandleParams or in what handles a message"},
}

// ofOtherKind is about methods with the name and signature of those of live
// components in a page, and of pages in a live component: nothing calls them.
func (p *program) ofOtherKind(v *view, called map[*types.Func]bool) []Finding {
	if v.page == v.component {
		return nil
	}
	var found []Finding
	for _, o := range otherKind {
		fn := v.method(o.name)
		if o.component != v.component || fn == nil || !p.implements(v, o.iface) || called[fn] || !p.isLoaded(fn) {
			continue
		}
		what := "a live component"
		if v.page {
			what = "a page"
		}
		found = append(found, finding(checkMethod, p.place(fn.Pos()), o.fix, "nothing calls the method %s of %s: %s has none", o.name, v.name, what))
	}
	return found
}

// calledMethods are the methods that the app's own code mentions.
func (p *program) calledMethods() map[*types.Func]bool {
	called := map[*types.Func]bool{}
	for _, pkg := range p.pkgs {
		for _, o := range pkg.TypesInfo.Uses {
			if fn, ok := o.(*types.Func); ok {
				called[fn.Origin()] = true
			}
		}
	}
	return called
}

// signatureOf is a method as source shows it.
func signatureOf(name string, s *types.Signature) string {
	qualify := func(p *types.Package) string { return p.Name() }
	var in, out []string
	for v := range s.Params().Variables() {
		in = append(in, types.TypeString(v.Type(), qualify))
	}
	for v := range s.Results().Variables() {
		out = append(out, types.TypeString(v.Type(), qualify))
	}
	text := fmt.Sprintf("%s(%s)", name, strings.Join(in, ", "))
	switch len(out) {
	case 0:
		return text
	case 1:
		return text + " " + out[0]
	}
	return text + " (" + strings.Join(out, ", ") + ")"
}
