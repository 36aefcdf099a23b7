// Speaks to channels with the official client, over WebSockets or long polling,
// and tells what came back.
//
// Arguments: address of the socket, transport (websocket, longpoll), scenario. It
// writes one JSON object. The scenario "serve" is told what to do by lines on its
// standard input.
import { createInterface } from "node:readline";
import { LongPoll, Presence, Socket } from "phoenix";

const [address, transport, scenario] = process.argv.slice(2);

const end = (result) => {
  process.stdout.write(JSON.stringify(result) + "\n", () => process.exit(0));
};
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
// told waits for the test to have done its part.
const told = async () => (await lines.next()).value;
const say = (what) => process.stdout.write(JSON.stringify(what) + "\n");

const connect = (user, options = {}) => {
  const socket = new Socket(address, {
    transport: transport === "longpoll" ? LongPoll : globalThis.WebSocket,
    params: { user },
    reconnectAfterMs: () => 50,
    rejoinAfterMs: () => 50,
    ...options,
  });
  socket.connect();
  return socket;
};
const outcome = (push) =>
  new Promise((done) => {
    for (const status of ["ok", "error", "timeout"]) {
      push.receive(status, (response) => done({ status, response }));
    }
  });
const next = (channel, event) =>
  new Promise((done) => {
    const ref = channel.on(event, (payload) => {
      channel.off(event, ref);
      done(payload);
    });
  });
const text = (payload) => (payload instanceof ArrayBuffer ? [...new Uint8Array(payload)].join() : payload);

