package bennu

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"path"
	"strconv"
	"strings"
	"sync"
	"time"
)

const (
	// cacheRevalidate lets browsers keep a file and makes them ask each time
	// whether it is still good.
	cacheRevalidate = "no-cache"
	// cacheForever is for files whose name changes with their content.
	cacheForever = "public, max-age=31536000, immutable"
	// maxRanges is how many parts of a file one request may ask for; of one that
	// asks for more, the header Range is ignored, as a server may.
	maxRanges = 8
)

// codings are the encodings that files may have siblings of, best first.
var codings = []struct{ name, suffix string }{{"br", ".br"}, {"gzip", ".gz"}}

// file is one file as it is served.
type file struct {
	contentType string
	variants    []variant // encoded ones, best first, and last the file itself
}

// variant is a file in one encoding.
type variant struct {
	name    string // in the file system
	coding  string // "" for the file itself
	etag    string
	size    int64
	modTime time.Time
}

// fileServer serves the files of a file system. What it learns of a file that
// has no time of change it keeps, because such files are part of the program.
type fileServer struct {
	fsys fs.FS
	kept sync.Map // name -> *file
}

func newFileServer(fsys fs.FS) *fileServer { return &fileServer{fsys: fsys} }

// serve answers with the file of that name, which comes from the request.
func (s *fileServer) serve(w http.ResponseWriter, r *http.Request, name string) error {
	f, err := s.file(name)
	if err != nil {
		return err
	}
	return f.serve(w, r, s.fsys, cacheRevalidate)
}

// file is what is known of a file; the error is NotFound when there is none
// that is to be served.
func (s *fileServer) file(name string) (*file, error) {
	if f, ok := s.kept.Load(name); ok {
		return f.(*file), nil
	}
	if !servable(name) || linked(s.fsys, name) {
		return nil, NotFound
	}
	f, err := describe(s.fsys, name)
	if err != nil {
		return nil, err
	}
	if f.variants[len(f.variants)-1].modTime.IsZero() {
		s.kept.Store(name, f)
	}
	return f, nil
}

// servable reports that a name from outside may be looked up: no way out of
// the file system, nothing hidden, no other system's separators.
func servable(name string) bool {
	if !fs.ValidPath(name) || name == "." || strings.ContainsAny(name, "\\\x00") {
		return false
	}
	for part := range strings.SplitSeq(name, "/") {
		if strings.HasPrefix(part, ".") {
			return false
		}
	}
	return true
}

// linked reports that a part of the path is a symbolic link, which may lead out
// of the file system.
func linked(fsys fs.FS, name string) bool {
	links, ok := fsys.(fs.ReadLinkFS)
	if !ok {
		return false
	}
	for end := 0; end < len(name); end++ {
		if next := strings.IndexByte(name[end:], '/'); next >= 0 {
			end += next
		} else {
			end = len(name)
		}
		info, err := links.Lstat(name[:end])
		if err == nil && info.Mode()&fs.ModeSymlink != 0 {
			return true
		}
	}
	return false
}

// describe looks a file and its encoded siblings up.
func describe(fsys fs.FS, name string) (*file, error) {
	own, err := stat(fsys, name)
	if err != nil {
		return nil, NotFound // whatever the reason is, there is no such file to serve
	}
	f := &file{contentType: contentType(name)}
	tag, err := etag(fsys, name, own)
	if err != nil {
		return nil, err
	}
	for _, c := range codings {
		sibling, err := stat(fsys, name+c.suffix)
		if err != nil || linked(fsys, name+c.suffix) || sibling.ModTime().Before(own.ModTime()) {
			continue // none, or one of an earlier file
		}
		f.variants = append(f.variants, variant{
			name: name + c.suffix, coding: c.name, etag: `"` + tag + "-" + c.name + `"`, size: sibling.Size(), modTime: own.ModTime(),
		})
	}
	f.variants = append(f.variants, variant{name: name, etag: `"` + tag + `"`, size: own.Size(), modTime: own.ModTime()})
	return f, nil
}

// stat is fs.Stat of a regular file.
func stat(fsys fs.FS, name string) (fs.FileInfo, error) {
	info, err := fs.Stat(fsys, name)
	if err == nil && !info.Mode().IsRegular() {
		return nil, fs.ErrNotExist
	}
	return info, err
}

// etag tells versions of a file apart: by time and size, or by content where
// there is no time.
func etag(fsys fs.FS, name string, info fs.FileInfo) (string, error) {
	if t := info.ModTime(); !t.IsZero() {
		return fmt.Sprintf("%x-%x", t.UnixNano(), info.Size()), nil
	}
	f, err := fsys.Open(name)
	if err != nil {
		return "", fmt.Errorf("bennu: static file: %w", err)
	}
	h := sha256.New()
	_, err = io.Copy(h, f)
	if err = errors.Join(err, f.Close()); err != nil {
		return "", fmt.Errorf("bennu: static file %q: %w", name, err)
	}
	return base64.RawURLEncoding.EncodeToString(h.Sum(nil)[:15]), nil
}

// serve answers with the variant that the browser takes.
func (f *file) serve(w http.ResponseWriter, r *http.Request, fsys fs.FS, cache string) error {
	v := f.variants[len(f.variants)-1]
	for _, encoded := range f.variants[:len(f.variants)-1] {
		if acceptsCoding(r.Header["Accept-Encoding"], encoded.coding) {
			v = encoded
			break
		}
	}
	opened, err := fsys.Open(v.name)
	if err != nil {
		return fmt.Errorf("bennu: static file: %w", err)
	}
	defer opened.Close() // it was only read
	content, ok := opened.(io.ReadSeeker)
	if !ok {
		b, err := io.ReadAll(opened)
		if err != nil {
			return fmt.Errorf("bennu: static file %q: %w", v.name, err)
		}
		content = bytes.NewReader(b)
	}

	h := w.Header()
	h["Content-Type"] = []string{f.contentType}
	h["Cache-Control"] = []string{cache}
	h["Etag"] = []string{v.etag}
	if len(f.variants) > 1 {
		h.Add("Vary", "Accept-Encoding")
	}
	if v.coding != "" {
		h["Content-Encoding"] = []string{v.coding}
		// ServeContent leaves it out, because somebody might encode on the way,
		// and would not take it back for an answer 412.
		if len(r.Header["If-Match"]) == 0 && len(r.Header["If-Unmodified-Since"]) == 0 {
			h["Content-Length"] = []string{strconv.FormatInt(v.size, 10)}
		}
	}
	http.ServeContent(w, withinRanges(r), path.Base(v.name), v.modTime, content)
	return nil
}

// withinRanges is the request without a header Range that asks for too many
// parts.
func withinRanges(r *http.Request) *http.Request {
	if strings.Count(r.Header.Get("Range"), ",") < maxRanges {
		return r
	}
	plain := r.WithContext(r.Context()) // a copy
	plain.Header = r.Header.Clone()
	plain.Header.Del("Range")
	return plain
}
