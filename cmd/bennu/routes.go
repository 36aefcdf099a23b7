package main

import (
	"cmp"
	"context"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"text/tabwriter"

	"bennu/cmd/bennu/internal/app"
)

const routesHelp = `Compiles the app, runs it until it would serve, and lists its routes in their
order: method, path, pipelines, the view or handler that answers, and the line
that registered it. What the app's main does before it serves, it does here too.

  --info [METHOD:]URL   only the route that answers this address, and what the
                        named parts of its path are: --info /users/7,
                        --info POST:/users, --info //admin.shop.test/users
  --dir PATH            the app's directory (default: the app that this one is in)
  --main PATH           the main package, when there are several below cmd/`

func runRoutes(ctx context.Context, args []string, stdout, _ io.Writer) error {
	flags := flag.NewFlagSet("routes", flag.ContinueOnError)
	dir := flags.String("dir", ".", "")
	main := flags.String("main", "", "")
	info := flags.String("info", "", "")
	if err := parse(flags, args); err != nil {
		return err
	}
	if flags.NArg() > 0 {
		return usagef("unexpected %q: an address is given as --info %[1]s, the app's directory as --dir", flags.Arg(0))
	}
	request, err := requestOf(*info)
	if err != nil {
		return err
	}
	a, err := app.Find(*dir, *main)
	if err != nil {
		return err
	}
	if err := a.CheckFramework(ctx); err != nil {
		return err
	}
	if _, err := a.Generate(ctx); err != nil {
		return fmt.Errorf("templates:\n%w", err)
	}
	routes, err := a.Routes(ctx)
	if err != nil {
		return err
	}
	if request == nil {
		return printRoutes(stdout, routes)
	}
	rt, values, ok := matchRoute(routes, request)
	if !ok {
		return fmt.Errorf("no route answers %s %s; `bennu routes` lists them all", request.Method, request.URL)
	}
	if err := printRoutes(stdout, []app.Route{rt}); err != nil {
		return err
	}
	for _, v := range values {
		fmt.Fprintf(stdout, "  %s = %q\n", v[0], v[1])
	}
	return nil
}

// requestOf is the request that --info asks about, nil for none.
func requestOf(info string) (*http.Request, error) {
	if info == "" {
		return nil, nil
	}
	method := http.MethodGet
	if m, rest, ok := strings.Cut(info, ":"); ok && m != "" && m == strings.ToUpper(m) && !strings.Contains(m, "/") {
		method, info = m, rest
	}
	u, err := url.Parse(info)
	if err != nil || !strings.HasPrefix(u.Path, "/") {
		return nil, usagef("--info %q: expected a path or a URL, as in --info /users/7", info)
	}
	return &http.Request{Method: method, URL: &url.URL{Path: u.Path, RawPath: u.RawPath}, Host: u.Host}, nil
}

// printRoutes writes the table.
func printRoutes(w io.Writer, routes []app.Route) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "METHOD\tPATH\tPIPELINES\tANSWERED BY\tREGISTERED AT")
	for _, rt := range routes {
		by := rt.Handler
		if rt.View != "" {
			by = "live " + rt.View
			if !strings.HasPrefix(rt.LiveSession, "default") {
				by += " (session " + rt.LiveSession + ")"
			}
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\n", cmp.Or(rt.Method, "any"), rt.Host+rt.Path,
			cmp.Or(strings.Join(rt.Pipelines, ", "), "-"), by, rt.Source)
	}
	return table.Flush()
}

var wildcard = regexp.MustCompile(`\{(\w+)(?:\.\.\.)?\}`)

// matchRoute finds the route that the app would find, by the same means, and
// the values of the named parts of its path.
func matchRoute(routes []app.Route, r *http.Request) (found app.Route, values [][2]string, ok bool) {
	var mux http.ServeMux
	for _, rt := range routes {
		mux.HandleFunc(rt.Pattern, func(_ http.ResponseWriter, r *http.Request) {
			found, ok = rt, true
			for _, name := range wildcard.FindAllStringSubmatch(rt.Path, -1) {
				values = append(values, [2]string{name[1], r.PathValue(name[1])})
			}
		})
	}
	mux.ServeHTTP(nowhere{}, r)
	return found, values, ok
}

// nowhere takes what ServeMux answers where no route matches.
type nowhere struct{}

func (nowhere) Header() http.Header         { return http.Header{} }
func (nowhere) Write(b []byte) (int, error) { return len(b), nil }
func (nowhere) WriteHeader(int)             {}
