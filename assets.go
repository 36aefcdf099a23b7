package bennu

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"net/url"
	"strings"
)

// manifestName is the file in which `bennu assets build` says what it has made:
// {"app.js": "app-1A2B3C4D.js"}.
const manifestName = "manifest.json"

// assets serves the files that `bennu assets build` has made of the app's own
// scripts and styles. A nil assets has none.
type assets struct {
	fsys   fs.FS
	prefix string // of their URLs, ends with "/"
	dev    *fileServer

	// In production all is known at start, and nothing else is served.
	paths map[string]string // name before the build -> URL
	files map[string]served // name in the URL -> file
}

// served is a file and how long it may be kept.
type served struct {
	*file
	cache string
}

// newAssets reads the manifest. In development files come and change while the
// program runs, and the manifest is read at each use.
func newAssets(fsys fs.FS, prefix string, dev bool) (*assets, error) {
	if fsys == nil {
		return nil, nil
	}
	a := &assets{fsys: fsys, prefix: prefix + "/assets/"}
	if dev {
		a.dev = newFileServer(fsys)
		return a, nil
	}
	manifest, err := readManifest(fsys)
	if err != nil {
		return nil, err
	}
	if len(manifest) == 0 {
		return nil, fmt.Errorf("%s is missing or empty: the scripts and styles are not built; `bennu build` builds them with the program, and for a go build by hand, first run `bennu assets build DIR`, DIR being the directory with their package.json", manifestName)
	}
	a.paths = make(map[string]string, len(manifest))
	a.files = make(map[string]served, 2*len(manifest))
	for name, hashed := range manifest {
		if !servable(name) || !servable(hashed) {
			return nil, fmt.Errorf("%s: %q: %q are no names of files", manifestName, name, hashed)
		}
		f, err := describe(fsys, hashed)
		if err != nil {
			return nil, fmt.Errorf("%s names %q, which is not there; run `bennu assets build` again", manifestName, hashed)
		}
		a.paths[name] = a.prefix + hashed
		if _, ok := a.files[name]; !ok {
			a.files[name] = served{f, cacheRevalidate}
		}
		if name != hashed {
			a.files[hashed] = served{f, cacheForever}
		}
	}
	return a, nil
}

// readManifest is the manifest, empty when there is none.
func readManifest(fsys fs.FS) (map[string]string, error) {
	text, err := fs.ReadFile(fsys, manifestName)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", manifestName, err)
	}
	var manifest map[string]string
	if err := json.Unmarshal(text, &manifest); err != nil {
		return nil, fmt.Errorf("%s: want an object of names, as `bennu assets build` writes it: %w", manifestName, err)
	}
	return manifest, nil
}

// serve answers with a built file.
func (a *assets) serve(w http.ResponseWriter, r *http.Request, name string) error {
	if a.dev != nil {
		return a.serveDev(w, r, name)
	}
	f, ok := a.files[name]
	if !ok {
		return NotFound
	}
	return f.serve(w, r, a.fsys, f.cache)
}

// serveDev serves what is there now, by the name before or after the build.
func (a *assets) serveDev(w http.ResponseWriter, r *http.Request, name string) error {
	if built, ok := a.built(name); ok {
		name = built
	}
	f, err := a.dev.file(name)
	if err != nil {
		return err
	}
	return f.serve(w, r, a.fsys, "no-store")
}

// built is the name after the build, in development.
func (a *assets) built(name string) (string, bool) {
	manifest, err := readManifest(a.fsys)
	if err != nil {
		return "", false // half written; the next request finds it whole
	}
	built, ok := manifest[name]
	return built, ok
}

// path is the URL of a built file, by its name before the build. What the build
// does not know stands below the same prefix, so that its 404 shows which name
// is wrong.
func (a *assets) path(name string) string {
	name = strings.TrimPrefix(name, "/")
	if a.dev != nil {
		if built, ok := a.built(name); ok {
			name = built
		}
		return a.prefix + name
	}
	if p, ok := a.paths[name]; ok {
		return p
	}
	return a.prefix + name
}

// has reports whether the build has made a file of this name.
func (a *assets) has(name string) bool {
	if a == nil {
		return false
	}
	if a.dev != nil {
		_, ok := a.built(name)
		return ok
	}
	_, ok := a.paths[name]
	return ok
}

// outdated reports that a page, by the addresses of the scripts and styles that
// it tracks, has assets of another build than this one. Assets that are not
// ours to serve are never outdated.
func (a *assets) outdated(tracked []string) bool {
	if a == nil || a.dev != nil {
		return false
	}
	for _, address := range tracked {
		u, err := url.Parse(address)
		if err != nil {
			continue
		}
		if name, ours := strings.CutPrefix(u.Path, a.prefix); ours {
			if _, current := a.files[name]; !current {
				return true
			}
		}
	}
	return false
}

// Asset is the path of a built file, by the name that it had before the build
// gave it a hash.
func (a *App) Asset(name string) string {
	if a.assets == nil {
		return a.opts.Prefix + "/assets/" + strings.TrimPrefix(name, "/")
	}
	return a.assets.path(name)
}
