// Package cluster keeps a node in sight of the others: signs of life, the one
// duty, revisions of what nodes hold in memory, and the clock they share.
package cluster
