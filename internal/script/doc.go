// Package script runs a checked dialog project as a bot: it chooses the state of
// a turn, executes its reactions in a JavaScript engine with limits, and gives
// back a decision that the session core carries out. It also runs a project's
// XML tests.
package script
