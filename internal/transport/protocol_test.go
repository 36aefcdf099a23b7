package transport

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/gobwas/ws"

	"bennu/live"
)

// The tests are named by the items of the protocol's conformance checklist.

func TestItem01UpgradeIsAnswered101(t *testing.T) {
	onEach(t, Options{}, func(t *testing.T, s *site) {
		for _, query := range []string{
			"vsn=2.0.0",
			"_csrf_token=C&_mounts=0&_mount_attempts=0&_live_referer=undefined&vsn=2.0.0",
			"vsn=2.0.7", "vsn=2.0.0%2Bbuild.5", "vsn=1.0.0&vsn=2.0.0",
		} {
			c, err := s.upgrade(ws.Dialer{}, query)
			if err != nil {
				t.Errorf("%s: %v", query, err)
				continue
			}
			if err := c.nc.Close(); err != nil {
				t.Error(err)
			}
		}
	})
}

func TestItem02OtherVersionsAreForbidden(t *testing.T) {
	onEach(t, Options{}, func(t *testing.T, s *site) {
		for _, query := range []string{
			"", "vsn=", "vsn=1.0.0", "vsn=abc", "vsn[]=2", "vsn[]=2.0.0", "vsn=2", "vsn=2.0", "vsn=2.1.0", "vsn=2.0.0-rc.1",
			"vsn=2.0.01", "vsn=2.0.", "vsn=2.0.x", "vsn=2.0.0%2B", "vsn=2.0.0.0", "vsn=+2.0.0", "vsn=2.0.0&vsn=3.0.0",
		} {
			_, err := s.upgrade(ws.Dialer{}, query)
			var status ws.StatusError
			if !errors.As(err, &status) || int(status) != 403 {
				t.Errorf("%q: %v, want status 403", query, err)
			}
		}
	})
}

func TestItem08BearerTokenAsSubprotocol(t *testing.T) {
	onEach(t, Options{AuthToken: true}, func(t *testing.T, s *site) {
		d := ws.Dialer{Protocols: []string{"phoenix", "base64url.bearer.phx.c2VjcmV0"}}
		c, err := s.upgrade(d, "vsn=2.0.0")
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = c.nc.Close() }()
		if c.selected != "phoenix" {
			t.Errorf("selected %q, want phoenix", c.selected)
		}
		c.tb = t
		c.join("1", "lv:a")
		if j, _ := s.host.last(); j.Conn.AuthToken != "secret" {
			t.Errorf("token %q, want %q", j.Conn.AuthToken, "secret")
		}
		for _, offered := range [][]string{{"chat"}, {"phoenix", "base64url.bearer.phx.*"}, {"phoenix", "base64url.bearer.phx.YQ", "base64url.bearer.phx.YQ"}} {
			_, err := s.upgrade(ws.Dialer{Protocols: offered}, "vsn=2.0.0")
			var status ws.StatusError
			if !errors.As(err, &status) || int(status) != 403 {
				t.Errorf("%q: %v, want status 403", offered, err)
			}
		}
	})
}

func TestItem09HeartbeatIsAnswered(t *testing.T) {
	onEach(t, Options{}, func(t *testing.T, s *site) {
		c := s.connect(t)
		c.send(`[null,"7","phoenix","heartbeat",{}]`)
		c.want(`[null,"7","phoenix","phx_reply",{"status":"ok","response":{}}]`)
		// Also while a handler is busy.
		c.join("1", "lv:a")
		c.send(`["1","8","lv:a","block",{}]`, `[null,"9","phoenix","heartbeat",{}]`)
		c.want(`[null,"9","phoenix","phx_reply",{"status":"ok","response":{}}]`)
		close(s.host.hold)
		c.want(`["1","8","lv:a","phx_reply",{"status":"ok","response":{"late":true}}]`)
	})
}

func TestItem11ReplyCarriesRefAndJoinRef(t *testing.T) {
	onEach(t, Options{}, func(t *testing.T, s *site) {
		c := s.connect(t)
		c.join("4", "lv:a")
		for _, ref := range []string{"5", "007", "x y", ""} {
			c.send(`["4","` + ref + `","lv:a","echo",{"a":[1,{"b":null}]}]`)
			c.want(`["4","` + ref + `","lv:a","phx_reply",{"status":"ok","response":{"a":[1,{"b":null}]}}]`)
		}
	})
}

