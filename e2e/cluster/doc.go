// Package cluster runs several nodes as one service, on a real PostgreSQL and
// a real NATS server, breaks everything around them by a seeded plan, and lets
// the history checker (package history) compare what callers saw with the
// facts.
//
// A [Cable] is between callers and a node, a node and PostgreSQL, a node and
// NATS. In [Namespaces] a cable that is cut loses packets; where this process may
// not make any, a [Proxy] stands on every connection. A [Plan] says what breaks
// when, and [Traps] make sure of what it strikes.
//
// A run is made from a seed: the plan of faults and the dice of every caller. How
// processes interleave is the machine's and cannot be repeated, so a fault does not
// count on it: before it strikes a node the bot holds turns there, and while it
// lasts another node is asked for the same sessions. The same seed so makes the same
// collisions, whatever happens between them.
//
// [Lapses] are rules that a build leaves out. TestSeed demands that the checker sees
// it, and that the seed of a run that fails for it fails again; docs/cluster.md has
// the figures.
package cluster
