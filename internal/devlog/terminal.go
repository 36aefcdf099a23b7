package devlog

import (
	"io"
	"os"
)

// Color reports whether what is written to w may have colours: it is a terminal,
// and neither NO_COLOR (https://no-color.org) nor TERM=dumb says otherwise.
func Color(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok || !Allowed() {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&(os.ModeDevice|os.ModeCharDevice) == os.ModeDevice|os.ModeCharDevice && f.Name() != os.DevNull
}

// Allowed reports that the environment has nothing against colours.
func Allowed() bool { return os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb" }
