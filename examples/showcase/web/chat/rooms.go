package chat

import (
	"errors"
	"fmt"
	"net/http"
	"sync"

	"bennu/presence"
	"bennu/pubsub"
)

// most is how many rooms a server keeps: anybody may open one.
const most = 200

// Rooms are the rooms that this server knows. Its methods may be called from any
// goroutine.
type Rooms struct {
	hub     *pubsub.Hub
	tracker *presence.Tracker

	mu    sync.Mutex
	rooms map[string]*Room
	order []string // as they were opened
}

// NewRooms are the rooms of a server, whose messages and people go by the hub and
// the tracker.
func NewRooms(hub *pubsub.Hub, tracker *presence.Tracker) *Rooms {
	return &Rooms{hub: hub, tracker: tracker, rooms: make(map[string]*Room)}
}

// A statusError is an error page of its status.
type statusError struct {
	status int
	error
}

// HTTPStatus is that of the error page.
func (e statusError) HTTPStatus() int { return e.status }

// Room is the room of that name, which is opened if it is not.
func (all *Rooms) Room(name string) (*Room, error) {
	if !goodName(name) {
		return nil, statusError{http.StatusNotFound, fmt.Errorf("chat: no room is called %.50q", name)}
	}
	all.mu.Lock()
	defer all.mu.Unlock()
	if r := all.rooms[name]; r != nil {
		return r, nil
	}
	if len(all.rooms) >= most && !all.closeOne() {
		return nil, statusError{http.StatusServiceUnavailable, errors.New("chat: all rooms are taken")}
	}
	r, err := open(all.hub, all.tracker, name)
	if err != nil {
		return nil, err
	}
	all.rooms[name] = r
	all.order = append(all.order, name)
	return r, nil
}

// closeOne closes the oldest room that nobody is in.
func (all *Rooms) closeOne() bool {
	for i, name := range all.order {
		if r := all.rooms[name]; r.People.Count() == 0 {
			r.close()
			delete(all.rooms, name)
			all.order = append(all.order[:i:i], all.order[i+1:]...)
			return true
		}
	}
	return false
}

// goodName reports a name of a room: it is a part of an address and of the names
// of topics, and anybody chooses it.
func goodName(name string) bool {
	const longest = 30
	if name == "" || len(name) > longest {
		return false
	}
	for i, c := range []byte(name) {
		letter := c >= 'a' && c <= 'z' || c >= '0' && c <= '9'
		if !letter && (c != '-' || i == 0) {
			return false
		}
	}
	return true
}
