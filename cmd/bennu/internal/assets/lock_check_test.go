package assets

import (
	"strings"
	"testing"
)

func TestCheckLock(t *testing.T) {
	t.Parallel()
	const (
		root   = `"": {"dependencies": {"css": "1.0.0"}, "devDependencies": {"cli": "2.0.0"}}`
		css    = `, "node_modules/css": {"version": "1.0.0", "integrity": "sha512-a"}`
		cli    = `, "node_modules/cli": {"version": "2.0.0", "integrity": "sha512-b", "optionalDependencies": {"cli-mac": "2.0.0"}}`
		mac    = `, "node_modules/cli-mac": {"version": "2.0.0", "integrity": "sha512-c", "optional": true}`
		nested = `, "node_modules/cli/node_modules/cli-mac": {"version": "2.0.0", "integrity": "sha512-c", "optional": true}`
		blank  = `, "node_modules/cli-mac": {"version": "2.0.0", "optional": true}`
		asked  = `{"dependencies": {"css": "1.0.0"}, "devDependencies": {"cli": "2.0.0"}}`
	)
	locks := func(packages string) string { return `{"lockfileVersion": 3, "packages": {` + packages + `}}` }
	for _, tt := range []struct {
		name, pkg, lock string
		n               int
		want            string
	}{
		{"all there", asked, locks(root + css + cli + mac), 3, ""},
		{"nested", asked, locks(root + css + cli + nested), 3, ""},
		{"one system's only", asked, locks(root + css + cli), 0, "package-lock.json lacks cli-mac, which cli needs on another system"},
		{"no checksum", asked, locks(root + css + cli + blank), 0, "lacks cli-mac"},
		{"older", strings.Replace(asked, "1.0.0", "1.1.0", 1), locks(root + css + cli + mac), 0, `package.json wants css 1.1.0, package-lock.json was made for "1.0.0"`},
		{"one more", strings.Replace(asked, `"cli"`, `"new": "3.0.0", "cli"`, 1), locks(root + css + cli + mac), 0, `package.json wants new 3.0.0, package-lock.json was made for ""`},
		{"none", asked, "", 0, "package-lock.json is missing"},
		{"no JSON", asked, "{", 0, "package-lock.json: "},
		{"no packages", "", "", 0, ""},
	} {
		files := map[string]string{"app.js": ""}
		if tt.pkg != "" {
			files["package.json"] = tt.pkg
		}
		if tt.lock != "" {
			files["package-lock.json"] = tt.lock
		}
		n, err := project(t, files).CheckLock()
		if n != tt.n || (err == nil) != (tt.want == "") || err != nil && !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: CheckLock = %d, %v, want %d, %q", tt.name, n, err, tt.n, tt.want)
		}
	}
}
