// Package channeltest drives channels as a client would, in memory: it connects,
// joins topics, pushes events, and says what was answered and sent.
//
//	func TestSay(t *testing.T) {
//		s := channeltest.Serve(t, web.Sockets(store))
//		ann := s.Connect(channeltest.Params{"user": "ann"}).Join("room:lobby", nil)
//		bob := s.Connect(channeltest.Params{"user": "bob"}).Join("room:lobby", nil)
//
//		ann.Push("say", map[string]string{"text": "hello"}).RequireOK(nil)
//
//		var line chat.Line
//		bob.RequirePush("said", &line)
//	}
//
// A wait ends when what it waits for has come, and fails the test when that does
// not happen for long, or can not any more. A channel that crashes fails the test
// with the error, unless [Topic.RequireCrashed] has asked for it.
package channeltest
