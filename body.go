package bennu

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"mime"
	"net/http"
	"net/url"
	"strings"

	"bennu/form"
)

const (
	maxBody      = 1 << 20 // of a form or a JSON text
	maxMultipart = 8 << 20 // of a form with files
	// maxInMemory is how much of a form's files is not put into temporary files.
	maxInMemory = 1 << 20
)

// Bind reads what the client sent into dst, a pointer: the body of a form by
// package form, that of a JSON request by encoding/json, and for GET and HEAD
// the query of the address. It reads the body of a DELETE too, which
// r.FormValue does not. All of it comes from outside and can be anything
// that the type allows; give dst only the fields that the client may set.
//
// Files of a multipart form are then in r.MultipartForm until the request ends.
//
// What the client did wrong is an error with a status: 413 for a body of more
// than 1 MiB, with files 8 MiB; 415 for another type of content; 400 for what
// can not be read or does not fit, with [form.Errors] in its chain where single
// fields are at fault. dst is then filled as far as possible.
func Bind(r *http.Request, dst any) error { return BindLimit(r, dst, 0) }

// BindLimit is [Bind] for bodies of up to limit bytes, 0 for Bind's own limits.
func BindLimit(r *http.Request, dst any, limit int64) error {
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		values, err := url.ParseQuery(r.URL.RawQuery)
		if err != nil {
			return badRequest("query", err)
		}
		return bindValues("query", values, dst)
	}
	contentType := r.Header.Get("Content-Type")
	mediaType, _, err := mime.ParseMediaType(contentType)
	switch {
	case err != nil:
	case mediaType == "application/x-www-form-urlencoded":
		return bindForm(r, dst, limit)
	case mediaType == "multipart/form-data":
		return bindMultipart(r, dst, limit)
	case mediaType == "application/json", strings.HasPrefix(mediaType, "application/") && strings.HasSuffix(mediaType, "+json"):
		return bindJSON(r, dst, limit)
	}
	return Status(http.StatusUnsupportedMediaType, fmt.Errorf(
		"bennu: body of type %.100q, want application/x-www-form-urlencoded, multipart/form-data or application/json", contentType))
}

// limited is the body up to a limit, with an error beyond it.
func limited(r *http.Request, limit, standard int64) io.ReadCloser {
	if limit <= 0 {
		limit = standard
	}
	if r.Body == nil {
		return http.NoBody
	}
	return http.MaxBytesReader(nil, r.Body, limit)
}

func bindForm(r *http.Request, dst any, limit int64) error {
	if r.PostForm == nil { // else a middleware has parsed it
		body, err := io.ReadAll(limited(r, limit, maxBody))
		if err != nil {
			return badRequest("form", err)
		}
		values, err := url.ParseQuery(string(body))
		if err != nil {
			return badRequest("form", err)
		}
		r.PostForm = values
	}
	return bindValues("form", r.PostForm, dst)
}

func bindMultipart(r *http.Request, dst any, limit int64) error {
	if r.MultipartForm == nil {
		r.Body = limited(r, limit, maxMultipart)
		err := r.ParseMultipartForm(maxInMemory)
		if files := r.MultipartForm; files != nil && len(files.File) > 0 {
			// The server removes the files of its own request, and this one may
			// be a copy made by a middleware. Its context ends with the handler.
			ctx := r.Context()
			context.AfterFunc(ctx, func() {
				if err := files.RemoveAll(); err != nil {
					slog.WarnContext(ctx, "temporary files of a form not removed", slog.Any("err", err))
				}
			})
		}
		if err != nil {
			return badRequest("form", err)
		}
	}
	return bindValues("form", r.MultipartForm.Value, dst)
}

func bindJSON(r *http.Request, dst any, limit int64) error {
	d := json.NewDecoder(limited(r, limit, maxBody))
	err := d.Decode(dst)
	if err == nil {
		if _, err = d.Token(); err == nil {
			err = errors.New("more than one JSON value")
		} else if errors.Is(err, io.EOF) {
			return nil
		}
	}
	var wrong *json.InvalidUnmarshalError
	if errors.As(err, &wrong) {
		return fmt.Errorf("bennu: bind: %w", err) // the program's fault
	}
	if errors.Is(err, io.EOF) {
		err = errors.New("it is empty")
	}
	return badRequest("JSON", err)
}

func bindValues(what string, values url.Values, dst any) error {
	err := form.DecodeValues(values, dst)
	var fields form.Errors
	switch {
	case err == nil:
		return nil
	case errors.As(err, &fields), errors.Is(err, form.ErrSyntax), errors.Is(err, form.ErrLimit):
		return badRequest(what, err)
	}
	return fmt.Errorf("bennu: bind: %w", err) // the program's fault: dst is no pointer, say
}

// badRequest is what the client did wrong, with its status.
func badRequest(what string, err error) error {
	status := http.StatusBadRequest
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		status = http.StatusRequestEntityTooLarge
		err = fmt.Errorf("more than %d bytes: %w", large.Limit, err)
	case errors.Is(err, form.ErrLimit):
		status = http.StatusRequestEntityTooLarge
	}
	return Status(status, fmt.Errorf("bennu: %s can not be read: %w", what, err))
}
