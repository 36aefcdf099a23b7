package doctor

import (
	"cmp"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// ourPort is how an error names a port that bennu dev has.
const ourPort = "is taken by bennu ("

func (d doctor) port() Finding {
	const name = "port"
	port := cmp.Or(d.Getenv("PORT"), "4000")
	if _, err := strconv.ParseUint(port, 10, 16); err != nil {
		return wrong(name, fmt.Sprintf("PORT is %q, want a number from 0 to 65535", port), "PORT=4000")
	}
	err := d.Port(":" + port)
	switch {
	case err == nil:
		return well(name, port+" is free")
	case strings.Contains(err.Error(), ourPort):
		return well(name, port+" is served by bennu dev")
	}
	text, fix, ok := strings.Cut(err.Error(), ": ")
	if !ok || !strings.HasPrefix(text, "port ") {
		text, fix = err.Error(), "choose another one: PORT=4001 bennu dev"
	}
	return wrong(name, text, fix)
}

// variables are what an app reads from its environment, what there is to say
// when they are not set, and how to mend them.
var variables = []struct{ finding, name, unset, set, fix string }{
	{"secret", "SECRET_KEY_BASE", "not set; bennu dev makes one of its own, in production it is required: bennu gen secret",
		"set", "SECRET_KEY_BASE=$(bennu gen secret)"},
	{"origins", "BENNU_ORIGINS", "not set: pages connect to the host that they came from, which is right unless a proxy changes the Host header",
		"", "name the sites as browsers see them: BENNU_ORIGINS=https://shop.example,https://www.shop.example"},
	{"log", "BENNU_LOG", "", "", "BENNU_LOG=info"},
	{"mode", "BENNU_DEV", "", "", "leave BENNU_DEV to bennu dev, which sets it"},
}

// environment is what the app itself says about its variables.
func (d doctor) environment() []Finding {
	var errs []error
	if err := d.Environment(); err != nil {
		errs = []error{err}
		var joined interface{ Unwrap() []error }
		if errors.As(err, &joined) {
			errs = joined.Unwrap()
		}
	}
	var found []Finding
	for _, v := range variables {
		value := d.Getenv(v.name)
		if value == "" {
			if v.unset != "" {
				found = append(found, well(v.finding, v.unset))
			}
			continue
		}
		if err := about(errs, v.name); err != nil {
			found = append(found, wrong(v.finding, strings.TrimPrefix(err.Error(), "bennu: "), v.fix))
			continue
		}
		if v.unset != "" {
			found = append(found, well(v.finding, cmp.Or(v.set, value)))
		}
	}
	return found
}

// about is the error that names the variable, nil for none.
func about(errs []error, name string) error {
	for _, err := range errs {
		if text := err.Error(); strings.HasPrefix(text, "bennu: "+name+":") || strings.Contains(text, "("+name+")") {
			return err
		}
	}
	return nil
}
