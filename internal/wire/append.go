package wire

import (
	"encoding/json"
	"unicode/utf8"
)

// empty is the payload of messages that say nothing.
const empty = "{}"

// AppendFrame appends a message as it is: what a client sends, in tests and
// load clients. A nil payload is written as {}.
func AppendFrame(dst []byte, f Frame) []byte {
	dst = header(dst, f.JoinRef, f.Ref, f.Topic)
	dst = AppendString(dst, f.Event)
	dst = append(dst, ',')
	return append(payload(dst, f.Payload), ']')
}

// AppendReply appends the answer to the message with that ref. The response is
// a whole JSON object; nil is {}.
func AppendReply(dst, joinRef, ref, topic []byte, ok bool, response []byte) []byte {
	dst = header(dst, joinRef, ref, topic)
	if ok {
		dst = append(dst, `"phx_reply",{"status":"ok","response":`...)
	} else {
		dst = append(dst, `"phx_reply",{"status":"error","response":`...)
	}
	return append(payload(dst, response), '}', ']')
}

// AppendPush appends a message that answers nothing. A nil joinRef makes it a
// broadcast: the client takes it for any instance of the topic.
func AppendPush(dst, joinRef, topic []byte, event string, body []byte) []byte {
	dst = header(dst, joinRef, nil, topic)
	dst = AppendString(dst, event)
	dst = append(dst, ',')
	return append(payload(dst, body), ']')
}

// AppendClose appends the end of an instance for good: the client forgets the
// topic.
func AppendClose(dst, joinRef, topic []byte) []byte {
	return append(header(dst, joinRef, joinRef, topic), `"phx_close",{}]`...)
}

// AppendError appends the crash of an instance: the client joins again.
func AppendError(dst, joinRef, topic []byte) []byte {
	return append(header(dst, joinRef, joinRef, topic), `"phx_error",{"reason":"channel_crash"}]`...)
}

// AppendHeartbeatReply appends the answer to a heartbeat.
func AppendHeartbeatReply(dst, ref []byte) []byte {
	dst = append(dst, `[null,`...)
	dst = stringOrNull(dst, ref)
	return append(dst, `,"phoenix","phx_reply",{"status":"ok","response":{}}]`...)
}

// AppendReason appends a refusal with a reason that needs no escaping, such as
// "unmatched topic".
func AppendReason(dst, joinRef, ref, topic []byte, reason string) []byte {
	dst = header(dst, joinRef, ref, topic)
	dst = append(dst, `"phx_reply",{"status":"error","response":{"reason":"`...)
	dst = append(dst, reason...)
	return append(dst, `"}}]`...)
}

// header appends the first three elements and the comma after them.
func header(dst, joinRef, ref, topic []byte) []byte {
	dst = append(dst, '[')
	dst = stringOrNull(dst, joinRef)
	dst = append(dst, ',')
	dst = stringOrNull(dst, ref)
	dst = append(dst, ',')
	dst = AppendString(dst, topic)
	return append(dst, ',')
}

func payload(dst, body []byte) []byte {
	if body == nil {
		return append(dst, empty...)
	}
	return append(dst, body...)
}

func stringOrNull(dst, s []byte) []byte {
	if s == nil {
		return append(dst, "null"...)
	}
	return AppendString(dst, s)
}

// AppendString appends a JSON string. Refs, topics and events of the official
// client are plain ASCII and copied; anything else is rare and may cost more.
func AppendString[S string | []byte](dst []byte, s S) []byte {
	for i := range len(s) {
		if c := s[i]; c < 0x20 || c >= utf8.RuneSelf || c == '"' || c == '\\' {
			return appendEscaped(dst, string(s))
		}
	}
	dst = append(dst, '"')
	dst = append(dst, s...)
	return append(dst, '"')
}

// appendEscaped appends any text as a JSON string. Marshal of a string cannot
// fail; what is no UTF-8 becomes U+FFFD.
func appendEscaped(dst []byte, s string) []byte {
	quoted, _ := json.Marshal(s)
	return append(dst, quoted...)
}