func TestItem12PushHasNoRef(t *testing.T) {
	onEach(t, Options{}, func(t *testing.T, s *site) {
		c := s.connect(t)
		c.join("4", "lv:a")
		c.send(`["4","5","lv:a","push",{"0":"1"}]`)
		c.want(`["4",null,"lv:a","diff",{"0":"1"}]`)
	})
}

func TestItem13JoinOfAnUnknownTopicIsUnmatched(t *testing.T) {
	onEach(t, Options{}, func(t *testing.T, s *site) {
		c := s.connect(t)
		c.send(`["4","4","room:1","phx_join",{}]`)
		c.want(`[null,"4","room:1","phx_reply",{"status":"error","response":{"reason":"unmatched topic"}}]`)
		c.wantQuiet()
	})
}

func TestItem14MessageToAnUnknownTopicIsUnmatched(t *testing.T) {
	onEach(t, Options{}, func(t *testing.T, s *site) {
		c := s.connect(t)
		c.send(`["4","5","lv:a","event",{}]`, `["4","6","phoenix","event",{}]`, `[null,"7","lv:a","heartbeat",{}]`)
		c.want(`[null,"5","lv:a","phx_reply",{"status":"error","response":{"reason":"unmatched topic"}}]`,
			`[null,"6","phoenix","phx_reply",{"status":"error","response":{"reason":"unmatched topic"}}]`,
			`[null,"7","lv:a","phx_reply",{"status":"error","response":{"reason":"unmatched topic"}}]`)
	})
}

func TestItem15LeaveOfAnUnknownTopicIsFine(t *testing.T) {
	onEach(t, Options{}, func(t *testing.T, s *site) {
		c := s.connect(t)
		c.send(`[null,"5","lv:","phx_leave",{}]`, `["4","6","lv:a","phx_leave",{}]`)
		c.want(`[null,"5","lv:","phx_reply",{"status":"ok","response":{}}]`,
			`["4","6","lv:a","phx_reply",{"status":"ok","response":{}}]`)
	})
}

func TestItem16LeaveStopsTheView(t *testing.T) {
	onEach(t, Options{}, func(t *testing.T, s *site) {
		c := s.connect(t)
		c.join("4", "lv:a")
		c.send(`["4","5","lv:a","phx_leave",{}]`)
		c.want(`["4","4","lv:a","phx_close",{}]`, `["4","5","lv:a","phx_reply",{"status":"ok","response":{}}]`)
		s.host.wantEnd(t, live.Left)
		// What the view had still to say is not sent.
		c.join("6", "lv:a")
		c.send(`["6","7","lv:a","block",{}]`, `["6","8","lv:a","phx_leave",{}]`)
		c.want(`["6","6","lv:a","phx_close",{}]`, `["6","8","lv:a","phx_reply",{"status":"ok","response":{}}]`)
		close(s.host.hold)
		s.host.wantEnd(t, live.Left)
		c.wantQuiet()
	})
}

func TestItem17TwoLeavesAreBothFine(t *testing.T) {
	onEach(t, Options{}, func(t *testing.T, s *site) {
		c := s.connect(t)
		c.send(`["4","4","lv:refuse-a","phx_join",{}]`)
		c.want(`["4","4","lv:refuse-a","phx_reply",{"status":"error","response":{"reason":"stale"}}]`)
		c.send(`["4","5","lv:refuse-a","phx_leave",{}]`, `["4","6","lv:refuse-a","phx_leave",{}]`)
		c.want(`["4","5","lv:refuse-a","phx_reply",{"status":"ok","response":{}}]`,
			`["4","6","lv:refuse-a","phx_reply",{"status":"ok","response":{}}]`)
	})
}

func TestItem18SecondJoinSupersedesTheFirst(t *testing.T) {
	onEach(t, Options{}, func(t *testing.T, s *site) {
		c := s.connect(t)
		c.join("4", "lv:a")
		c.send(`["9","9","lv:a","phx_join",{}]`)
		c.want(`["4","4","lv:a","phx_close",{}]`, `["9","9","lv:a","phx_reply",{"status":"ok","response":{}}]`)
		s.host.wantEnd(t, live.Superseded)
		c.send(`["9","10","lv:a","echo",{}]`)
		c.want(`["9","10","lv:a","phx_reply",{"status":"ok","response":{}}]`)
	})
}

