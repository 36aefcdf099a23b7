package wire

import (
	"bytes"
	"os"
	"testing"
)

// messages are text messages: those of testdata/frames.txt, which were recorded
// between the official client and the reference server, and hand-made ones.
func messages(tb testing.TB) [][]byte {
	tb.Helper()
	recorded, err := os.ReadFile("testdata/frames.txt")
	if err != nil {
		tb.Fatal(err)
	}
	all := bytes.Split(bytes.TrimSpace(recorded), []byte("\n"))
	for _, s := range []string{
		`[null,"7","phoenix","heartbeat",{}]`,
		`[null,"3","lv:","phx_leave",{}]`,
		` [ "1" , "2" , "t" , "e" , [ 1 , { } , [ ] , "" , true , false , null , -0.5e+3 ] , 6 , "seven" ] `,
		`["","","","",""]`,
		`["a\"b","\u00e9","lv:\ud83d\ude00","e\\","\ud800"]`,
		`["1","2","lv:é","e",{"a":{"a":1},"a":2}]`,
		`["1","2","t","e",1e999]`,
		`["1","2","t","e"]`,
		`["1",2,"t","e",{}]`,
		`["1","2",null,"e",{}]`,
		`["1","2","t","e",{}`,
		`["1","2","t","e",{}]]`,
		`["1","2","t","e",{},]`,
		`["1","2","t","e",{"a"}]`,
		`["1","2","t","e",{"a":}]`,
		`["1","2","t","e",{,}]`,
		`["1","2","t","e",[1,]]`,
		`["1","2","t","e",[1}]`,
		`["1","2","t","e",01]`,
		`["1","2","t","e",-]`,
		`["1","2","t","e",1.]`,
		`["1","2","t","e",nul]`,
		`["1","2","t","e","\x"]`,
		`["1","2","t","e","\u12g4"]`,
		`{"a":1}`, `null`, `[`, ``, `"`, `[null`, `[null,null`,
	} {
		all = append(all, []byte(s))
	}
	return all
}

// payloads are those of the messages with that event, and hand-made ones.
func payloads(tb testing.TB, event string) [][]byte {
	tb.Helper()
	var all [][]byte
	for _, msg := range messages(tb) {
		if f, err := Parse(msg); err == nil && string(f.Event) == event {
			all = append(all, f.Payload)
		}
	}
	for _, s := range []string{
		`{"type":"form","event":"save","value":"user[name]=a&user[tags][]=x","meta":{"_target":"user[name]"},"uploads":{}}`,
		`{"type":null,"event":"x","value":{"a":[1,2,{"b":"c"}]},"cid":3}`,
		`{"type":"hook","event":"x","value":12,"cid":null}`,
		`{"event":"\u0061\"b","\u0063id":-5}`,
		`{"event":"x","cid":1.0}`, `{"event":"x","cid":1e2}`, `{"event":"x","cid":-0}`,
		`{"event":"x","cid":9223372036854775807}`, `{"event":"x","cid":-9223372036854775808}`, `{"event":"x","cid":9223372036854775808}`,
		`{"EVENT":"x"}`, `{"event":null}`, `{}`, `[]`, `{"event":"x"`, `{"event":"x"}x`, `{"event" "x"}`,
		`{"url":"https://h/p?x=1","params":{"_csrf_token":"C","_mounts":0,"_mount_attempts":0,"tz":"UTC"},"session":"S","static":null,"sticky":false}`,
		`{"redirect":"https://h/o","params":{"_mounts":1,"_track_static":["a","\u00e9"],"_live_referer":"https://h/p"},"flash":"F","sticky":true}`,
		`{"params":null}`, `{"params":[]}`, `{"params":{"_mounts":-1}}`, `{"params":{"_mounts":"0"}}`,
		`{"params":{"_track_static":[1]}}`, `{"params":{"_track_static":null}}`, `{"url":1}`, `{"sticky":"true"}`,
	} {
		all = append(all, []byte(s))
	}
	return all
}

// binaryMessages are the chunk of an upload and headers that lie.
func binaryMessages() [][]byte {
	return [][]byte{
		[]byte("\x00\x02\x01\x05\x05127lvu:0chunkabc"),
		[]byte("\x00\x00\x00\x00\x00"),
		[]byte("\x00\xff\xff\xff\xff"),
		[]byte("\x00\x02\x01\x05\xff127lvu:0chunkabc"),
		[]byte("\x01\x02\x01\x05\x05127lvu:0chunkabc"),
		[]byte("\x00\x01\x01\x01\x011r\xffe"),
		[]byte("\x00\x02"),
		{},
	}
}
