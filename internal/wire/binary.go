package wire

import (
	"fmt"
	"unicode/utf8"
)

// The kinds of binary frames, their first byte. Every length that follows is
// one byte.
const (
	binaryPush      = 0 // to the server with a ref, to the client without
	binaryReply     = 1
	binaryBroadcast = 2
)

// ParseBinary splits a binary message of a client, which is always a push:
//
//	00 02 01 05 05 | "12" "7" "lvu:0" "chunk" | data
//
// A join_ref or ref of length zero counts as null.
func ParseBinary(msg []byte) (Frame, error) {
	if len(msg) == 0 || msg[0] != binaryPush {
		got := "nothing"
		if len(msg) > 0 {
			got = fmt.Sprint(msg[0])
		}
		return Frame{}, &FieldError{"binary frame", "kind 0", got}
	}
	const header = 5
	if len(msg) < header {
		return Frame{}, &FieldError{"binary frame", "a header of 5 bytes", fmt.Sprint(len(msg))}
	}
	rest := msg[header:]
	var fields [4][]byte
	for i := range fields {
		n := int(msg[1+i])
		if n > len(rest) {
			return Frame{}, &FieldError{"binary frame", fmt.Sprintf("%d more bytes of header", n), fmt.Sprint(len(rest))}
		}
		if !utf8.Valid(rest[:n]) {
			return Frame{}, &FieldError{"binary frame", "a header in UTF-8", fmt.Sprintf("%q", rest[:n])}
		}
		fields[i], rest = rest[:n:n], rest[n:]
	}
	f := Frame{fields[0], fields[1], fields[2], fields[3], rest}
	if len(f.JoinRef) == 0 {
		f.JoinRef = nil
	}
	if len(f.Ref) == 0 {
		f.Ref = nil
	}
	if err := f.check(); err != nil {
		return Frame{}, err
	}
	return f, nil
}

// AppendBinaryPush appends a push with raw bytes as payload. It panics on a
// field above 255 bytes, which is the caller's own text, never a client's.
func AppendBinaryPush(dst, joinRef, topic []byte, event string, data []byte) []byte {
	dst = append(dst, binaryPush, size(len(joinRef)), size(len(topic)), size(len(event)))
	dst = append(append(append(dst, joinRef...), topic...), event...)
	return append(dst, data...)
}

// AppendBinaryReply appends a reply with raw bytes as response. It panics as
// [AppendBinaryPush] does.
func AppendBinaryReply(dst, joinRef, ref, topic []byte, ok bool, data []byte) []byte {
	status := "error"
	if ok {
		status = "ok"
	}
	dst = append(dst, binaryReply, size(len(joinRef)), size(len(ref)), size(len(topic)), size(len(status)))
	dst = append(append(append(append(dst, joinRef...), ref...), topic...), status...)
	return append(dst, data...)
}

// AppendBinaryBroadcast appends a push that belongs to no instance of its
// topic. It panics as [AppendBinaryPush] does.
func AppendBinaryBroadcast(dst, topic []byte, event string, data []byte) []byte {
	dst = append(dst, binaryBroadcast, size(len(topic)), size(len(event)))
	dst = append(append(dst, topic...), event...)
	return append(dst, data...)
}

// size is a length as a binary header holds it.
func size(n int) byte {
	if n > 255 {
		panic(fmt.Sprintf("wire: a field of a binary frame has %d bytes, at most 255 fit", n))
	}
	return byte(n)
}
