package kit

import "bennu/js"

func closeDropdown(id string) js.Commands {
	return js.Hide(js.ID(id+"-items")).SetAttr(js.ID(id+"-button"), "aria-expanded", "false")
}
