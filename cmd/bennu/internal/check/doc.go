// Package check looks at the templates and the Go code of an app together and
// reports what neither the compiler nor the generator can see: an event that no
// handler takes, a phx- attribute that the client does not know, a script that
// a patch would never run.
//
// [Run] works in three steps. The templates below a directory are read
// ([readTemplates]) into a tree of elements, branches, loops and calls that is
// all that checks need ([template]). Then the program is loaded with its types
// ([load]), over the Go that the generator would write for the templates, so
// that stale generated files are reported and do not hide anything else. What is
// known of both is a [program]; each check is a function from it to findings, in
// a file of its own. [silence] then takes away what a comment answers for.
//
// # What belongs to what
//
// A template belongs to a view when the view's Render leads to it: directly,
// through other templates, through functions, method values and variables with
// an initial value ([program.reach]). Which types are views is read from where
// the program uses them as live.View ([program.findViews]).
//
// # What is not known
//
// A check says nothing where it would have to guess: about attributes whose
// value is computed, elements that spread a map of attributes, events whose
// names are made at run time, components behind an interface. So a clean run is
// no proof, but a finding is worth reading.
package check
