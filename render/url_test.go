package render

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"

	"bennu/internal/htmlattr"
	"github.com/a-h/templ"
)

const noAddress = string(templ.FailedSanitizationURL)

// addresses are what stands in links, and whether it stays.
var addresses = map[string]bool{
	"": true, "/": true, "/a?b=c:d#e": true, "a/b:c": true, "?q=javascript": true, "#top": true, "//cdn.test/a": true,
	"https://shop.test/": true, "HTTP://shop.test": true, "mailto:anna@shop.test": true, "tel:+49": true,
	"javascript:alert(1)": false, " javascript:alert(1)": false, "JaVaScRiPt:alert(1)": false, " JaVaScRiPt:": false,
	"java\tscript:alert(1)": false, "java\nscript:alert(1)": false, "\x01javascript:alert(1)": false, "javascript\t:alert(1)": false,
	"javascript&colon;alert(1)": true, // text: it is escaped once more
	"data:text/html,<script>":   false, "vbscript:x": false, "feed:javascript:x": false, "blob:x": false, "view-source:x": false, "x:y": false,
}

func TestFault35AddressesThatRunCode(t *testing.T) {
	t.Parallel()
	type site string
	for address, stays := range addresses {
		want := address
		if !stays {
			want = noAddress
		}
		want = templ.EscapeString(want)
		for kind, view := range map[string]Func{
			"URL":                urlNode(address),
			"URL of a type":      urlNode(site(address)),
			"Sources":            node(oneSlot, func(w *Writer, slot int) { Sources(w, slot, address) }),
			"Link":               node(oneSlot, func(w *Writer, slot int) { Link(w, slot, address) }),
			"Link of a type":     node(oneSlot, func(w *Writer, slot int) { Link(w, slot, site(address)) }),
			"Link of a Stringer": node(oneSlot, func(w *Writer, slot int) { Link(w, slot, spoken(address)) }),
			"Media":              node(oneSlot, func(w *Writer, slot int) { Media(w, slot, address) }),
		} {
			testShown(t, view, want, kind+address)
		}
		for _, key := range []string{"href", "src", "action", "formaction", "xlink:href", "HREF"} {
			for _, value := range []any{address, &address, templ.KV(address, true)} {
				shown := ` ` + key + `="` + want + `"`
				testShown(t, spreadNode(templ.Attributes{key: value}), shown, key+address)
			}
		}
		testShown(t, spreadNode(templ.Attributes{"title": address}), ` title="`+templ.EscapeString(address)+`"`, address)
	}
}

func TestAddressesOfOnesOwn(t *testing.T) {
	t.Parallel()
	own := templ.SafeURL("javascript:own()")
	for _, view := range []Func{
		urlNode(own),
		node(oneSlot, func(w *Writer, slot int) { Link(w, slot, own) }),
		node(oneSlot, func(w *Writer, slot int) { Media(w, slot, own) }),
	} {
		testShown(t, view, string(own), nil)
	}
	testShown(t, spreadNode(templ.Attributes{"href": own}), ` href="javascript:own()"`, nil)
	testShown(t, node(oneSlot, func(w *Writer, slot int) { Link(w, slot, 7) }), "7", nil)
	for address, stays := range map[string]bool{
		"data:image/png;base64,AA": true, "DATA:IMAGE/gif,x": true, "data:audio/ogg,x": true, "data:video/mp4,x": true,
		"data:text/html,x": false, "data:image": false, "data:application/javascript,x": false, " data:image/png,x": false,
	} {
		want := noAddress
		if stays {
			want = address
		}
		testShown(t, node(oneSlot, func(w *Writer, slot int) { Media(w, slot, address) }), want, address)
		testShown(t, spreadNode(templ.Attributes{"src": address}), ` src="`+want+`"`, address)
		testShown(t, node(oneSlot, func(w *Writer, slot int) { Link(w, slot, address) }), noAddress, address)
	}
}

