package livetest

import (
	"fmt"
	"os"
)

// SavePage writes the page as it is now to a file, whose name it logs and
// returns, to be looked at in a browser. Scripts are taken out, so that it stays
// as it is.
func (v *View) SavePage() string {
	v.t.Helper()
	v.look()
	name, err := v.savePage()
	if err != nil {
		v.t.Fatalf("livetest: SavePage: %v", err)
	}
	v.t.Logf("livetest: the page is in %s", name)
	return name
}

func (v *View) savePage() (string, error) {
	page, err := v.doc.tree.Find("html")
	if err != nil {
		return "", err
	}
	still, err := page.Fragment(page.Inner())
	if err != nil {
		return "", err
	}
	scripts, err := still.All("script")
	if err != nil {
		return "", err
	}
	for _, s := range scripts {
		s.Remove()
	}
	f, err := os.CreateTemp("", "livetest-*.html")
	if err != nil {
		return "", err
	}
	if _, err := fmt.Fprintf(f, "<!DOCTYPE html>\n%s", still.Outer()); err != nil {
		return "", err
	}
	return f.Name(), f.Close()
}
