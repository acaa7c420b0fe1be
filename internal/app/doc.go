// Package app wires the parts into a program: it is the only package that
// knows all others. A [Node] is one running server; the command line talks to
// it through a socket in its data directory, or opens the store itself when no
// server holds it.
package app
