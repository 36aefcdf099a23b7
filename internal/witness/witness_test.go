package witness

import (
	"bytes"
	"context"
	"io"
	"runtime/pprof"
	"slices"
	"strings"
	"testing"
)

func TestTasks(t *testing.T) {
	t.Parallel()
	p := New(context.Background())
	b := p.Start("b")
	a := p.Start("a")
	names, started, changed := p.Running()
	if !slices.Equal(names, []string{"a", "b"}) || started != 2 {
		t.Errorf("Running = %q, %d, want a, b and 2", names, started)
	}
	a()
	<-changed
	b()
	if names, started, _ := p.Running(); len(names) != 0 || started != 2 {
		t.Errorf("Running = %q, %d, want none of 2", names, started)
	}
}

func TestProgramsHaveNone(t *testing.T) {
	t.Parallel()
	p := From(t.Context())
	p.Enter()
	p.Start("a")()
	p.Fail("a", io.EOF)
	if p != nil {
		t.Error("a context without a witness has one")
	}
}

func TestFailuresAreTakenOnce(t *testing.T) {
	t.Parallel()
	p := New(context.Background())
	if err := p.Failure("a"); err != nil {
		t.Errorf("before any: %v", err)
	}
	p.Fail("a", io.EOF)
	p.Fail("a", io.ErrUnexpectedEOF)
	p.Fail("", io.EOF)
	if a, request, again := p.Failure("a"), p.Failure(""), p.Failure("a"); a != io.ErrUnexpectedEOF || request != io.EOF || again != nil {
		t.Errorf("%v, %v, %v, want the last one, that of the request, and none", a, request, again)
	}
}

func TestGoroutinesAreMarked(t *testing.T) {
	t.Parallel()
	p := From(NewContext(t.Context(), New(pprof.WithLabels(t.Context(), pprof.Labels("witness", t.Name())))))
	started, end := make(chan struct{}), make(chan struct{})
	defer close(end)
	go func() {
		p.Enter()
		go func() { close(started); <-end }()
	}()
	<-started
	var b bytes.Buffer
	if err := pprof.Lookup("goroutine").WriteTo(&b, 1); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(b.String(), `"witness":"`+t.Name()+`"`) {
		t.Errorf("no goroutine has the label:\n%s", b.String())
	}
}
