package bennu

import (
	"math/rand/v2"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"bennu/live"
)

// bruteMatch is whether a pattern, of literal segments, {x}, {y...} and {$},
// matches a path, with the values of its names; both begin with a slash.
func bruteMatch(pattern, path string) (string, bool) {
	ps, ss := strings.Split(pattern[1:], "/"), strings.Split(path[1:], "/")
	values := ""
	for i, p := range ps {
		switch {
		case p == "{$}":
			return values, i == len(ss)-1 && ss[i] == ""
		case strings.HasSuffix(p, "...}"):
			if i >= len(ss) {
				return "", false
			}
			return values + "y=" + unescape(strings.Join(ss[i:], "/")) + ";", true
		case i >= len(ss):
			return "", false
		case strings.HasPrefix(p, "{"):
			if ss[i] == "" {
				return "", false
			}
			values += p[1:len(p)-1] + "=" + unescape(ss[i]) + ";"
		case unescape(ss[i]) != p:
			return "", false
		}
	}
	return values, len(ps) == len(ss)
}

func unescape(s string) string {
	u, err := url.PathUnescape(s)
	if err != nil {
		panic(err)
	}
	return u
}

// bruteBest is the narrowest of the routes that match, with its values.
func bruteBest(patterns map[string]string, path string) (best, bestValues string) {
	for route, pattern := range patterns {
		values, ok := bruteMatch(pattern, path)
		if ok && (best == "" || narrower(pattern, patterns[best])) {
			best, bestValues = route, values
		}
	}
	return best, bestValues
}

// universe are all short paths of three letters.
var universe = func() []string {
	paths := []string{""}
	for start := 0; len(paths) < 120; {
		end := len(paths)
		for _, p := range paths[start:end] {
			for _, s := range []string{"a", "b", "c"} {
				paths = append(paths, p+"/"+s)
			}
		}
		start = end
	}
	for _, p := range paths {
		paths = append(paths, p+"/")
	}
	return paths[1:]
}()

// narrower reports that p matches a true part of what q matches.
func narrower(p, q string) bool {
	less := false
	for _, path := range universe {
		_, inP := bruteMatch(p, path)
		_, inQ := bruteMatch(q, path)
		if inP && !inQ {
			return false
		}
		less = less || inQ && !inP
	}
	return less
}

// randomRoute is the path of a route, and its pattern as bruteMatch reads it.
func randomRoute(pick func(n int) int) (path, pattern string) {
	names := []string{"{w}", "{x}", "{z}"}
	for i := range 1 + pick(3) {
		if pick(2) == 0 {
			path += "/" + string(rune('a'+pick(3)))
			continue
		}
		path += "/" + names[i]
	}
	switch pick(6) {
	case 0:
		return path + "/{y...}", path + "/{y...}"
	case 1:
		return path + "/", path + "/{$}"
	}
	return path, path
}

func randomPath(pick func(n int) int) string {
	path := ""
	segments := []string{"a", "b", "c", "d", "%61", "b%2Fc", "%25"}
	for range 1 + pick(4) {
		path += "/" + segments[pick(len(segments))]
	}
	if pick(4) == 0 {
		path += "/"
	}
	return path
}

// checkTable registers random live routes, leaves out those that conflict, and
// compares a page's request, its join and the brute force for random paths.
func checkTable(t *testing.T, pick func(n int) int) {
	t.Helper()
	app := newTestApp(t, Options{})
	patterns := map[string]string{} // route -> pattern
	for range 1 + pick(6) {
		path, pattern := randomRoute(pick)
		if panicText(func() { app.Live(path, func() live.View { return new(pathView) }) }) == "" {
			patterns[path] = pattern
		}
	}
	for range 20 {
		path := randomPath(pick)
		best, bestValues := bruteBest(patterns, path)
		if best == "" || strings.HasSuffix(best, "...}") && !strings.HasSuffix(path, "/") {
			// A path that would match exactly with a slash is sent there.
			slashed, values := bruteBest(patterns, path+"/")
			if strings.HasSuffix(slashed, "/") || strings.HasSuffix(slashed, "...}") && strings.HasSuffix(values, "y=;") {
				best, bestValues = "", ""
			}
		}
		u, err := url.Parse("http://shop.test" + path)
		if err != nil {
			t.Fatal(err)
		}
		rt, list, ok := app.matchLive(u)
		got, gotValues := "", ""
		if ok {
			got = rt.pattern
		}
		for _, v := range list {
			gotValues += v.Name + "=" + v.Value + ";"
		}
		if got != best || gotValues != bestValues {
			t.Fatalf("of %v, %s matches %q with %q, want %q with %q", patterns, path, got, gotValues, best, bestValues)
		}
		rec := ask(app, http.MethodGet, path)
		switch {
		case best == "" && rec.Code == http.StatusTemporaryRedirect && rec.Header().Get("Location") != "": // to the path with a slash
		case best == "" && rec.Code != http.StatusNotFound, best != "" && rec.Code != http.StatusOK:
			t.Fatalf("of %v, GET %s has status %d, but its join matches %q", patterns, path, rec.Code, best)
		case best != "" && !strings.Contains(rec.Body.String(), ">"+bestValues+"<"):
			t.Fatalf("of %v, GET %s says %q, want the values %q", patterns, path, rec.Body, bestValues)
		}
	}
}

func TestRoutesAgainstBruteForce(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	for range 60 {
		checkTable(t, r.IntN)
	}
}

func FuzzRoutes(f *testing.F) {
	f.Add([]byte("a table and some paths"))
	f.Add([]byte{1, 0, 2, 0, 3, 1, 1, 1, 1, 0, 0, 0, 0})
	f.Fuzz(func(t *testing.T, data []byte) {
		checkTable(t, func(n int) int {
			if len(data) == 0 {
				return 0
			}
			b := data[0]
			data = data[1:]
			return int(b) % n
		})
	})
}

// FuzzMatchLive gives addresses from outside to a table.
func FuzzMatchLive(f *testing.F) {
	for _, s := range []string{
		"http://shop.test/count/blue", "/count/%2e%2e/", "//", "http://[::1", "*", "", "http://admin.shop.test/panel?%zz",
		"http://shop.test/count/%00", "http://shop.test/../count/x", "count/x", "http:opaque", "http://shop.test:x/count/a",
	} {
		f.Add(s)
	}
	app := siteApp(f, Options{})
	f.Fuzz(func(t *testing.T, address string) {
		u, err := url.Parse(address)
		if err != nil {
			return
		}
		rt, values, ok := app.matchLive(u)
		if !ok {
			return
		}
		if got := len(wildcards(rt.pattern)); got != len(values) {
			t.Errorf("matchLive(%q) gives %d values for %q", address, len(values), rt.pattern)
		}
	})
}
