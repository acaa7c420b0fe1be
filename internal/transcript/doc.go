// Package transcript writes down what was said in a chain of sessions, for people
// and for programs.
package transcript
