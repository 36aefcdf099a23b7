package e2e

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http/httptest"
	"os/exec"
	"reflect"
	"strings"
	"testing"
	"time"

	"bennu"
	"bennu/channel"
	"bennu/presence"
)

// The official client, by itself under node, on channels.

// speaker is what is known of whoever has connected.
type speaker struct{ name string }

// room is a channel with everything in it.
type room struct {
	who   speaker
	count int
}

type since struct {
	Since int `json:"since"`
}

type spoken struct {
	From string `json:"from"`
	Text string `json:"text"`
}

func (r *room) Join(s *channel.Socket, p channel.Params) error {
	var in since
	if err := p.Decode(&in); err != nil {
		return err
	}
	if p.Match == "secret" {
		return channel.Refuse("members only")
	}
	s.Reply(map[string]any{"since": in.Since, "user": r.who.name})
	return nil
}

func (r *room) Events() channel.Events {
	return channel.Events{
		"say": channel.On(func(s *channel.Socket, l spoken) error {
			l.From = r.who.name
			s.Broadcast("said", l)
			s.Reply(map[string]int{"length": len(l.Text)})
			return nil
		}),
		"whisper": channel.On(func(s *channel.Socket, l spoken) error {
			s.BroadcastFrom("whispered", l)
			s.Reply(nil)
			return nil
		}),
		"tick":   channel.Do(func(s *channel.Socket) error { s.Push("tick", map[string]bool{"tock": true}); s.Reply(nil); return nil }),
		"silent": channel.Do(func(*channel.Socket) error { return nil }),
		"later": channel.Do(func(s *channel.Socket) error {
			later := s.Later()
			channel.After(s, time.Millisecond, func(*channel.Socket) error { _, err := later.Reply("at last"); return err })
			return nil
		}),
		"end":   channel.Do(func(s *channel.Socket) error { s.Close(); return nil }),
		"crash": channel.Do(func(*channel.Socket) error { panic("on purpose") }),
		"count": channel.Do(func(s *channel.Socket) error { r.count++; s.Reply(r.count); return nil }),
		"bytes": channel.OnData(func(s *channel.Socket, d channel.Data) error {
			s.Reply(d)
			s.Push("bytes", d)
			s.Broadcast("all bytes", d)
			return nil
		}),
	}
}

// people is a channel that shows who is there.
type people struct {
	tracker *presence.Tracker
	who     speaker
	here    *presence.Tracked[mood]
}

type mood struct {
	Mood string `json:"mood"`
}

func (c *people) Join(s *channel.Socket, p channel.Params) (err error) {
	topic := presence.NewTopic[mood](c.tracker, p.Topic)
	if c.here, err = channel.Track(s, topic, c.who.name, mood{"fine"}); err != nil {
		return err
	}
	return channel.ShowPresence(s, topic)
}

func (c *people) Events() channel.Events {
	return channel.Events{"mood": channel.On(func(s *channel.Socket, m mood) error {
		s.Reply(nil)
		return c.here.Update(m)
	})}
}

