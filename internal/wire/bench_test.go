package wire

import "testing"

var (
	click     = []byte(`["4","8","lv:phx-GOqyGI3_Z5cfdQ8x","event",{"type":"click","event":"change","value":{"number":"1","value":""}}]`)
	clickLoad = []byte(`{"type":"click","event":"change","value":{"number":"1","value":""}}`)
	form      = []byte(`{"type":"form","event":"validate","value":"user%5Bname%5D=Ada&user%5B_unused_email%5D=&user%5Bemail%5D=&_target=x","meta":{"_target":"user[name]"},"uploads":{}}`)
	heartbeat = []byte(`[null,"7","phoenix","heartbeat",{}]`)
)

func BenchmarkParse(b *testing.B) {
	for name, msg := range map[string][]byte{"click": click, "heartbeat": heartbeat} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(msg)))
			for b.Loop() {
				if _, err := Parse(msg); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkParseEvent(b *testing.B) {
	for name, payload := range map[string][]byte{"click": clickLoad, "form": form} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(payload)))
			for b.Loop() {
				if _, err := ParseEvent(payload); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkAppendReply(b *testing.B) {
	joinRef, ref, topic := []byte("4"), []byte("8"), []byte("lv:phx-GOqyGI3_Z5cfdQ8x")
	response := []byte(`{"diff":{"0":{"1":{"0":"pos","1":"1"}}}}`)
	dst := make([]byte, 0, 1<<10)
	b.ReportAllocs()
	for b.Loop() {
		dst = AppendReply(dst[:0], joinRef, ref, topic, true, response)
	}
}

func BenchmarkParseJoin(b *testing.B) {
	join := payloads(b, "phx_join")[0]
	b.ReportAllocs()
	b.SetBytes(int64(len(join)))
	for b.Loop() {
		if _, err := ParseJoin(join); err != nil {
			b.Fatal(err)
		}
	}
}
