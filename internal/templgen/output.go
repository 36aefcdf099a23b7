package templgen

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// An output is where generated files go.
type output interface {
	write(path string, text []byte) error
	remove(path string) error
}

// nowhere is the output of a run that only looks.
type nowhere struct{}

func (nowhere) write(string, []byte) error { return nil }
func (nowhere) remove(string) error        { return nil }

// onDisk is the output of a run that generates.
type onDisk struct{}

// write replaces a file in one step, so that nobody reads half of it.
func (onDisk) write(path string, text []byte) (err error) {
	tmp, err := os.CreateTemp(filepath.Dir(path), ".bennu-*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(tmp.Name()))
		}
	}()
	_, err = tmp.Write(text)
	if err = errors.Join(err, tmp.Chmod(0o644), tmp.Close()); err != nil {
		return err
	}
	return os.Rename(tmp.Name(), path)
}

func (onDisk) remove(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}
