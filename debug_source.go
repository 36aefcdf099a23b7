package bennu

import (
	"html/template"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

const (
	sourceAround = 6       // lines shown before and after the one in question
	maxSource    = 1 << 20 // bytes read of a file
	maxExcerpts  = 8       // frames of one page that show their source
)

// sourceLine is a line of a file.
type sourceLine struct {
	Number int
	Text   string
	Marked bool
}

// excerpt is the source around a line, nil when the file is not here.
func excerpt(file string, line int) []sourceLine {
	f, err := os.Open(file)
	if err != nil {
		return nil
	}
	text, err := io.ReadAll(io.LimitReader(f, maxSource))
	if closeErr := f.Close(); err != nil || closeErr != nil {
		return nil
	}
	var lines []sourceLine
	number := 0
	for l := range strings.Lines(string(text)) {
		number++
		if number > line+sourceAround {
			break
		}
		if number >= line-sourceAround {
			lines = append(lines, sourceLine{number, strings.TrimRight(l, "\r\n"), number == line})
		}
	}
	if number < line {
		return nil // another version of the file
	}
	return lines
}

// findSource is the path of a file that a message names relative to some
// directory above or below the current one; the name itself when there is none.
func findSource(name string) string {
	if filepath.IsAbs(name) {
		return name
	}
	dir, err := os.Getwd()
	if err != nil {
		return name
	}
	for {
		path := filepath.Join(dir, name)
		if _, err := os.Stat(path); err == nil {
			return path
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return name
		}
		dir = parent
	}
}

// editorLink is the link that opens a line in the developer's editor, made of
// BENNU_EDITOR (or PLUG_EDITOR, as Phoenix has it), such as
// vscode://file/__FILE__:__LINE__; "" when none is set.
func editorLink(file string, line int) template.URL {
	link := os.Getenv("BENNU_EDITOR")
	if link == "" {
		link = os.Getenv("PLUG_EDITOR")
	}
	scheme, _, ok := strings.Cut(link, ":")
	switch strings.ToLower(strings.TrimSpace(scheme)) {
	case "", "javascript", "data", "vbscript":
		return ""
	}
	if !ok || !strings.Contains(link, "__FILE__") {
		return ""
	}
	relative := file
	if dir, err := os.Getwd(); err == nil {
		if rel, err := filepath.Rel(dir, file); err == nil {
			relative = rel
		}
	}
	escape := func(path string) string { return (&url.URL{Path: filepath.ToSlash(path)}).EscapedPath() }
	return template.URL(strings.NewReplacer(
		"__RELATIVEFILE__", escape(relative), "__FILE__", escape(file), "__LINE__", strconv.Itoa(line),
	).Replace(link))
}
