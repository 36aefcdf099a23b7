package telemetry

import "time"

// View is the live view that something is about.
type View struct {
	Name      string // its Go type, as in counter.Page
	Route     string // the pattern of its route, "" for a nested view
	ID        string // of its element
	Process   uint64 // its number in this process
	Transport string // "http" while a page is drawn, then "websocket" or "longpoll"
	RequestID string // of the request that drew the page or opened the socket
	Trace     string // the traceparent header of that request, "" without one
}

// Request is a request over HTTP that was answered.
type Request struct {
	Method, Route string // Route is the pattern, "" for what no route answers
	Status        int
	Start         time.Time
	Duration      time.Duration
	RequestID     string
	Trace         string
}

// Connect is a socket that was opened, and Disconnect its end.
type Connect struct {
	Transport string // "websocket" or "longpoll"
	RequestID string
	Trace     string
	Start     time.Time
	Duration  time.Duration
}

// Mount is the end of a view's mount: of its hooks, Mount and HandleParams.
type Mount struct {
	View      View
	Connected bool // false: for the page that is sent first
	Start     time.Time
	Duration  time.Duration
	Err       error
}

// Join is a socket's view that was joined, or refused with an error. Duration
// is from the arrival of the join to its answer.
type Join struct {
	View     View
	Start    time.Time
	Duration time.Duration
	Bytes    int // of the answer, if it was no error
	Err      error
}

// Params is a run of HandleParams.
type Params struct {
	View     View
	Start    time.Time
	Duration time.Duration
	Err      error
}

// Event is an event of the client, handled by a view or, if Component is its
// type, by one of its live components.
type Event struct {
	View      View
	Name      string
	Known     bool // there is a handler: Name is not just what a client sent
	Component string
	Form      bool // what came was a form
	Start     time.Time
	Duration  time.Duration
	Err       error
}

// Message is a message from inside the program: a topic's, a timer's, one of
// Ref.Send, the result of a task.
type Message struct {
	View     View
	Type     string // "message chat.Line", "timer tick", "task orders", …
	Start    time.Time
	Duration time.Duration
	Err      error
}

// Render is what a view drew of its changes, and how many bytes they were.
type Render struct {
	View     View
	Cause    string // "page", "join", "event" or "message"
	Start    time.Time
	Duration time.Duration
	Bytes    int // 0: nothing had changed
	Err      error
}

// Component is something in the life of a live component.
type Component struct {
	View     View
	Type, ID string
	What     string // "mount", "update" or "destroyed"
	Start    time.Time
	Duration time.Duration
	Err      error
}

// Task is background work of a view that has ended.
type Task struct {
	View     View
	Name     string
	Start    time.Time
	Duration time.Duration
	Err      error
}

// Crash is the end of a view by an error or a panic.
type Crash struct {
	View  View
	Event string // in which event, "" for none
	Err   error
}

// Leave is the end of a view that had been joined.
type Leave struct {
	View   View
	Reason string // "left", "socket closed", "crashed", "drained", …
}

// Drain is the end of an App that was asked to stop.
type Drain struct {
	Sockets  int // that were open
	Duration time.Duration
	Err      error // what did not end in time
}