func TestItem19StaleJoinRefIsDropped(t *testing.T) {
	onEach(t, Options{}, func(t *testing.T, s *site) {
		c := s.connect(t)
		c.join("4", "lv:a")
		c.send(`["9","9","lv:a","phx_join",{}]`)
		c.want(`["4","4","lv:a","phx_close",{}]`, `["9","9","lv:a","phx_reply",{"status":"ok","response":{}}]`)
		c.send(`["4","10","lv:a","echo",{}]`, `["4","11","lv:a","phx_leave",{}]`, `["","12","lv:a","echo",{}]`)
		c.wantQuiet()
		c.send(`["9","13","lv:a","echo",{}]`)
		c.want(`["9","13","lv:a","phx_reply",{"status":"ok","response":{}}]`)
	})
}

func TestItem20NullJoinRefIsTaken(t *testing.T) {
	onEach(t, Options{}, func(t *testing.T, s *site) {
		c := s.connect(t)
		c.join("4", "lv:a")
		c.send(`[null,"5","lv:a","echo",{}]`)
		c.want(`["4","5","lv:a","phx_reply",{"status":"ok","response":{}}]`)
		c.send(`[null,"6","lv:a","phx_leave",{}]`)
		c.want(`["4","4","lv:a","phx_close",{}]`, `["4","6","lv:a","phx_reply",{"status":"ok","response":{}}]`)
		c.send(`[null,"7","lv:a","phx_join",{}]`)
		c.want(`["7","7","lv:a","phx_reply",{"status":"ok","response":{}}]`)
		c.send(`[null,null,"lv:b","phx_join",{}]`)
		c.want(`[null,null,"lv:b","phx_reply",{"status":"error","response":{"reason":"join without ref"}}]`)
	})
}

func TestItem21JoinsAreLimited(t *testing.T) {
	onEach(t, Options{}, func(t *testing.T, s *site) {
		c := s.connect(t)
		for i := range 100 {
			c.join(fmt.Sprint(i), fmt.Sprintf("lv:%d", i))
		}
		for i := 100; i < 300; i++ { // faults: row 22
			c.send(fmt.Sprintf(`["%d","%d","lv:%d","phx_join",{}]`, i, i, i))
			c.want(fmt.Sprintf(`["%d","%d","lv:%d","phx_reply",{"status":"error","response":{"reason":"too many channels joined"}}]`, i, i, i))
		}
		// The connection stays of use: a topic may be joined anew, and in place of another.
		c.send(`["500","500","lv:7","phx_join",{}]`)
		c.want(`["7","7","lv:7","phx_close",{}]`, joinReply("500", "lv:7"))
		c.send(`["8","501","lv:8","phx_leave",{}]`)
		c.want(`["8","8","lv:8","phx_close",{}]`, `["8","501","lv:8","phx_reply",{"status":"ok","response":{}}]`)
		c.join("502", "lv:new")
	})
}

func TestItem22CrashEndsOneTopicOnly(t *testing.T) {
	onEach(t, Options{}, func(t *testing.T, s *site) {
		c := s.connect(t)
		c.join("4", "lv:a")
		c.join("5", "lv:b")
		c.send(`["4","6","lv:a","crash",{}]`)
		c.want(`["4","4","lv:a","phx_error",{"reason":"channel_crash"}]`)
		c.send(`["5","7","lv:b","echo",{}]`)
		c.want(`["5","7","lv:b","phx_reply",{"status":"ok","response":{}}]`)
		c.send(`["4","8","lv:a","echo",{}]`)
		c.want(`[null,"8","lv:a","phx_reply",{"status":"error","response":{"reason":"unmatched topic"}}]`)
		c.join("9", "lv:a")
	})
}

func TestItem23CrashInTheJoinRefusesIt(t *testing.T) {
	onEach(t, Options{}, func(t *testing.T, s *site) {
		c := s.connect(t)
		for _, topic := range []string{"lv:crash", "lv:panic"} {
			c.send(`["4","4","` + topic + `","phx_join",{}]`)
			c.want(`["4","4","` + topic + `","phx_reply",{"status":"error","response":{"reason":"join crashed"}}]`)
			c.wantQuiet()
		}
	})
}

func TestItem24BinaryFrame(t *testing.T) {
	onEach(t, Options{}, func(t *testing.T, s *site) {
		c := s.connect(t)
		c.join("12", "lv:0")
		c.raw(frame(ws.OpBinary, true, "\x00\x02\x01\x04\x0512"+"7"+"lv:0"+"chunk"+"abc"))
		c.want(`["12","7","lv:0","phx_reply",{"status":"ok","response":{"bytes":"abc"}}]`)
	})
}

