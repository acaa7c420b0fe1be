// Package load drives a running server as its users would, from a seed: back
// ends over REST, people on sockets, agents, and a webhook receiver that fails
// now and then. Everything it asks and everything it is told goes into a
// [Recorder], from which a history is checked.
//
// The bot behind it counts (package history); the first word of a message says
// what the bot shall do with it.
package load
