package kit

import "strings"

// iconClasses are those of an icon, which has a size of its own unless classes
// were given.
func iconClasses(name string, more []string) string {
	if len(more) == 0 {
		return name + " size-5"
	}
	return name + " " + strings.Join(more, " ")
}
