package wire

import (
	"bytes"
	"errors"
	"reflect"
	"testing"
)

// tooMuch reports whether an error is about a limit, which the oracle has not.
func tooMuch(err error, text []byte) bool {
	var field *FieldError
	return errors.Is(err, ErrDepth) && depth(text) > MaxDepth-1 || errors.As(err, &field) && bytes.HasPrefix([]byte(field.Want), []byte("at most"))
}

func FuzzParse(f *testing.F) {
	for _, msg := range messages(f) {
		f.Add(msg)
	}
	f.Fuzz(func(t *testing.T, msg []byte) {
		before := bytes.Clone(msg)
		got, err := Parse(msg)
		if !bytes.Equal(before, msg) {
			t.Fatalf("Parse changed its input")
		}
		if !oracleReads(msg) {
			return
		}
		want, ok := oracleFrame(msg)
		if err != nil {
			if ok && !tooMuch(err, msg) {
				t.Fatalf("Parse(%q): %v, but encoding/json accepts it", msg, err)
			}
			return
		}
		if !ok {
			t.Fatalf("Parse(%q) = %+v, but encoding/json refuses it", msg, got)
		}
		if !reflect.DeepEqual(got, Frame(want)) {
			t.Fatalf("Parse(%q) = %q, want %q", msg, got, want)
		}
		// What was read is written so that it reads the same.
		again, err := Parse(AppendFrame(nil, got))
		if err != nil || !reflect.DeepEqual(again, got) {
			t.Fatalf("Parse(AppendFrame(%q)) = %q, %v", got, again, err)
		}
	})
}

func FuzzParseEvent(f *testing.F) {
	for _, p := range payloads(f, "event") {
		f.Add(p)
	}
	f.Fuzz(func(t *testing.T, payload []byte) {
		got, err := ParseEvent(payload)
		if !oracleReads(payload) || duplicates(payload) {
			return
		}
		want, ok := oracleEvent(payload)
		if err != nil {
			if ok && !tooMuch(err, payload) {
				t.Fatalf("ParseEvent(%q): %v, but encoding/json accepts it", payload, err)
			}
			return
		}
		if !ok || !reflect.DeepEqual(got, want) {
			t.Fatalf("ParseEvent(%q) = %+v, want %+v, %v", payload, got, want, ok)
		}
	})
}

func FuzzParseJoin(f *testing.F) {
	for _, p := range payloads(f, "phx_join") {
		f.Add(p)
	}
	f.Fuzz(func(t *testing.T, payload []byte) {
		got, err := ParseJoin(payload)
		if !oracleReads(payload) || duplicates(payload) {
			return
		}
		want, ok := oracleJoin(payload)
		if err != nil {
			if ok && !tooMuch(err, payload) {
				t.Fatalf("ParseJoin(%q): %v, but encoding/json accepts it", payload, err)
			}
			return
		}
		if !ok || !reflect.DeepEqual(got, want) {
			t.Fatalf("ParseJoin(%q) = %+v, want %+v, %v", payload, got, want, ok)
		}
	})
}

func FuzzParseBinary(f *testing.F) {
	for _, msg := range binaryMessages() {
		f.Add(msg)
	}
	f.Fuzz(func(t *testing.T, msg []byte) {
		got, err := ParseBinary(msg)
		if err != nil {
			return
		}
		n := 5 + len(got.JoinRef) + len(got.Ref) + len(got.Topic) + len(got.Event) + len(got.Payload)
		if n != len(msg) {
			t.Fatalf("ParseBinary(%q) accounts for %d of %d bytes", msg, n, len(msg))
		}
		// The fields are good enough for a text reply.
		reply := AppendReply(nil, got.JoinRef, got.Ref, got.Topic, true, nil)
		f, err := Parse(reply)
		if err != nil || !bytes.Equal(f.Topic, got.Topic) || !bytes.Equal(f.Ref, got.Ref) {
			t.Fatalf("reply to %q = %s: %v", msg, reply, err)
		}
	})
}
