// Package id has ids that are missing or there twice.
package id

import "github.com/a-h/templ"

type box struct{}

func (box) Render() templ.Component {
	if false {
		return part("never")
	}
	return part("box")
}

func pick(on bool) templ.Component {
	if on {
		return part("a")
	}
	return other()
}