// channelApp serves both and returns the socket's address.
func channelApp(t *testing.T) (*bennu.App, string) {
	t.Helper()
	tracker, err := presence.New(presence.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(tracker.Close)
	app := bennu.New(bennu.Options{Dev: true, Logger: slog.New(slog.DiscardHandler)})
	app.Socket("/socket", channel.Handler[speaker]{
		Connect: func(c *channel.Conn) (speaker, error) {
			name := c.Param("user")
			if c.AuthToken == "s3cret/+token" {
				name = "the bearer"
			}
			if name == "" || name == "nobody" {
				return speaker{}, errors.New("who is it?")
			}
			c.Identity = "users:" + name
			return speaker{name}, nil
		},
		Topics: channel.Topics[speaker]{
			"room:*":   func(u speaker) channel.Channel { return &room{who: u} },
			"people:*": func(u speaker) channel.Channel { return &people{tracker: tracker, who: u} },
		},
	})
	srv := httptest.NewServer(app)
	t.Cleanup(func() {
		if err := app.Shutdown(context.Background()); err != nil {
			t.Error(err)
		}
		srv.Close()
	})
	return app, srv.URL + "/socket"
}

// speak runs a scenario of oracle/channel.mjs. When the scenario says that it is
// ready, between is called.
func speak(t *testing.T, address, transport, scenario string, between func(), into any) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "node", "--experimental-websocket", "--no-warnings", "channel.mjs", address, transport, scenario)
	cmd.Dir = "oracle"
	var stderr strings.Builder
	cmd.Stderr = &stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatalf("node: %v (the client is installed by `make setup`)", err)
	}
	last := "nothing"
	for s := bufio.NewScanner(out); s.Scan(); {
		last = s.Text()
		if last == `{"ready":true}` {
			between()
			if _, err := in.Write([]byte("go on\n")); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := cmd.Wait(); err != nil {
		t.Fatalf("node: %v, %s", err, stderr.String())
	}
	var failed struct{ Error string }
	if err := json.Unmarshal([]byte(last), &failed); err != nil || failed.Error != "" {
		t.Fatalf("node says %s, %v, %s", last, err, stderr.String())
	}
	if err := json.Unmarshal([]byte(last), into); err != nil {
		t.Fatal(err)
	}
	t.Logf("%s", last)
}

// value is JSON as Go has it.
func value(t *testing.T, text string) any {
	t.Helper()
	var v any
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return v
}

var channelTransports = []string{"websocket", "longpoll"}

func TestOfficialClientTalksOnChannels(t *testing.T) {
	t.Parallel()
	for _, transport := range channelTransports {
		t.Run(transport, func(t *testing.T) {
			t.Parallel()
			_, address := channelApp(t)
			var got map[string]any
			speak(t, address, transport, "talk", nil, &got)
			for key, want := range map[string]string{
				"joined":       `{"status":"ok","response":{"since":7,"user":"ann"}}`,
				"bob":          `{"status":"ok","response":{"since":0,"user":"bob"}}`,
				"other":        `{"status":"ok","response":{"since":0,"user":"ann"}}`,
				"refused":      `{"status":"error","response":{"reason":"members only"}}`,
				"wrong":        `{"status":"error","response":{"reason":"invalid payload","field":"since","want":"whole number","got":"string"}}`,
				"unmatched":    `{"status":"error","response":{"reason":"unmatched topic"}}`,
				"said":         `{"status":"ok","response":{"length":7}}`,
				"atBob":        `{"from":"ann","text":"hé <b>"}`,
				"atAnn":        `{"from":"ann","text":"hé <b>"}`,
				"whispered":    `{"status":"ok","response":{}}`,
				"whisperAtBob": `{"from":"","text":"psst"}`,
				"pushed":       `{"tock":true}`,
				"mistake":      `{"status":"error","response":{"reason":"invalid payload","field":"text","want":"string","got":"number"}}`,
				"unknown":      `{"status":"error","response":{"reason":"unknown event"}}`,
				"later":        `{"status":"ok","response":"at last"}`,
				"heard":        `[]`,
				"left":         `{"status":"ok","response":{}}`,
				"again":        `{"status":"ok","response":{"since":8,"user":"ann"}}`,
				"closed":       `"closed"`,
			} {
				if want := value(t, want); !reflect.DeepEqual(got[key], want) {
					t.Errorf("%s = %v, want %v", key, got[key], want)
				}
			}
			if never, _ := got["never"].(map[string]any); never["status"] != "timeout" {
				t.Errorf("a push without an answer ends with %v, want a timeout", never)
			}
		})
	}
}

func TestOfficialClientRejoinsACrashedChannel(t *testing.T) {
	t.Parallel()
	for _, transport := range channelTransports {
		t.Run(transport, func(t *testing.T) {
			t.Parallel()
			_, address := channelApp(t)
			var got struct {
				Errors, OtherErrors, Joins int
				Fresh, Before, Kept        struct{ Response int }
			}
			speak(t, address, transport, "crash", nil, &got)
			if got.Errors != 1 || got.OtherErrors != 0 || got.Joins != 2 {
				t.Errorf("%+v, want one error, none of the other channel, two joins", got)
			}
			if got.Fresh.Response != 1 || got.Before.Response != 1 || got.Kept.Response != 2 {
				t.Errorf("counts %+v, want a fresh channel and the other as it was", got)
			}
		})
	}
}

func TestOfficialClientSendsAndGetsBytes(t *testing.T) {
	t.Parallel()
	const bytes = "0,1,10,13,34,92,128,255"
	for transport, want := range map[string]string{"websocket": bytes, "longpoll": "AAEKDSJcgP8="} {
		t.Run(transport, func(t *testing.T) {
			t.Parallel()
			_, address := channelApp(t)
			var got map[string]any
			speak(t, address, transport, "binary", nil, &got)
			for _, key := range []string{"reply", "pushed", "broadcast"} {
				if got[key] != want {
					t.Errorf("%s = %v, want %v", key, got[key], want)
				}
			}
			if want := value(t, `{"status":"error","response":{"reason":"want binary data"}}`); !reflect.DeepEqual(got["mistake"], want) {
				t.Errorf("JSON in place of bytes: %v, want %v", got["mistake"], want)
			}
			if want := value(t, `{"status":"error","response":{"reason":"want JSON"}}`); !reflect.DeepEqual(got["other"], want) {
				t.Errorf("bytes in place of JSON: %v, want %v", got["other"], want)
			}
		})
	}
}

func TestOfficialClientShowsPresence(t *testing.T) {
	t.Parallel()
	for _, transport := range channelTransports {
		t.Run(transport, func(t *testing.T) {
			t.Parallel()
			_, address := channelApp(t)
			var got struct {
				Log [][]any
				Raw []struct{ Joins, Leaves map[string]any }
			}
			speak(t, address, transport, "presence", nil, &got)
			want := value(t, `[["join","ann",false,"fine"],["join","bob",false,"fine"],["join","bob",true,"fine"],["leave","bob",1,"fine"],
				["join","bob",true,"merry"],["leave","bob",1,"fine"],["leave","bob",0,"merry"]]`)
			var log any = value(t, string(must(json.Marshal(got.Log))))
			if !reflect.DeepEqual(log, want) {
				t.Errorf("the client was told\n%v, want\n%v", log, want)
			}
			for _, d := range got.Raw {
				if d.Joins == nil || d.Leaves == nil {
					t.Errorf("a diff has no joins or no leaves: %v", d)
				}
			}
		})
	}
}

func must(b []byte, err error) []byte {
	if err != nil {
		panic(err)
	}
	return b
}

func TestOfficialClientIsDisconnected(t *testing.T) {
	t.Parallel()
	for _, transport := range channelTransports {
		t.Run(transport, func(t *testing.T) {
			t.Parallel()
			app, address := channelApp(t)
			var got struct {
				Refused          string
				Joins, BobClosed int
			}
			speak(t, address, transport, "disconnect", func() {
				if n := app.Disconnect("users:ann"); n != 1 {
					t.Errorf("Disconnect ended %d sockets, want 1", n)
				}
			}, &got)
			if got.Refused != "refused" || got.Joins != 2 || got.BobClosed != 0 {
				t.Errorf("%+v, want one refused, and one of two disconnected, who joins again", got)
			}
		})
	}
}

func TestOfficialClientHasATokenInNoAddress(t *testing.T) {
	t.Parallel()
	for _, transport := range channelTransports {
		t.Run(transport, func(t *testing.T) {
			t.Parallel()
			_, address := channelApp(t)
			var got map[string]any
			speak(t, address, transport, "token", nil, &got)
			if got["status"] != "ok" || got["ping"] != true && transport == "websocket" {
				t.Errorf("%v", got)
			}
		})
	}
}
