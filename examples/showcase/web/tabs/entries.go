package tabs

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
)

// Entry is a line of the log book of a season.
type Entry struct {
	Day  int
	Bird string
	Text string
}

// season is a tab.
type season struct {
	Slug, Name string
	days       int // on which something was seen
}

var seasons = []season{
	{"spring", "Spring", 48},
	{"summer", "Summer", 36},
	{"autumn", "Autumn", 40},
	{"winter", "Winter", 5},
}

var (
	birds = [...]string{"Bittern", "Crane", "Egret", "Grey heron", "Ibis", "Kingfisher", "Spoonbill", "White stork"}
	doing = [...]string{"on the sandbank, by itself", "in the reeds, heard only", "overhead, going north", "with young", "at the landing, not shy at all", "fishing below the weir"}
)

// entries are those of a season: the same for everybody.
func (s season) entries() []Entry {
	r := rand.New(rand.NewPCG(uint64(len(s.Slug)), uint64(s.days)))
	all := make([]Entry, s.days)
	for i := range all {
		all[i] = Entry{i + 1, birds[r.IntN(len(birds))], doing[r.IntN(len(doing))]}
	}
	return all
}

// find is the season of an address.
func find(slug string) (season, bool) {
	i := slices.IndexFunc(seasons, func(s season) bool { return s.Slug == slug })
	if i < 0 {
		return season{}, false
	}
	return seasons[i], true
}

// matching are the entries in which a text stands, in large letters or small.
func matching(all []Entry, text string) []Entry {
	text = strings.ToLower(strings.TrimSpace(text))
	var found []Entry
	for _, e := range all {
		if strings.Contains(strings.ToLower(fmt.Sprint("day ", e.Day, " ", e.Bird, " ", e.Text)), text) {
			found = append(found, e)
		}
	}
	return found
}
