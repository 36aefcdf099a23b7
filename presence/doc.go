// Package presence knows who is here: in a room, on a page, at a document, on
// whichever node of a cluster. There is no leader and nothing to run beside the
// program: each node owns what it tracks, tells the others what has changed and
// from time to time that it is alive, and takes what a node has told out of the
// lists when nothing has been heard of it for a while.
//
// It is eventually consistent. A list shows on every node what its owner has
// told last; a node that cannot be reached takes its people along, on the other
// side of the cut, and brings them back when it can be reached again.
//
//	room := presence.NewTopic[Member](tracker, "room:"+id)
//	here, err := room.Track(user.ID, Member{Name: user.Name, Since: time.Now()})
//	…
//	here.Update(Member{Name: user.Name, Typing: true})
//	here.Untrack()
//
// replica.go is the whole of the rules, without a clock and without a network;
// [Tracker] runs it over a pubsub hub.
package presence
