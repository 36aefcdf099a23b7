package devlog

import (
	"strings"
)

// stack writes the text of runtime/debug.Stack, a line for each call: the place
// first, because that is what one looks for. What stands above the panic is how
// it was caught. The calls of the app stand out.
func (p *printer) stack(text string) {
	all := strings.Split(strings.TrimSpace(lines(text)), "\n")
	for i, line := range all {
		if strings.HasPrefix(line, "panic(") {
			all = all[min(i+2, len(all)):]
			break
		}
	}
	function := ""
	for _, line := range all {
		place, isPlace := strings.CutPrefix(line, "\t")
		if !isPlace {
			function = functionName(line)
			continue
		}
		if i := strings.LastIndex(place, " +0x"); i >= 0 {
			place = place[:i]
		}
		local, own := place, false
		if p.dir != "" {
			local, own = strings.CutPrefix(place, strings.TrimSuffix(p.dir, "/")+"/")
		}
		p.b = append(p.b, "\n  "...)
		if own {
			p.paint(bold, local)
			p.b = append(p.b, "  "+function...)
			continue
		}
		p.paint(dim, place+"  "+function)
	}
}

// functionName is the call of a line of a stack, without arguments and without
// the directories of its import path.
func functionName(line string) string {
	if name, ok := strings.CutPrefix(line, "created by "); ok {
		name, _, _ = strings.Cut(name, " in goroutine ")
		return "started by " + name[strings.LastIndexByte(name, '/')+1:]
	}
	if i := strings.LastIndexByte(line, '('); i > 0 && strings.HasSuffix(line, ")") {
		line = line[:i]
	}
	return line[strings.LastIndexByte(line, '/')+1:]
}
