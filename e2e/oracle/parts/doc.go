// Package parts has a page of live components and streams that changes at
// random, and next to it what that page has to look like, without any of the
// machinery that it goes through: the components are drawn as plain templates,
// the streams as lists that a model keeps.
package parts
