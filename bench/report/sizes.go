package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"path"

	"github.com/andybalholm/brotli"

	"bennu/bench/internal/client"
)

// sizes prints what a browser loads for the production counter page, raw and
// with brotli. Files come compressed from the server. Where it sends plain text
// all the same, what brotli would make of it is worked out here.
func (b *bench) sizes(ctx context.Context, w io.Writer) error {
	b.progress("sizes of the page and its files")
	s, err := b.start(ctx, "showcase", b.showcase)
	if err != nil {
		return err
	}
	defer s.stop()
	site, err := client.New(s.url+"/counter", client.Options{})
	if err != nil {
		return err
	}
	loader := site.Loader()
	defer loader.Close()
	page, err := loader.Load()
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "\n%-28s %12s %12s\n", "Counter page, production", "raw bytes", "brotli")
	for _, address := range append([]string{page.URL}, page.Track...) {
		size, err := fetchSizes(ctx, address)
		if err != nil {
			return err
		}
		note := ""
		if !size.served {
			note = "  (sent as it is)"
		}
		fmt.Fprintf(w, "%-28s %12s %12s%s\n", name(address), number(float64(size.raw)), number(float64(size.brotli)), note)
	}
	return nil
}

// name is the last part of an address.
func name(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	return path.Base(u.Path)
}

// fileSize is the size of a file, and whether the server sends it compressed.
type fileSize struct {
	raw, brotli int
	served      bool
}

func fetchSizes(ctx context.Context, address string) (fileSize, error) {
	raw, _, err := fetch(ctx, address, "identity")
	if err != nil {
		return fileSize{}, err
	}
	packed, encoding, err := fetch(ctx, address, "br")
	if err != nil {
		return fileSize{}, err
	}
	if encoding == "br" {
		return fileSize{len(raw), len(packed), true}, nil
	}
	var b bytes.Buffer
	// Level 5 is what servers use for pages that they make on the fly.
	c := brotli.NewWriterLevel(&b, 5)
	if _, err := c.Write(raw); err != nil {
		return fileSize{}, err
	}
	if err := c.Close(); err != nil {
		return fileSize{}, err
	}
	return fileSize{len(raw), b.Len(), false}, nil
}

// fetch loads a file in an encoding that the server may ignore.
func fetch(ctx context.Context, address, accept string) (body []byte, encoding string, err error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, "", err
	}
	r.Header.Set("Accept-Encoding", accept) // set by hand, the answer is not unpacked
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		return nil, "", err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return nil, "", fmt.Errorf("GET %s: %s", address, resp.Status)
	}
	body, err = io.ReadAll(resp.Body)
	return body, resp.Header.Get("Content-Encoding"), err
}
