// Package moving copies everything a server keeps: into an archive (backup),
// out of one (restore), and from one engine to another (migrate). It knows
// tables, keys and rows, and nothing of what they mean; both engines name their
// tables and columns alike.
//
// What is copied is counted and summed on both sides, and a copy that was cut
// goes on where the target ends.
package moving
