package feed

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// Post is a note of the watch at the river.
type Post struct {
	ID    int
	By    string
	About string
	Text  string
	Liked bool
}

// Topics are what posts are about.
var Topics = []string{"birds", "water", "sky"}

var (
	watchers = [...]string{"Asta", "Caspar", "Fenna", "Goro", "Ilja", "Kaia", "Nuru", "Suna", "Tebo", "Yara"}
	seen     = map[string][]string{
		"birds": {
			"Two herons on the far bank, one of them asleep on one leg.",
			"The ibises came in late and all at once.",
			"Somebody is building a nest on the old gauge again.",
			"A kingfisher, gone before anyone else had turned round.",
			"Counted the egrets three times and got three numbers. The middle one goes into the book.",
		},
		"water": {
			"The river is a hand higher than yesterday.",
			"Clear down to the stones this morning.",
			"Driftwood all along the landing; mind the boats.",
			"So still that the far bank stands in it upside down.",
			"Brown and quick after the rain in the hills. The ferry waits, and so do we, with tea.",
		},
		"sky": {
			"Fog until ten, then suddenly none.",
			"The sun came up exactly behind the second pylon.",
			"One cloud. It has been there since noon.",
			"Wind from the north, and sand in everything.",
			"A red evening. Nobody said anything for a quarter of an hour, which has not happened before.",
		},
	}
)

// write is the post with the number id: always the same one, so that every
// visitor begins with the same feed.
func write(id int) Post {
	r := rand.New(rand.NewPCG(uint64(id), 7))
	about := topic(id)
	texts := seen[about]
	first := r.IntN(len(texts))
	text := texts[first]
	if r.IntN(3) == 0 {
		text += " " + texts[(first+1+r.IntN(len(texts)-1))%len(texts)]
	}
	return Post{ID: id, By: watchers[r.IntN(len(watchers))], About: about, Text: text}
}

// topic is what the post with the number id is about.
func topic(id int) string { return Topics[id%len(Topics)] }

// number writes a number with commas, 1,200.
func number(n int) string {
	text := fmt.Sprint(n)
	if len(text) <= 3 {
		return text
	}
	return strings.Join([]string{text[:len(text)-3], text[len(text)-3:]}, ",")
}
