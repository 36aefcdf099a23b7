package render

// What tests in package render_test share with those in package render.

type Client = client

func NewClient() *Client { return newClient() }

// Apply merges the members of a diff and returns the HTML the page then shows.
func (c *Client) Apply(members []byte) (html string, err error) { return c.apply(members) }

var NewTemplate = newTemplate

// Words returns a copy of the tape.
func (s *State) Words() []uint64 { return append([]uint64(nil), s.words...) }

var Steps = steps

const RaceEnabled = raceEnabled
