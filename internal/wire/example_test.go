package wire_test

import (
	"fmt"

	"bennu/internal/wire"
)

// A message comes in, its event is read, and a reply goes out.
func Example() {
	f, err := wire.Parse([]byte(`["4","9","lv:phx-A","event",{"type":"click","event":"inc","value":{"step":"2"}}]`))
	if err != nil {
		fmt.Println(err)
		return
	}
	e, err := wire.ParseEvent(f.Payload)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%s of %s with %s\n", e.Name, f.Topic, e.Value)
	fmt.Printf("%s\n", wire.AppendReply(nil, f.JoinRef, f.Ref, f.Topic, true, []byte(`{"diff":{"0":"2"}}`)))
	// Output:
	// inc of lv:phx-A with {"step":"2"}
	// ["4","9","lv:phx-A","phx_reply",{"status":"ok","response":{"diff":{"0":"2"}}}]
}