func TestItem25BinaryFrameThatLies(t *testing.T) {
	onEach(t, Options{}, func(t *testing.T, s *site) {
		other := s.connect(t)
		other.join("1", "lv:a")
		for _, text := range []string{"", "\x00", "\x00\x02\x01", "\x00\xff\xff\xff\xff", "\x00\x02\x01\x04\xff12" + "7lv:0chunkabc", "\x05\x00\x00\x00\x00"} {
			c := s.connect(t)
			c.raw(frame(ws.OpBinary, true, text))
			c.wantClose(CloseInvalid)
		}
		other.send(`["1","2","lv:a","echo",{}]`)
		other.want(`["1","2","lv:a","phx_reply",{"status":"ok","response":{}}]`)
	})
}

func TestItem35SocketsAreIndependent(t *testing.T) {
	onEach(t, Options{}, func(t *testing.T, s *site) {
		a, b := s.connect(t), s.connect(t)
		a.join("4", "lv:x")
		b.join("4", "lv:x")
		a.send(`["4","5","lv:x","crash",{}]`)
		a.want(`["4","4","lv:x","phx_error",{"reason":"channel_crash"}]`)
		b.send(`["4","5","lv:x","echo",{}]`)
		b.want(`["4","5","lv:x","phx_reply",{"status":"ok","response":{}}]`)
	})
}

func TestItem63NothingBeforeTheJoinReply(t *testing.T) {
	onEach(t, Options{}, func(t *testing.T, s *site) {
		c := s.connect(t)
		c.join("4", "lv:early")
		c.wantQuiet()
		// A second answer to the join is none.
		c.send(`["4","5","lv:early","refuse",{}]`)
		c.want(`["4","5","lv:early","phx_reply",{"status":"ok","response":{}}]`)
	})
}

func TestCloseAfterRedirect(t *testing.T) {
	onEach(t, Options{}, func(t *testing.T, s *site) {
		c := s.connect(t)
		c.join("4", "lv:a")
		c.send(`["4","5","lv:a","redirect",{}]`)
		c.want(`["4","5","lv:a","phx_reply",{"status":"ok","response":{"live_redirect":{"to":"/","kind":"push"}}}]`,
			`["4","4","lv:a","phx_close",{}]`)
		c.send(`["4","6","lv:a","phx_leave",{}]`)
		c.want(`["4","6","lv:a","phx_reply",{"status":"ok","response":{}}]`)
		c.join("14", "lv:a")
	})
}

func TestFullMailboxFailsTheChannel(t *testing.T) {
	onEach(t, Options{}, func(t *testing.T, s *site) {
		c := s.connect(t)
		c.join("4", "lv:full")
		c.join("5", "lv:b")
		c.send(`["4","6","lv:full","echo",{}]`)
		c.want(`["4","4","lv:full","phx_error",{"reason":"channel_crash"}]`)
		s.host.wantEnd(t, live.Overloaded)
		c.send(`["5","7","lv:b","echo",{}]`)
		c.want(`["5","7","lv:b","phx_reply",{"status":"ok","response":{}}]`)
	})
}

func TestTopicsAndRefsAreEscaped(t *testing.T) {
	onEach(t, Options{}, func(t *testing.T, s *site) {
		c := s.connect(t)
		c.send(`["a\"b","a\"b","lv:\u00e9\n","phx_join",{}]`)
		c.want("[\"a\\\"b\",\"a\\\"b\",\"lv:é\\n\",\"phx_reply\",{\"status\":\"ok\",\"response\":{}}]")
	})
}

func TestLargeMessages(t *testing.T) {
	onEach(t, Options{}, func(t *testing.T, s *site) {
		c := s.connect(t)
		c.join("4", "lv:a")
		c.send(`["4","5","lv:a","big",{}]`)
		c.want(`["4",null,"lv:a","diff",{"0":"`+strings.Repeat("x", 70_000)+`"}]`,
			`["4","5","lv:a","phx_reply",{"status":"ok","response":{"1":"`+strings.Repeat("y", 300)+`"}}]`)
		for _, n := range []int{90, 100, 110, 120, 200, 5_000, 60_000} {
			payload := `{"x":"` + strings.Repeat("z", n) + `"}`
			c.send(`["4","5","lv:a","echo",` + payload + `]`)
			c.want(`["4","5","lv:a","phx_reply",{"status":"ok","response":` + payload + `}]`)
		}
	})
}
