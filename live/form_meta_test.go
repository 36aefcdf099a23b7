package live

import (
	"errors"
	"strings"
	"testing"

	"bennu/form"
)

func TestFormQuery(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ query, meta, want string }{
		{"a=1", "", "a=1"},
		{"a=1", "{}", "a=1"},
		{"a=1", "[1]", "a=1"},
		{"a=1", `{"a"`, "a=1"},
		{"", `{"id":"7"}`, "id=7"},
		{"a=1&", `{"id":"7&a=2"}`, "a=1&id=7%26a%3D2"},
		{"a=1", `{"_target":"a"}`, "a=1&_target[]=a"},
		{"", `{"_target":"user[name]"}`, "_target[]=user&_target[]=name"},
		{"", `{"_target":"user[addresses][0][city]"}`, "_target[]=user&_target[]=addresses&_target[]=0&_target[]=city"},
		{"", `{"_target":"tags[]"}`, "_target[]=tags"},
		{"", `{"_target":"a[b][]"}`, "_target[]=a&_target[]=b"},
		{"", `{"_target":"undefined"}`, "_target[]=undefined"},
		{"", `{"_target":"[a]"}`, "_target[]=%5Ba%5D"},
		{"", `{"_target":"a[b"}`, "_target[]=a%5Bb"},
		{"", `{"_target":""}`, "_target[]="},
		{"", `{"_target":["user","name"]}`, "_target[]=user&_target[]=name"},
		{"", `{"_target":null}`, "_target="},
		// What is beside the form counts, however the form writes the name.
		{"id=1&b=2&%69d[x]=3&id%5By%5D=4&idle=5", `{"id":"7"}`, "b=2&idle=5&id=7"},
		{"_target=user&a=1", `{"_target":"a"}`, "a=1&_target[]=a"},
		{"[id]=1&%zz=2", `{"id":"7"}`, "[id]=1&%zz=2&id=7"},
		{"", `{"n":1e3,"yes":true,"no":false,"list":[1,{"a b":"c"}],"in":{"x":[]}}`, "list[]=1&list[][a+b]=c&n=1e3&no=false&yes=true"},
	} {
		if got, err := formQuery(tt.query, []byte(tt.meta)); got != tt.want || err != nil {
			t.Errorf("formQuery(%q, %s) = %q, %v, want %q", tt.query, tt.meta, got, err, tt.want)
		}
	}
}

// A message of 64 KiB would otherwise become a query of more than a gigabyte.
func TestFormQueryOfAHostileMeta(t *testing.T) {
	t.Parallel()
	for name, meta := range map[string]string{
		"a long name of many values": `{"` + strings.Repeat("[", 30_000) + `":[0` + strings.Repeat(",0", 15_000) + `]}`,
		"many levels":                strings.Repeat(`{"key":`, 9_000) + "1" + strings.Repeat("}", 9_000),
		"a list in lists":            `{"a":` + strings.Repeat("[", 9_000) + strings.Repeat("]", 9_000) + "}",
		"names beside each other":    `{"` + strings.Repeat("é", 10_000) + `":{"a":` + strings.Repeat(`{"b":`, 10) + "[0" + strings.Repeat(",0", 2_000) + "]" + strings.Repeat("}", 12),
	} {
		if query, err := formQuery("a=1", []byte(meta)); !errors.Is(err, form.ErrLimit) || query != "" {
			t.Errorf("%s: %d bytes, %v; want the error of a limit", name, len(query), err)
		}
	}
}

func TestFormQueryOfLongLists(t *testing.T) {
	t.Parallel()
	meta := `{"selected_order_ids":[1` + strings.Repeat(",1", 999) + `]}`
	query, err := formQuery("a=1", []byte(meta))
	if got := strings.Count(query, "&selected_order_ids[]=1"); got != 1000 || err != nil {
		t.Errorf("%d values and %v, want 1000", got, err)
	}
}
