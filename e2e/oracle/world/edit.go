package world

import "slices"

// maxList bounds most lists, which grow more often than they shrink.
const maxList = 30

// edit does to a list what users do to lists, and returns another one. Where
// twins may be, an entry may come to stand there twice, with the same key.
func edit[T any](r *Chance, list []T, longest int, twins bool, make func() T, change func(*T)) []T {
	s := slices.Clone(list)
	if len(s) == 0 {
		return append(s, make())
	}
	if len(s) > longest && r.One(3) {
		return s[:3]
	}
	i, j := r.IntN(len(s)), r.IntN(len(s))
	switch r.IntN(12) {
	case 0:
		return slices.Insert(s, i, make())
	case 1:
		return append(s, make())
	case 2:
		return slices.Delete(s, i, i+1)
	case 3: // move
		x := s[i]
		return slices.Insert(slices.Delete(s, i, i+1), j, x)
	case 4: // move and change
		s[i], s[j] = s[j], s[i]
		change(&s[j])
	case 5:
		r.Shuffle(len(s), func(i, j int) { s[i], s[j] = s[j], s[i] })
	case 6:
		if twins {
			return slices.Insert(s, j, s[i])
		}
		change(&s[i])
	case 7: // truncate
		if r.One(8) {
			return nil
		}
		return s[:i]
	case 8: // insert on top
		return slices.Insert(s, 0, make(), make())
	case 9:
		slices.Reverse(s)
	default:
		change(&s[i])
	}
	return s
}
