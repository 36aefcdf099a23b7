package assets

// Installed reports whether node_modules is what the lock asks for, and so
// whether Setup would have nothing to do. A project without packages has them
// all.
func (p Project) Installed() (bool, error) {
	if !isFile(p.path("package.json")) {
		return true, nil
	}
	return p.installed()
}
