package live

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"bennu/form"
)

func TestParamsDecode(t *testing.T) {
	t.Parallel()
	type list struct {
		ID   int
		Page int
		Tags []string
	}
	path := []PathValue{{"id", "7"}}
	var got list
	if err := NewParams(path, "page=2&tags[]=a&tags[]=b&id=8&unknown=x&%zz").Decode(&got); err != nil || fmt.Sprint(got) != "{7 2 [a b]}" {
		t.Errorf("decoded %+v, %v, want the path's id and all of the query", got, err)
	}
	for query, limit := range map[string]bool{
		"page=x": false, "page=2&page[a]=1": false, "page=99999999999999999999": false,
		strings.Repeat("tags[]=a&", 100_000): true, "tags" + strings.Repeat("[a]", 10_000) + "=1": true, "tags[999999999]=a": true,
	} {
		err := NewParams(path, query).Decode(new(list))
		if code, ok := status(err); !ok || code != 400 || errors.Is(err, form.ErrLimit) != limit || len(err.Error()) > 2000 {
			t.Errorf("query %.20s: %.300v, want status 400", query, err)
		}
	}
	err := NewParams(path, "").Decode(list{})
	if code, ok := status(err); err == nil || ok {
		t.Errorf("into no pointer: %v with status %d, want a fault of the program", err, code)
	}
	if err := (Params{}).Decode(new(list)); err != nil {
		t.Errorf("no params: %v", err)
	}
}

func ExampleParams_Decode() {
	p := NewParams([]PathValue{{"shop", "reeds"}}, "page=2")
	var at struct {
		Shop string
		Page int
	}
	if err := p.Decode(&at); err != nil { // a Mount returns it
		fmt.Println(err)
		return
	}
	fmt.Println(at.Shop, at.Page)
	// Output: reeds 2
}
