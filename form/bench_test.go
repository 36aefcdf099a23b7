package form

import "testing"

var clickPayload = []byte(`{"number":"2","value":""}`)

func decodeClick(tb testing.TB) {
	d, err := For[step]()
	if err != nil {
		tb.Fatal(err)
	}
	var s step
	if err := d.JSON(clickPayload, &s); err != nil || s.Number != 2 {
		tb.Fatal(s, err)
	}
}

func TestClickAllocatesOnce(t *testing.T) {
	if n := testing.AllocsPerRun(100, func() { decodeClick(t) }); n > 1 {
		t.Errorf("decoding a click allocates %v times, want at most 1", n)
	}
}

func BenchmarkClick(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		decodeClick(b)
	}
}

func BenchmarkForm(b *testing.B) {
	type signup struct {
		User struct {
			Name, Email, Password string
			Age                   int
			Roles                 []string
		}
	}
	d, err := For[signup]()
	if err != nil {
		b.Fatal(err)
	}
	const query = "_csrf_token=abc&user%5Bname%5D=Ann+Smith&user%5B_unused_email%5D=&user%5Bemail%5D=a%40b.test&user%5Bpassword%5D=x&user%5Bage%5D=30&user%5Broles%5D%5B%5D=a&user%5Broles%5D%5B%5D=b"
	b.ReportAllocs()
	for b.Loop() {
		var s signup
		if err := d.Query(query, &s); err != nil || s.User.Age != 30 {
			b.Fatal(s, err)
		}
	}
}
