package telemetry

import "time"

// Sources are asked at each scrape. All but Cluster are required. One that
// returns an error leaves its values out.
type Sources struct {
	Sockets func() Sockets
	Outbox  func() (Outbox, error)
	Store   func() Store
	Work    func() (Work, error)
	Desk    func() (Desk, error)
	Cluster func() Cluster // nil: the only node
}

// Sockets are the numbers of the Socket.IO face.
type Sockets struct {
	Open                     int
	Events, Refused          uint64 // of clients
	ReceivedBytes, SentBytes uint64
}

// Outbox is the state of the webhook queue.
type Outbox struct {
	Waiting, Dead int64
	Oldest        time.Duration // age of the oldest waiting webhook
}

// Store is the state of the store.
type Store struct {
	Commits, Changes, Retries uint64
	Healthy                   bool // it takes writes
}

// Work is what waits for the bots.
type Work struct {
	Pending int // clients with accepted messages that wait, at most MaxPendingCount
}

// MaxPendingCount bounds the count of waiting clients, so that counting them
// stays cheap when they are many.
const MaxPendingCount = 1000

// Desk is the state of the people's desk.
type Desk struct {
	Conversations   map[string]int // that are not over, by status
	Oldest          time.Duration  // wait of the longest waiting client
	AgentsOnline    int
	AgentsConnected int // with a page open at this node
}

// Cluster is what a node reports of itself among others. Counters count since
// its start.
type Cluster struct {
	Nodes                                       int  // that live
	Leases                                      int  // lanes of clients that this node holds
	Leads                                       bool // has the duty of what is done once
	Bus                                         bool // a bus is set up
	BusConnected                                bool
	HintsPublished, HintsReceived, HintsDropped uint64
}

// alone is the state of the only node.
func alone() Cluster { return Cluster{Nodes: 1, Leads: true} }
