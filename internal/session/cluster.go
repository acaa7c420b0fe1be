package session

// Cluster is what a node knows of the others, by the database's clock, at most
// a second old. Its methods do not wait.
type Cluster interface {
	Self() ID           // of this process; a new one at every start
	Alive(node ID) bool // the time it has to be there, without a sign from it, is not over
	Others() []ID       // who is alive beside this one
	Leads() bool        // this node has the duty of what is done once: timers, sweep, routing, retention
}

// Lease is the right to run the lane of a client. Its fence is checked by every
// commit of the lane, so that a holder that was away and comes back writes
// nothing.
type Lease struct {
	Holder ID
	Fence  int64
}