const scenarios = {
  // Joins, replies, pushes, broadcasts, several channels on one socket.
  async talk() {
    const ann = connect("ann");
    const bob = connect("bob");
    const room = ann.channel("room:lobby", { since: 7 });
    const bobs = bob.channel("room:lobby");
    const heard = [];
    const result = {};
    result.joined = await outcome(room.join());
    result.bob = await outcome(bobs.join());
    const other = ann.channel("room:other");
    result.other = await outcome(other.join());
    result.refused = await outcome(ann.channel("room:secret").join());
    result.wrong = await outcome(ann.channel("room:lobby2", { since: "yesterday" }).join());
    result.unmatched = await outcome(ann.channel("nowhere").join());
    other.on("said", (line) => heard.push(line));
    let atBob = next(bobs, "said");
    let atAnn = next(room, "said");
    result.said = await outcome(room.push("say", { text: "hé <b>" }));
    result.atBob = await atBob;
    result.atAnn = await atAnn;
    atBob = next(bobs, "whispered");
    room.on("whispered", (line) => heard.push(line));
    result.whispered = await outcome(room.push("whisper", { text: "psst" }));
    result.whisperAtBob = await atBob;
    result.pushed = next(room, "tick");
    await outcome(room.push("tick", {}));
    result.pushed = await result.pushed;
    result.mistake = await outcome(room.push("say", { text: 5 }));
    result.unknown = await outcome(room.push("shout", {}));
    result.never = await outcome(room.push("silent", {}, 200));
    result.later = await outcome(room.push("later", {}));
    result.heard = heard;
    result.left = await outcome(room.leave());
    const again = ann.channel("room:lobby", { since: 8 });
    result.again = await outcome(again.join());
    const closed = new Promise((done) => again.onClose(() => done("closed")));
    again.push("end", {});
    result.closed = await closed;
    return result;
  },

  // A channel that crashes comes back by itself, and its neighbour stays.
  async crash() {
    const socket = connect("ann");
    const room = socket.channel("room:lobby");
    const other = socket.channel("room:other");
    let errors = 0;
    let otherErrors = 0;
    let joins = 0;
    room.onError(() => errors++);
    other.onError(() => otherErrors++);
    let back;
    const rejoined = new Promise((done) => (back = done));
    await new Promise((done) =>
      room.join().receive("ok", () => {
        joins++;
        done();
        if (joins === 2) back();
      }),
    );
    await outcome(other.join());
    const count = await outcome(other.push("count", {}));
    await outcome(room.push("count", {}));
    room.push("crash", {});
    await rejoined;
    return {
      errors,
      otherErrors,
      joins,
      fresh: await outcome(room.push("count", {})),
      before: count,
      kept: await outcome(other.push("count", {})),
    };
  },

  // Bytes, both ways.
  async binary() {
    const socket = connect("ann");
    const room = socket.channel("room:lobby");
    await outcome(room.join());
    const bytes = new Uint8Array([0, 1, 10, 13, 34, 92, 128, 255]).buffer;
    const pushed = next(room, "bytes");
    const broadcast = next(room, "all bytes");
    const reply = await outcome(room.push("bytes", bytes));
    return {
      status: reply.status,
      reply: text(reply.response),
      pushed: text(await pushed),
      broadcast: text(await broadcast),
      mistake: await outcome(room.push("bytes", { text: "no bytes" })),
      other: await outcome(room.push("say", bytes)),
    };
  },

  // Who is here, by the client's class Presence.
  async presence() {
    const ann = connect("ann");
    const room = ann.channel("people:lobby");
    const presence = new Presence(room);
    const log = [];
    let changed = () => {};
    presence.onJoin((id, current, joined) => log.push(["join", id, !!current, joined.metas.map((m) => m.mood).join()]));
    presence.onLeave((id, current, left) => log.push(["leave", id, current.metas.length, left.metas.map((m) => m.mood).join()]));
    presence.onSync(() => changed());
    const until = async (what) => {
      while (!what()) await new Promise((done) => (changed = done));
    };
    const list = () => presence.list((id, { metas }) => `${id}:${metas.map((m) => m.mood).join("+")}`).sort();
    const is = (want) => until(() => list().join() === want);
    const raw = [];
    room.on("presence_diff", (diff) => raw.push(diff));
    await outcome(room.join());
    await is("ann:fine");
    const bob = connect("bob");
    const bobs = bob.channel("people:lobby");
    await outcome(bobs.join());
    await is("ann:fine,bob:fine");
    const second = connect("bob");
    const seconds = second.channel("people:lobby");
    await outcome(seconds.join());
    await is("ann:fine,bob:fine+fine");
    await outcome(seconds.leave());
    await is("ann:fine,bob:fine");
    await outcome(bobs.push("mood", { mood: "merry" }));
    await is("ann:fine,bob:merry");
    bob.disconnect();
    await is("ann:fine");
    return { log, raw, late: list() };
  },

  // Who may connect, and how the app ends connections.
  async disconnect() {
    const refused = connect("nobody");
    const result = {};
    result.refused = await new Promise((done) => refused.onError(() => done(refused.isConnected() ? "open" : "refused")));
    refused.disconnect();
    const socket = connect("ann");
    const room = socket.channel("room:lobby");
    let joins = 0;
    let wake = () => {};
    room.join().receive("ok", () => {
      joins++;
      wake();
    });
    while (joins < 1) await new Promise((done) => (wake = done));
    const bob = connect("bob");
    let closed = 0;
    bob.onClose(() => closed++);
    await outcome(bob.channel("room:lobby").join());
    say({ ready: true });
    await told();
    while (joins < 2) await new Promise((done) => (wake = done));
    result.joins = joins;
    result.bobClosed = closed;
    return result;
  },

  // The token that is in no address.
  async token() {
    const socket = connect("", { authToken: "s3cret/+token" });
    const room = socket.channel("room:lobby");
    const joined = await outcome(room.join());
    const ping = await new Promise((done) => socket.ping(done));
    return { status: joined.status, response: joined.response, ping: ping >= 0 };
  },
};

setTimeout(() => end({ error: `nothing more came in ${scenario}` }), 60000).unref();
scenarios[scenario]().then(end, (error) => end({ error: `${error}` }));
