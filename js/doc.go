// Package js makes commands that the browser carries out by itself when
// something happens on an element: show and hide, change classes and attributes,
// move the focus, send events. They stand in the attributes of templates:
//
//	<button phx-click={ js.Push("save").Hide("#form", js.Out("fade-out")) }>Save</button>
//	<div id="menu" phx-click-away={ js.Hide(js.Self) }>…</div>
//	<li phx-remove={ js.Hide(js.Self, js.Out("duration-200").From("opacity-100").To("opacity-0")) }>…</li>
//
// Commands are values that do not change: each method returns those before it
// and one more. They may be kept in variables, returned by functions, joined by
// [Commands.Then], and sent in the payload of an event to the page's script,
// where liveSocket.execJS(element, commands) carries them out.
//
// What commands change on the page stays when the server renders it anew: the
// client does it again after each patch.
//
// # Elements
//
// The first argument of most commands is a [Selector], the CSS selector of the
// elements meant; [Self] is the element that the attribute is on. [Closest] and
// [Inner] start from it. A selector made of what users chose is written with
// [ID] or [Having], which escape it.
//
// # Mistakes
//
// What only a programmer can get wrong, such as a command without its event,
// panics with the place in the message's stack, and ends the view that renders
// it. An address that a browser must not be sent to may come from users: it is
// replaced by one that leads nowhere, and logged.
//
// The commands are those of phoenix_live_view 1.2.12 (assets/js, js.js).
package js
