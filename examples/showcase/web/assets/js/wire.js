// What passes through the page's socket. The client is left as it is: it takes
// an encoder and a decoder, and these are its own with a note taken of each
// frame.
import { Serializer } from "phoenix";

const kept = 200;
const frames = [];
const watchers = new Set();

// watch calls f with each frame, those that have passed already first. It
// returns a function that ends this.
//
// A frame is {dir: "out" or "in", at: milliseconds since the page began,
// bytes, text: "" when it is binary, ref, topic, event, payload}.
export function watch(f) {
  frames.forEach(f);
  watchers.add(f);
  return () => watchers.delete(f);
}

export function encode(message, send) {
  Serializer.encode(message, (data) => {
    note("out", data);
    send(data);
  });
}

export function decode(data, receive) {
  Serializer.decode(data, receive);
  note("in", data);
}

function note(dir, data) {
  const text = typeof data === "string" ? data : "";
  const bytes = text ? new TextEncoder().encode(text).length : data.byteLength;
  // Parsed anew, since the client goes on working with its own objects.
  const [, ref, topic, event, payload] = text ? JSON.parse(text) : [];
  const frame = { dir, at: performance.now(), bytes, text, ref, topic, event, payload };
  frames.push(frame);
  if (frames.length > kept) frames.shift();
  watchers.forEach((f) => f(frame));
}

// diffOf is the diff in a frame from the server, if there is one.
export function diffOf({ dir, event, payload }) {
  if (dir !== "in") return undefined;
  if (event === "diff") return payload;
  return event === "phx_reply" ? payload.response?.diff : undefined;
}

// joinOf is the whole page in a frame from the server, if it answers a join.
export function joinOf({ dir, event, payload }) {
  return dir === "in" && event === "phx_reply" ? payload.response?.rendered : undefined;
}
