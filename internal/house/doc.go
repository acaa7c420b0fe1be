// Package house holds the rules of this repository as tests: which package may
// import which, how large things may grow, and what must not stand in a file.
// It reads the sources with go/parser only, so the rules run offline with
// plain go test. A rule is a function from the tree to findings; a second test
// plants a violation of each rule and demands that it is found.
package house