// The client finds the id of a template's root by ` id=`.
func TestIDsOfSetsAreFound(t *testing.T) {
	t.Parallel()
	set := templ.Attributes{"ID": "a", "data-x": "1"}
	testShown(t, spreadNode(set), ` id="a" data-x="1"`, nil)
	if _, kept := set["ID"]; !kept || len(set) != 2 {
		t.Errorf("the caller's set has become %v", set)
	}
	ordered := templ.OrderedAttributes{{Key: "b", Value: "1"}, {Key: "Id", Value: "a"}}
	testShown(t, spreadNode(ordered), ` b="1" id="a"`, nil)
	if ordered[1].Key != "Id" {
		t.Errorf("the caller's set has become %v", ordered)
	}
}

type spoken string

func (s spoken) String() string { return string(s) }

// Not parallel: the default log is one.
func TestFault35ReplacedAddressesAreLogged(t *testing.T) {
	former := slog.Default()
	defer slog.SetDefault(former)
	var log bytes.Buffer
	slog.SetDefault(slog.New(slog.NewTextHandler(&log, nil)))
	refused.next.Store(0)
	defer refused.next.Store(0)
	for range 100 {
		htmlOf(t, urlNode("javascript:alert('hunter2')"))
	}
	if n := strings.Count(log.String(), "level=WARN"); n < 1 || n > 50 || !strings.Contains(log.String(), "javascript") || strings.Contains(log.String(), "hunter2") {
		t.Errorf("%d lines for 100 addresses, want one a second, with the scheme alone:\n%s", n, &log)
	}
}

// browserScheme is the scheme as browsers read it (WHATWG URL, section 4.4),
// "" for a relative address.
func browserScheme(address string) string {
	address = strings.TrimLeftFunc(address, func(r rune) bool { return r <= ' ' })
	address = strings.NewReplacer("\t", "", "\n", "", "\r", "").Replace(address)
	for i, c := range []byte(strings.ToLower(address)) {
		switch {
		case 'a' <= c && c <= 'z':
		case i > 0 && ('0' <= c && c <= '9' || strings.IndexByte("+-.", c) >= 0):
		case i > 0 && c == ':':
			return strings.ToLower(address[:i])
		default:
			return ""
		}
	}
	return ""
}

func FuzzAddresses(f *testing.F) {
	for address := range addresses {
		f.Add(address)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, kind := range []htmlattr.Kind{htmlattr.Address, htmlattr.Media, htmlattr.Addresses, htmlattr.Sources} {
			w := newWriter(t.Context())
			got := address(w, kind, text)
			if got != text && got != noAddress {
				t.Fatalf("%q becomes %q", text, got)
			}
			for _, url := range urlsOf(kind, got) {
				switch scheme := browserScheme(url); scheme {
				case "", "http", "https", "mailto", "tel", "ftp", "ftps":
				case "about":
					if url != noAddress {
						t.Fatalf("%q stays", text)
					}
				case "data":
					start, _, _ := strings.Cut(strings.ToLower(url), "/")
					if kind == htmlattr.Address || kind == htmlattr.Addresses || start != "data:image" && start != "data:audio" && start != "data:video" {
						t.Fatalf("%q stays", text)
					}
				default:
					t.Fatalf("%q stays, which is %s:", text, scheme)
				}
			}
		}
	})
}

// urlsOf splits a value as browsers do: a source goes to the next space, and
// commas at its end belong to the list (HTML, 4.8.4.2.2).
func urlsOf(kind htmlattr.Kind, value string) []string {
	switch kind {
	case htmlattr.Addresses:
		return strings.Fields(value)
	case htmlattr.Sources:
		var urls []string
		for {
			value = strings.TrimLeft(value, " \t\n\f\r,")
			if value == "" {
				return urls
			}
			end := strings.IndexAny(value+" ", " \t\n\f\r")
			url := value[:end]
			value = value[end:]
			if trimmed := strings.TrimRight(url, ","); trimmed == url {
				_, value, _ = strings.Cut(value, ",")
			} else {
				url = trimmed
			}
			urls = append(urls, url)
		}
	}
	return []string{value}
}
