package pages

import "testing"

// BenchmarkOurs runs each side of ours alone, for a profile or for a comparison
// of two versions: go test -bench 'Ours/table' -cpuprofile cpu.out.
func BenchmarkOurs(b *testing.B) {
	for _, c := range Cases() {
		for _, side := range c.Ours {
			b.Run(c.Name+"/"+side.Name, func(b *testing.B) {
				r, i := side.New(), 0
				b.ReportAllocs()
				for b.Loop() {
					if _, err := r.do(i); err != nil {
						b.Fatal(err)
					}
					if err := r.undo(i); err != nil {
						b.Fatal(err)
					}
					i++
				}
			})
		}
	}
}
