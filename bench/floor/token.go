package main

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"strings"
)

// key is of this process alone: its tokens end with it.
var key = []byte(rand.Text() + rand.Text())

var encoding = base64.RawURLEncoding

// newID is the id of a page's element.
func newID() string {
	var b [12]byte
	rand.Read(b[:]) // never fails: the runtime ends the program first
	return "phx-" + encoding.EncodeToString(b[:])
}

// sign is a token in the form value.signature.
func sign(value string) string {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(value))
	return encoding.EncodeToString([]byte(value)) + "." + encoding.EncodeToString(mac.Sum(nil))
}

// verify reports whether this process signed the token.
func verify(token string) bool {
	encoded, _, _ := strings.Cut(token, ".")
	value, err := encoding.DecodeString(encoded)
	return err == nil && hmac.Equal([]byte(sign(string(value))), []byte(token))
}
