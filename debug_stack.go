package bennu

import (
	"bufio"
	"bytes"
	"net/http"
	"reflect"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
)

// stackFrame is one call of a stack.
type stackFrame struct {
	Function string // with its import path
	File     string
	Line     int
	App      bool // of the app, not of a library
}

// Name is the function with its package's name instead of the import path.
func (f stackFrame) Name() string {
	return f.Function[strings.LastIndexByte(f.Function, '/')+1:]
}

// maxFrames bounds what is read of a stack: runtime/debug itself elides more.
const maxFrames = 200

// parseStack reads the text of runtime/debug.Stack, as in
//
//	goroutine 7 [running]:
//	runtime/debug.Stack()
//		/usr/lib/go/src/runtime/debug/stack.go:26 +0x5e
//	panic({0x6b1a40?, 0x7a5d30?})
//		/usr/lib/go/src/runtime/panic.go:787 +0x132
//	shop/web.(*Cart).add(...)
//		/home/ann/shop/web/cart.go:41
//	created by net/http.(*Server).Serve in goroutine 1
//
// What stands above the first panic is how it was caught, and is left out.
func parseStack(text []byte) []stackFrame {
	var frames []stackFrame
	lines := bufio.NewScanner(bytes.NewReader(text))
	lines.Buffer(nil, 1<<20)
	function := ""
	for lines.Scan() && len(frames) < maxFrames {
		line := lines.Text()
		place, isPlace := strings.CutPrefix(line, "\t")
		if !isPlace {
			function = functionName(line)
			continue
		}
		file, number, ok := splitPlace(place)
		if !ok || function == "" {
			continue
		}
		if function == "panic" {
			frames = frames[:0]
		} else {
			frames = append(frames, stackFrame{Function: function, File: file, Line: number})
		}
		function = ""
	}
	for len(frames) > 0 && strings.HasPrefix(frames[0].Function, "runtime.") {
		frames = frames[1:] // how the runtime found a nil pointer, say
	}
	return frames
}

// functionName is the function of a line of a stack, without its arguments.
func functionName(line string) string {
	if name, ok := strings.CutPrefix(line, "created by "); ok {
		name, _, _ = strings.Cut(name, " in goroutine ")
		return name
	}
	if !strings.HasSuffix(line, ")") {
		return ""
	}
	return line[:max(0, strings.LastIndexByte(line, '('))]
}

// splitPlace reads "/shop/web/cart.go:41 +0x1b".
func splitPlace(place string) (file string, line int, ok bool) {
	if i := strings.LastIndex(place, " +0x"); i >= 0 {
		place = place[:i]
	}
	i := strings.LastIndexByte(place, ':')
	if i < 0 {
		return "", 0, false
	}
	line, err := strconv.Atoi(place[i+1:])
	return place[:i], line, err == nil && line > 0
}

// codeOrigin tells the app's code from that of libraries.
type codeOrigin struct {
	module string // the program's own
	std    string // where the standard library's source is; "" with -trimpath
}

var thisProgram = sync.OnceValue(func() codeOrigin {
	var o codeOrigin
	if info, ok := debug.ReadBuildInfo(); ok {
		o.module = info.Main.Path
	}
	if f := runtime.FuncForPC(reflect.ValueOf(http.NotFound).Pointer()); f != nil {
		file, _ := f.FileLine(f.Entry())
		o.std, _ = strings.CutSuffix(file, "net/http/server.go")
	}
	return o
})

// owns reports that a call is of the app's own code.
func (o codeOrigin) owns(f stackFrame) bool {
	pkg := packageOf(f.Function)
	switch {
	case strings.HasSuffix(f.File, "_test.go"):
		return true
	case o.std != "" && strings.HasPrefix(f.File, o.std):
		return false
	case strings.Contains(f.File, "/pkg/mod/"), strings.Contains(f.File, "@v"), strings.Contains(f.File, "/vendor/"):
		return false
	case pkg == "main", o.module != "" && o.module != selfPackage && within(pkg, o.module):
		return true
	case within(pkg, selfPackage):
		return false
	}
	return o.std != "" || strings.Contains(pkg, ".")
}

// within reports that an import path is of a module or below it.
func within(pkg, module string) bool {
	rest, ok := strings.CutPrefix(pkg, module)
	return ok && (rest == "" || rest[0] == '/')
}

// packageOf is the import path of a function's name.
func packageOf(function string) string {
	slash := strings.LastIndexByte(function, '/') + 1
	name, _, _ := strings.Cut(function[slash:], ".")
	return function[:slash] + name
}
