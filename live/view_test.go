package live

import (
	"strings"
	"testing"

	"github.com/a-h/templ"
)

type wrongMount struct{ counter }

func (*wrongMount) Mount(p Params) error { return nil }

type wrongEvents struct{ counter }

func (*wrongEvents) Events() map[string]func() { return nil }

type plain struct{}

func (plain) Render() templ.Component { return templ.NopComponent }

func TestCheck(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		view View
		want string // "" is no error
	}{
		{new(counter), ""},
		{plain{}, ""},
		{nil, "the view is nil"},
		{new(wrongMount), "want Mount(*live.Socket, live.Params) error, found Mount(live.Params) error"},
		{new(wrongEvents), "want Events() live.Events, found Events() map[string]func()"},
	} {
		err := Check(tt.view)
		if (err == nil) != (tt.want == "") || err != nil && !strings.Contains(err.Error(), tt.want) {
			t.Errorf("Check(%T) = %v, want %q", tt.view, err, tt.want)
		}
	}
}

func TestZeroSocket(t *testing.T) {
	t.Parallel()
	s := new(Socket)
	if s.ID() != "" || s.Connected() || s.Context() == nil || s.Context().Err() != nil || s.Session() == nil ||
		s.Info() != (ConnectInfo{}) || s.Path("/a") != "/a" || s.ConnectParam("tz") != "" || s.FormErrors() != nil || s.LogValue().String() != "zero socket" {
		t.Error("the zero Socket does not answer with zero values")
	}
	c := new(counter)
	if err := c.Events()["increase"].run(s, payload{json: []byte(`{"number":"2"}`)}); err != nil || c.N != 2 {
		t.Errorf("handler with a zero Socket: %v, N = %d, want nil, 2", err, c.N)
	}
}

func TestFormEventKeepsWhatDecodes(t *testing.T) {
	t.Parallel()
	type input struct {
		Name string
		Age  int
	}
	var got input
	var errs int
	h := On(func(s *Socket, in input) error { got, errs = in, len(s.FormErrors()); return nil })
	if err := h.run(new(Socket), payload{form: true, query: "name=Ann&age=abc"}); err != nil {
		t.Fatal(err)
	}
	if got.Name != "Ann" || errs != 1 {
		t.Errorf("decoded %+v with %d errors, want the name and one error", got, errs)
	}
}
