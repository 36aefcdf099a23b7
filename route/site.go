package route

import (
	"maps"
	"strings"
	"sync/atomic"
)

// Site is what helpers ask an app; *bennu.App is one.
type Site interface {
	// Path is the path with the prefix below which the app is mounted.
	Path(path string) string
	// Asset is the path of a built file, with the hash in its name.
	Asset(name string) string
}

// Mounted is where an app is. The zero value is at the root of a host, with
// assets that have no hashes in their names. It is safe for all goroutines.
type Mounted struct{ site atomic.Pointer[Site] }

// Set says where the app is, for all paths from then on. Call it where the App
// is made. In one process there is one place: of two Apps of the same program
// that are mounted at different prefixes, the later one's is right.
func (m *Mounted) Set(site Site) { m.site.Store(&site) }

// Path is a path of the app with its prefix and a query. Of several queries the
// later ones add to, and replace, what the earlier ones say.
func (m *Mounted) Path(path string, query []Query) string {
	if site := m.site.Load(); site != nil {
		path = (*site).Path(path)
	}
	if q := join(query).String(); q != "" {
		return path + "?" + q
	}
	return path
}

func join(queries []Query) Query {
	switch len(queries) {
	case 0:
		return nil
	case 1:
		return queries[0]
	}
	all := make(Query)
	for _, q := range queries {
		maps.Copy(all, q)
	}
	return all
}

// Asset is the path of a file that `bennu assets build` has made, by the name
// that it had before it got a hash.
func (m *Mounted) Asset(name string) string {
	if site := m.site.Load(); site != nil {
		return (*site).Asset(name)
	}
	return "/assets/" + strings.TrimPrefix(name, "/")
}
