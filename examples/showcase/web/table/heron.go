package table

import "math/rand/v2"

// Heron is a row: a ringed bird and how often it was seen again.
type Heron struct {
	ID   int
	Name string
	Site string
	Year int // when it was ringed
	Wing int // millimetres
	Mass int // grams
	Sex  string
	Seen int
}

var (
	names = [...]string{"Asta", "Bea", "Caspar", "Dora", "Emil", "Fenna", "Goro", "Hedda", "Ilja", "Jun", "Kaia", "Lino", "Mara", "Nuru", "Oda", "Pip", "Rami", "Suna", "Tebo", "Uma", "Vito", "Wren", "Yara"}
	sites = [...]string{"Aswan", "Camargue", "Doñana", "Fayum", "Hula", "Kerkini", "Luxor", "Po Delta", "Siwa", "Tana", "Texel"}
	sexes = [...]string{"f", "m"}
)

// ring is the heron that gets the number id. The same number is always the
// same bird, so that every visitor starts with the same table.
func ring(id int) Heron {
	r := rand.New(rand.NewPCG(uint64(id), 0))
	return Heron{
		ID:   id,
		Name: names[r.IntN(len(names))],
		Site: sites[r.IntN(len(sites))],
		Year: 2004 + r.IntN(21),
		Wing: 430 + r.IntN(60),
		Mass: 1200 + r.IntN(800),
		Sex:  sexes[r.IntN(len(sexes))],
		Seen: r.IntN(30),
	}
}
