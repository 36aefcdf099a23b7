package wire

import (
	"strings"
	"testing"
)

func TestAppend(t *testing.T) {
	t.Parallel()
	b := func(s string) []byte { return []byte(s) }
	jr, ref, topic := b("4"), b("9"), b("lv:a")
	tests := []struct{ name, got, want string }{
		{"reply", string(AppendReply(nil, jr, ref, topic, true, b(`{"diff":{"0":"1"}}`))), `["4","9","lv:a","phx_reply",{"status":"ok","response":{"diff":{"0":"1"}}}]`},
		{"reply without a response", string(AppendReply(b("x"), jr, ref, topic, false, nil)), `x["4","9","lv:a","phx_reply",{"status":"error","response":{}}]`},
		{"reply to null", string(AppendReply(nil, nil, nil, topic, true, nil)), `[null,null,"lv:a","phx_reply",{"status":"ok","response":{}}]`},
		{"reason", string(AppendReason(nil, nil, ref, topic, "unmatched topic")), `[null,"9","lv:a","phx_reply",{"status":"error","response":{"reason":"unmatched topic"}}]`},
		{"push", string(AppendPush(nil, jr, topic, "diff", b(`{"0":"1"}`))), `["4",null,"lv:a","diff",{"0":"1"}]`},
		{"broadcast", string(AppendPush(nil, nil, topic, "presence_diff", nil)), `[null,null,"lv:a","presence_diff",{}]`},
		{"close", string(AppendClose(nil, jr, topic)), `["4","4","lv:a","phx_close",{}]`},
		{"error", string(AppendError(nil, jr, topic)), `["4","4","lv:a","phx_error",{"reason":"channel_crash"}]`},
		{"heartbeat", string(AppendHeartbeatReply(nil, ref)), `[null,"9","phoenix","phx_reply",{"status":"ok","response":{}}]`},
		{"heartbeat without ref", string(AppendHeartbeatReply(nil, nil)), `[null,null,"phoenix","phx_reply",{"status":"ok","response":{}}]`},
		{"escapes", string(AppendReply(nil, b(`"`), b("\\"), b("\n\u2028é\xff"), true, nil)), `["\"","\\","\n\u2028é\ufffd","phx_reply",{"status":"ok","response":{}}]`},
		{"frame", string(AppendFrame(nil, Frame{nil, ref, topic, b("event"), nil})), `[null,"9","lv:a","event",{}]`},
		{"binary push", string(AppendBinaryPush(nil, jr, topic, "e", b("data"))), "\x00\x01\x04\x014lv:aedata"},
		{"binary reply", string(AppendBinaryReply(nil, jr, ref, topic, true, b("data"))), "\x01\x01\x01\x04\x0249lv:aokdata"},
		{"binary error", string(AppendBinaryReply(nil, jr, ref, topic, false, nil)), "\x01\x01\x01\x04\x0549lv:aerror"},
		{"binary broadcast", string(AppendBinaryBroadcast(nil, topic, "e", b("data"))), "\x02\x04\x01lv:aedata"},
	}
	for _, tt := range tests {
		if tt.got != tt.want {
			t.Errorf("%s\ngot  %q\nwant %q", tt.name, tt.got, tt.want)
		}
	}
}

func TestBinaryFieldsAreLimited(t *testing.T) {
	t.Parallel()
	defer func() {
		if recover() == nil {
			t.Error("a field of 256 bytes was written with a wrong length")
		}
	}()
	AppendBinaryPush(nil, nil, nil, strings.Repeat("e", 256), nil)
}
