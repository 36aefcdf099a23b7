package form

import (
	"strings"
	"sync"
	"testing"
)

func problem[P any]() string {
	if _, err := For[P](); err != nil {
		return err.Error()
	}
	return ""
}

type inner struct{ Done chan int }

type self struct {
	Next  *self
	Lists [][]self
}

type (
	listOfItself []listOfItself
	mapOfItself  map[string]mapOfItself
)

func TestTypesThatCannotBeDecoded(t *testing.T) {
	t.Parallel()
	tests := []struct{ got, want string }{
		{problem[inner](), "form: form.inner.Done: nothing that a browser sends can be decoded into a chan int"},
		{problem[struct{ Inner []inner }](), "Inner[].Done: nothing that a browser sends can be decoded into a chan int"},
		{problem[func()](), "form: func(): nothing"},
		{problem[struct{ M map[int]string }](), "M: nothing that a browser sends can be decoded into a map[int]string"},
		{problem[struct{ E error }](), "E: nothing that a browser sends can be decoded into a error"},
		{problem[struct{ C complex128 }](), "complex128"},
		{problem[struct{ P **int }](), "P: nothing that a browser sends can be decoded into a **int"},
		{problem[struct {
			UserID int
			Userid int
		}](), `Userid: the key "userid" belongs to another field already`},
		{problem[struct {
			A int `form:"x"`
			B int `form:"x"`
		}](), `B: the key "x" belongs to another field already`},
		{problem[struct {
			A int `form:"x,omitempty"`
		}](), "A: unknown option \"omitempty\" in the tag `form:\"x,omitempty\"`; there is only \"required\""},
	}
	for _, tt := range tests {
		if !strings.Contains(tt.got, tt.want) {
			t.Errorf("got %q, want it to contain %q", tt.got, tt.want)
		}
	}
	for range 2 {
		if problem[struct{ C chan int }]() == "" {
			t.Error("the error is not the same at every call")
		}
	}
}

func TestTypesThatContainThemselves(t *testing.T) {
	t.Parallel()
	s, err := decode[self](`{"next":{"next":{}},"lists":[[{}]]}`)
	if err != nil || s.Next.Next == nil || len(s.Lists[0]) != 1 {
		t.Errorf("self = %+v, %v", s, err)
	}
	if _, err := decode[listOfItself](`[[[]],"x"]`); err == nil {
		t.Error("text went into a list of lists")
	}
	if _, err := decode[mapOfItself](`{"a":{"b":{}}}`); err != nil {
		t.Error(err)
	}
	var m struct{ L listOfItself }
	if err := DecodeQuery("l=1&l=2", &m); err == nil {
		t.Error("text went into a list of lists")
	}
}

type deep struct{ A, B int }

type outer struct {
	deep
	A string
}

func TestOuterFieldsHideEmbeddedOnes(t *testing.T) {
	t.Parallel()
	o, err := decode[outer](`{"a":"x","b":1}`)
	if err != nil || o.A != "x" || o.B != 1 {
		t.Errorf("got %+v, %v", o, err)
	}
}

func TestManyFields(t *testing.T) {
	t.Parallel()
	type many struct {
		A, B, C, D, E, F, G, H, I int
		LongName                  string
		Tagged                    string `form:"T_a-g"`
	}
	m, err := decode[many](`{"i":9,"long_name":"x","Long-Name":"y","T_a-g":"z","t_a-g":"no","tagged":"no","":1,"` + strings.Repeat("a", 100) + `":1,"_a":1}`)
	want := many{I: 9, LongName: "y", Tagged: "z"}
	if err != nil || m != want {
		t.Errorf("got %+v, %v, want %+v", m, err, want)
	}
}

func TestForIsSafeForManyGoroutines(t *testing.T) {
	t.Parallel()
	type fresh struct{ A struct{ B []self } }
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if _, err := decode[fresh](`{"a":{"b":[{}]}}`); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
}

func TestSnake(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{"Number": "number", "UserID": "user_id", "HTMLBody": "html_body", "A": "a", "Item2Name": "item2_name"} {
		if got := snake(in); got != want {
			t.Errorf("snake(%s) = %s, want %s", in, got, want)
		}
	}
}
