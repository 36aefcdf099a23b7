package dev

// CheckPort reports why nothing can listen on the address, who does if that can
// be seen, and the way out.
func CheckPort(addr string) error {
	p, err := openPort(addr, defaultCommand)
	if err != nil {
		return err
	}
	return p.Close()
}
