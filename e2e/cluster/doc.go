// Package cluster runs several nodes as one service, on a real PostgreSQL and
// a real NATS server, breaks everything around them by a seeded plan, and lets
// the history checker (package history) compare what callers saw with the
// facts.
//
// A [Cable] is between callers and a node, a node and PostgreSQL, a node and
// NATS. In [Namespaces] a cable that is cut loses packets; where this process may
// not make any, a [Proxy] stands on every connection. A [Plan] says what breaks
// when. The same seed makes the same plan and the same dice of every caller; how
// the processes of a run interleave is the machine's and cannot be repeated.
package cluster
