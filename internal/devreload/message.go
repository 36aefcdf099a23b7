package devreload

import "encoding/json"

// Path is where a [Hub] answers, below the prefix that an App is mounted under.
const Path = "/bennu/live_reload/"

// What `bennu dev` sets for the app that it starts.
const (
	// EnvDev switches development on.
	EnvDev = "BENNU_DEV"
	// EnvListen is the number of the open, listening socket.
	EnvListen = "BENNU_LISTEN_FD"
	// EnvControl is the number of the pipe with messages for the app. The app
	// answers on the number after it.
	EnvControl = "BENNU_CONTROL_FD"
	// EnvAssets is the directory of the bundles made for development.
	EnvAssets = "BENNU_ASSETS_DIR"
	// EnvColor says that what the app logs is shown on a terminal.
	EnvColor = "BENNU_DEV_COLOR"
)

// The types of a [Message].
const (
	Hello    = "hello"    // to a browser, first: the build that serves this socket
	CSS      = "css"      // the style sheets have changed, nothing else
	Reload   = "reload"   // the page has to be loaded again
	Error    = "error"    // something does not compile; shown until OK or a reload
	OK       = "ok"       // what was wrong is right again
	Handover = "handover" // to the app: a newer build accepts connections now
	Ready    = "ready"    // from the app: it accepts connections
)

// Message is what travels to browsers and between the app and `bennu dev`.
type Message struct {
	Type  string `json:"type"`
	Build string `json:"build,omitempty"` // with Hello
	Problem
	More []Problem `json:"more,omitempty"` // with Error: all problems after the first
}

// Problem is one thing that does not compile or does not start.
type Problem struct {
	Tool    string `json:"tool,omitempty"` // who says so: templ, go, esbuild, tailwind, app
	File    string `json:"file,omitempty"` // relative to the app, when known
	Line    int    `json:"line,omitempty"` // counted from 1
	Col     int    `json:"col,omitempty"`  // counted from 1
	Message string `json:"message,omitempty"`
	Source  string `json:"source,omitempty"` // the text of the line
}

// ErrorMessage is the message that shows all of the problems, or the OK
// message when there are none.
func ErrorMessage(problems []Problem) Message {
	if len(problems) == 0 {
		return Message{Type: OK}
	}
	return Message{Type: Error, Problem: problems[0], More: problems[1:]}
}

// encode is the message as JSON. Its fields are strings and numbers, for which
// encoding cannot fail.
func (m Message) encode() []byte {
	text, err := json.Marshal(m)
	if err != nil {
		panic("devreload: " + err.Error())
	}
	return text
}

// AppendLine appends the message as one line of the pipes.
func (m Message) AppendLine(dst []byte) []byte {
	return append(append(dst, m.encode()...), '\n')
}
