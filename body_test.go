package bennu

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"testing/synctest"

	"bennu/form"
)

type order struct {
	Name   string `json:"name"`
	Number int    `json:"number"`
	Items  []struct {
		Count int `json:"count"`
	} `json:"items"`
}

const (
	formType = "application/x-www-form-urlencoded"
	jsonType = "application/json"
)

func post(method, contentType, body string) *http.Request {
	r := httptest.NewRequest(method, "/", strings.NewReader(body))
	if contentType != "" {
		r.Header.Set("Content-Type", contentType)
	}
	return r
}

// multipartForm is a body of fields and one file of some length, and its type.
func multipartForm(t testing.TB, fields map[string]string, fileLen int) (contentType, body string) {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for name, value := range fields {
		if err := w.WriteField(name, value); err != nil {
			t.Fatal(err)
		}
	}
	f, err := w.CreateFormFile("photo", "photo.png")
	if err == nil {
		_, err = f.Write(make([]byte, fileLen))
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return w.FormDataContentType(), b.String()
}

func TestBind(t *testing.T) {
	t.Parallel()
	partsType, parts := multipartForm(t, map[string]string{"name": "anna", "number": "2", "items[0][count]": "3"}, 10)
	for _, tt := range []struct {
		what string
		r    *http.Request
	}{
		{"a form", post("POST", formType, "name=anna&number=2&items[0][count]=3&_csrf_token=x&unknown=y")},
		{"a form with charset", post("PUT", formType+"; charset=UTF-8", "name=anna&number=2&items[0][count]=3")},
		{"the form of a DELETE", post("DELETE", formType, "name=anna&number=2&items[0][count]=3")},
		{"a multipart form", post("POST", partsType, parts)},
		{"JSON", post("POST", jsonType, `{"name":"anna","number":2,"items":[{"count":3}],"unknown":1}`)},
		{"JSON of a kind", post("PATCH", "application/vnd.api+json; charset=utf-8", ` {"name":"anna","number":2,"items":[{"count":3}]} `)},
		{"a query", httptest.NewRequest("GET", "/?name=anna&number=2&items[0][count]=3", nil)},
	} {
		for range 2 { // a second time finds the form that the first has read
			var got order
			if err := Bind(tt.r, &got); err != nil {
				t.Errorf("%s: Bind = %v", tt.what, err)
			} else if fmt.Sprint(got) != "{anna 2 [{3}]}" {
				t.Errorf("%s: Bind reads %v", tt.what, got)
			}
			if strings.Contains(tt.what, "JSON") {
				break
			}
		}
	}
}

func TestBindRefusals(t *testing.T) {
	t.Parallel()
	partsType, parts := multipartForm(t, map[string]string{"name": "anna"}, 10)
	largeType, large := multipartForm(t, nil, maxMultipart)
	for _, tt := range []struct {
		what string
		r    *http.Request
		code int
		want string
	}{
		{"a form too large", post("POST", formType, "name="+strings.Repeat("x", maxBody)), 413, "more than 1048576 bytes"},
		{"JSON too large", post("POST", jsonType, `{"name":"`+strings.Repeat("x", maxBody)+`"}`), 413, "more than 1048576 bytes"},
		{"spaces after JSON too large", post("POST", jsonType, `{"name":"a"}`+strings.Repeat(" ", maxBody)), 413, "more than"},
		{"files too large", post("POST", largeType, large), 413, "more than 8388608 bytes"},
		{"too many fields", post("POST", formType, strings.Repeat("a=b&", 5000)), 413, "limits"},
		{"bad escape", post("POST", formType, "name=%zz"), 400, "form"},
		{"bad query", httptest.NewRequest("GET", "/?name=%zz", nil), 400, "query"},
		{"a field that does not fit", post("POST", formType, "number=many"), 400, "number"},
		{"bad JSON", post("POST", jsonType, `{"name":`), 400, "JSON"},
		{"two JSON values", post("POST", jsonType, `{"name":"a"} {"name":"b"}`), 400, "more than one"},
		{"JSON and rubbish", post("POST", jsonType, `{"name":"a"} x`), 400, "JSON"},
		{"no JSON", post("POST", jsonType, ""), 400, "empty"},
		{"JSON that does not fit", post("POST", jsonType, `{"number":"many"}`), 400, "number"},
		{"no boundary", post("POST", "multipart/form-data", parts), 400, "boundary"},
		{"cut multipart", post("POST", partsType, parts[:len(parts)-30]), 400, "form"},
		{"another type", post("POST", "text/csv", "a,b"), 415, `"text/csv"`},
		{"no type", post("POST", "", "name=anna"), 415, "want application/x-www-form-urlencoded"},
		{"no type that can be read", post("POST", "/;;", "name=anna"), 415, "want"},
	} {
		err := Bind(tt.r, new(order))
		if err == nil || statusOf(err) != tt.code || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: Bind = %v (%d), want %d with %q", tt.what, err, statusOf(err), tt.code, tt.want)
		}
	}
	var fields form.Errors
	if err := Bind(post("POST", formType, "number=many&name=anna"), new(order)); !errors.As(err, &fields) {
		t.Errorf("Bind = %v, want form.Errors in its chain", err)
	} else if _, ok := fields.Get("number"); !ok {
		t.Errorf("field errors = %v, want one of number", fields)
	}
}

