package kit

import (
	"time"

	"bennu/js"
)

const moving = 150 * time.Millisecond

// OpenModal shows the dialog with this id.
func OpenModal(id string) js.Commands {
	return js.PushFocus(js.Self).
		Show(js.ID(id), js.Time(moving)).
		Show(js.ID(id+"-backdrop"), js.In("transition-opacity duration-150").From("opacity-0").To("opacity-100"), js.Time(moving)).
		Show(js.ID(id+"-box"), js.In("transition duration-150").From("opacity-0 translate-y-2").To("opacity-100 translate-y-0"), js.Time(moving), js.Display("flex")).
		AddClass("body", "overflow-hidden").
		FocusFirst(js.ID(id + "-box"))
}

// CloseModal hides the dialog with this id, and gives the focus back to what had
// it before.
func CloseModal(id string) js.Commands {
	return js.Hide(js.ID(id+"-backdrop"), js.Out("transition-opacity duration-150").From("opacity-100").To("opacity-0"), js.Time(moving)).
		Hide(js.ID(id+"-box"), js.Out("transition duration-150").From("opacity-100 translate-y-0").To("opacity-0 translate-y-2"), js.Time(moving)).
		Hide(js.ID(id), js.Out("block"), js.Time(moving)).
		RemoveClass("body", "overflow-hidden").
		PopFocus()
}
