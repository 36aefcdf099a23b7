package e2e

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"

	"bennu"
)

// note is what the App of these tests reads from bodies.
type note struct {
	Note struct {
		Title string
		Tags  []string
		Year  int
	}
}

func noting(t *testing.T) *app {
	t.Helper()
	a := newApp(t)
	a.Post("/notes", func(w http.ResponseWriter, r *http.Request) error {
		var in note
		if err := bennu.Bind(r, &in); err != nil {
			return err
		}
		return bennu.JSON(w, http.StatusCreated, in)
	})
	a.Delete("/notes/{id}", func(w http.ResponseWriter, r *http.Request) error {
		_, err := io.WriteString(w, "deleted "+r.PathValue("id"))
		return err
	})
	return a
}

func TestWEB03BodiesOverHTTP(t *testing.T) {
	t.Parallel()
	a := noting(t)
	v := get(t, a.url+"/page")
	var files bytes.Buffer
	m := multipart.NewWriter(&files)
	for name, value := range map[string]string{"note[title]": "Nile", "note[year]": "2026"} {
		if err := m.WriteField(name, value); err != nil {
			t.Fatal(err)
		}
	}
	for _, tag := range []string{"a", "b"} {
		if err := m.WriteField("note[tags][]", tag); err != nil {
			t.Fatal(err)
		}
	}
	if err := m.Close(); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name, contentType, body string
	}{
		{"nested form", "application/x-www-form-urlencoded", "note[title]=Nile&note[tags][]=a&note[tags][]=b&note[year]=2026"},
		{"multipart", m.FormDataContentType(), files.String()},
		{"JSON", "application/json", `{"note":{"title":"Nile","tags":["a","b"],"year":2026}}`},
	} {
		resp, body := v.post(a.url+"/notes", tt.body, "Content-Type", tt.contentType)
		var out note
		if err := json.Unmarshal([]byte(body), &out); err != nil || resp.StatusCode != 201 || fmt.Sprint(out.Note) != "{Nile [a b] 2026}" {
			t.Errorf("%s: %s, the handler got %s (%v)", tt.name, resp.Status, body, err)
		}
	}
}

// post sends a body from the page, with its token. It is a form unless a header,
// given as name and value, says otherwise.
func (v *visit) post(address, body string, headers ...string) (*http.Response, string) {
	v.t.Helper()
	req, err := http.NewRequest(http.MethodPost, address, strings.NewReader(body))
	if err != nil {
		v.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("X-CSRF-Token", v.csrf)
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	resp, err := v.client.Do(req)
	if err != nil {
		v.t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		v.t.Fatal(err)
	}
	return resp, string(b)
}

func TestFault33WEB04MethodOverride(t *testing.T) {
	t.Parallel()
	a := noting(t)
	v := get(t, a.url+"/page")
	resp, body := v.post(a.url+"/notes/7", "_method=DELETE")
	if body != "deleted 7" {
		t.Errorf("a form with _method=DELETE: %s %s", resp.Status, body)
	}
}
