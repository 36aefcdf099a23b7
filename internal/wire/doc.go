// Package wire turns the messages of the official client into values and back.
//
// A text message is a JSON array of five elements (serializer V2):
//
//	["4","9","lv:phx-A","event",{"type":"click","event":"inc","value":{}}]
//	 |   |   |          |       payload
//	 |   |   topic      event
//	 |   ref, copied into the reply
//	 join_ref, the instance of the topic
//
// [Parse] splits it into a [Frame] whose fields point into the message;
// [ParseBinary] does the same for the binary frames of uploads. [ParseJoin] and
// [ParseEvent] read the two payloads that matter on every page. The Append
// functions write what a server says.
//
// Nothing here does I/O, keeps state or trusts its input: every byte sequence
// gives a value or an error. Messages in JSON are checked completely before
// anything is returned, with a limit on nesting; what a [Frame] calls its
// payload is one well-formed JSON value. [Parse] does not look for invalid UTF-8
// inside strings, which the transport refuses before: it is the WebSocket's rule.
package wire