func TestBindOfTheProgramsOwnFaults(t *testing.T) {
	t.Parallel()
	for _, r := range []*http.Request{post("POST", formType, "a=b"), post("POST", jsonType, "{}")} {
		if err := Bind(r, order{}); err == nil || statusOf(err) != 500 {
			t.Errorf("Bind into no pointer = %v (%d), want 500", err, statusOf(err))
		}
	}
}

func TestBindLimit(t *testing.T) {
	t.Parallel()
	body := "name=" + strings.Repeat("x", maxBody)
	var got order
	if err := BindLimit(post("POST", formType, body), &got, 2*maxBody); err != nil || len(got.Name) != maxBody {
		t.Errorf("BindLimit(2 MiB) = %v, %d bytes", err, len(got.Name))
	}
	if err := BindLimit(post("POST", formType, "name=anna"), &got, 4); statusOf(err) != 413 {
		t.Errorf("BindLimit(4 bytes) = %v", err)
	}
}

// The files of a form go with its request, whatever copies of it were made.
func TestBindRemovesTemporaryFiles(t *testing.T) {
	t.Parallel()
	contentType, body := multipartForm(t, map[string]string{"name": "anna"}, 3*maxInMemory)
	synctest.Test(t, func(t *testing.T) {
		ctx, end := context.WithCancel(t.Context())
		r := post("POST", contentType, body).WithContext(ctx)
		var got order
		if err := Bind(r, &got); err != nil || got.Name != "anna" {
			t.Fatalf("Bind = %v, %v", got, err)
		}
		f, err := r.MultipartForm.File["photo"][0].Open()
		if err != nil {
			t.Fatal(err)
		}
		file, ok := f.(*os.File)
		if !ok {
			t.Fatalf("a file of 3 MiB is a %T, want it on disk", f)
		}
		if n, err := io.Copy(io.Discard, f); n != 3*maxInMemory || err != nil {
			t.Errorf("the file has %d bytes, %v", n, err)
		}
		if err := f.Close(); err != nil {
			t.Error(err)
		}
		end()
		synctest.Wait()
		if _, err := os.Stat(file.Name()); !os.IsNotExist(err) {
			t.Errorf("after the request Stat(%s) = %v, want it gone", file.Name(), err)
		}
	})
}

func FuzzBind(f *testing.F) {
	partsType, parts := multipartForm(f, map[string]string{"name": "anna"}, 3)
	f.Add("POST", formType, "name=anna&number=2&items[0][count]=3")
	f.Add("POST", partsType, parts)
	f.Add("PUT", jsonType, `{"name":"anna"}`)
	f.Add("GET", "", "")
	f.Fuzz(func(t *testing.T, method, contentType, body string) {
		r := &http.Request{Method: method, Header: http.Header{"Content-Type": {contentType}}, Body: io.NopCloser(strings.NewReader(body))}
		r.URL = httptest.NewRequest("GET", "/", nil).URL
		r.URL.RawQuery = body
		var got order
		if err := Bind(r.WithContext(t.Context()), &got); err != nil {
			if code := statusOf(err); code != 400 && code != 413 && code != 415 {
				t.Errorf("Bind = %v (%d)", err, code)
			}
		}
	})
}
