// Package program tests the whole program from outside: over HTTP, sockets,
// webhooks, signals and the command line, as its users meet it.
package program
