package client

import (
	"encoding/json"
	"testing"
)

func TestParseMessage(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		in   string
		want []string // join_ref, ref, topic, event, payload; "-" is null
	}{
		{`["4","5","lv:phx-A","phx_reply",{"status":"ok","response":{}}]`, []string{"4", "5", "lv:phx-A", "phx_reply", `{"status":"ok","response":{}}`}},
		{`[null,"5","phoenix","phx_reply",{}]`, []string{"-", "5", "phoenix", "phx_reply", `{}`}},
		{`["4",null,"lv:phx-A","diff",{"0":"a,\"b]"}]`, []string{"4", "-", "lv:phx-A", "diff", `{"0":"a,\"b]"}`}},
		{`["","","","",1]`, []string{"", "", "", "", "1"}},
	} {
		m, err := ParseMessage([]byte(c.in))
		if err != nil {
			t.Errorf("ParseMessage(%s): %v", c.in, err)
			continue
		}
		for i, got := range [][]byte{m.JoinRef, m.Ref, m.Topic, m.Event, m.Payload} {
			if c.want[i] == "-" && got != nil || c.want[i] != "-" && string(got) != c.want[i] {
				t.Errorf("ParseMessage(%s): part %d = %q, want %q", c.in, i, got, c.want[i])
			}
		}
	}
}

func TestParseMessageRefuses(t *testing.T) {
	t.Parallel()
	for _, in := range []string{``, `[`, `]`, `{}`, `[]`, `["4"]`, `["4","5","t"]`, `["4","5","t","e"]`, `["4" "5","t","e",{}]`, `[4,"5","t","e",{}]`, `["4","5","t","e`, `["4","5","t","e",{}`, `[null,null,null,"e]`} {
		if m, err := ParseMessage([]byte(in)); err == nil {
			t.Errorf("ParseMessage(%s) = %q, want an error", in, m)
		}
	}
}

func FuzzParseMessage(f *testing.F) {
	f.Add([]byte(`["4","5","lv:phx-A","phx_reply",{"status":"ok","response":{}}]`))
	f.Add([]byte(`[null,null,"t","e",[1,"]"]]`))
	f.Fuzz(func(t *testing.T, b []byte) {
		m, err := ParseMessage(b)
		if err != nil || !json.Valid(b) {
			return // of a server's mistakes, those that matter are found where they matter
		}
		var parts []json.RawMessage
		if err := json.Unmarshal(b, &parts); err != nil {
			t.Fatalf("ParseMessage(%s) = %q, and it is no list", b, m)
		}
		if len(parts) != 5 {
			return
		}
		var payload json.RawMessage
		if err := json.Unmarshal(m.Payload, &payload); err != nil {
			t.Errorf("ParseMessage(%s): payload %s: %v", b, m.Payload, err)
		}
	})
}

func TestValues(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text string
		i    int
		want string
	}{
		{`{"number":"2"}`, 7, `{"number":"2"}`},
		{`{"number":"%I%"}`, 7, `{"number":"7"}`},
		{`{"id":"%RAND(1)%","n":%I%}`, 3, `{"id":"1","n":3}`},
		{`{"id":"%RAND(0)%"}`, 3, `{"id":"1"}`},
	} {
		v, err := ParseValues(c.text)
		if err != nil {
			t.Errorf("ParseValues(%s): %v", c.text, err)
			continue
		}
		if got := string(v.At(c.i)); got != c.want {
			t.Errorf("ParseValues(%s).At(%d) = %s, want %s", c.text, c.i, got, c.want)
		}
	}
	for _, text := range []string{``, `{`, `number=2`, `{"n":%X%}`} {
		if _, err := ParseValues(text); err == nil {
			t.Errorf("ParseValues(%s) is no error", text)
		}
	}
}

func TestRandomValuesAreInRange(t *testing.T) {
	t.Parallel()
	v, err := ParseValues(`%RAND(3)%`)
	if err != nil {
		t.Fatal(err)
	}
	seen := make(map[string]int)
	for i := range 1000 {
		seen[string(v.At(i))]++
	}
	if len(seen) != 3 || seen["1"] == 0 || seen["2"] == 0 || seen["3"] == 0 {
		t.Errorf("%%RAND(3)%% made %v, want 1, 2 and 3", seen)
	}
}
