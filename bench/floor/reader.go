package main

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"net"
	"strconv"
	"strings"

	"github.com/gobwas/ws"
)

// read answers a connection's messages until it ends.
func read(conn net.Conn, buf []byte) {
	defer conn.Close()
	clicks := 0
	var out []byte
	for {
		for {
			payload, op, size := frame(buf)
			if size == 0 {
				break
			}
			if op == ws.OpClose {
				return
			}
			if op == ws.OpText {
				var ok bool
				if out, ok = answer(out, payload, &clicks); !ok {
					return
				}
			}
			buf = append(buf[:0], buf[size:]...)
		}
		if len(out) > 0 {
			if _, err := conn.Write(out); err != nil {
				return
			}
			if out = out[:0]; cap(out) > 512 {
				out = nil // the answer to a join is not kept
			}
		}
		if len(buf) == cap(buf) {
			buf = append(buf, make([]byte, cap(buf))...)[:len(buf)]
		}
		n, err := conn.Read(buf[len(buf):cap(buf)])
		if err != nil {
			return
		}
		buf = buf[:len(buf)+n]
	}
}

// frame takes one masked frame apart, in place; size is 0 when it is not whole.
func frame(b []byte) (payload []byte, op ws.OpCode, size int) {
	if len(b) < 6 {
		return nil, 0, 0
	}
	head, n := 2, int(b[1]&0x7f)
	switch n {
	case 126:
		head, n = 4, int(binary.BigEndian.Uint16(b[2:]))
	case 127:
		return nil, ws.OpClose, len(b) // larger than anything a load client sends
	}
	if len(b) < head+4+n {
		return nil, 0, 0
	}
	payload = b[head+4 : head+4+n]
	ws.Cipher(payload, [4]byte(b[head:]), 0)
	return payload, ws.OpCode(b[0] & 0xf), head + 4 + n
}

// joined is the response to a join: the tree of the page. Of what JSON escapes,
// the markup has quotes alone.
var joined = `{"rendered":{"0":"` + viewClass + `","1":"0","s":["` + quotes.Replace(viewBefore) + `","` + quotes.Replace(viewBetween) +
	`","` + quotes.Replace(viewAfter) + `"]},"liveview_version":"1.2.12"}`

var quotes = strings.NewReplacer(`"`, `\"`)

// answer appends the frame that answers a message; false ends the connection.
func answer(out, msg []byte, clicks *int) ([]byte, bool) {
	// ["4","9","lv:phx-A","event",{...}]: the four strings have no escapes here.
	parts := bytes.SplitN(msg, []byte(","), 5)
	if len(parts) < 5 {
		return out, false
	}
	response := `{}`
	switch string(parts[3]) {
	case `"phx_join"`:
		var join struct{ Session string }
		if json.Unmarshal(parts[4][:len(parts[4])-1], &join) != nil || !verify(join.Session) {
			return out, false
		}
		response = joined
	case `"event"`:
		*clicks++
		response = `{"diff":{"1":"` + strconv.Itoa(*clicks) + `"}}`
	}
	const mid, end = `"phx_reply",{"status":"ok","response":`, `}]`
	size := len(parts[0]) + len(parts[1]) + len(parts[2]) + 3 + len(mid) + len(response) + len(end)
	out = append(out, 0x81)
	if size < 126 {
		out = append(out, byte(size))
	} else {
		out = binary.BigEndian.AppendUint16(append(out, 126), uint16(size))
	}
	for _, p := range parts[:3] {
		out = append(append(out, p...), ',')
	}
	return append(append(append(out, mid...), response...), end...), true
}
