package session

// Bus carries hints between nodes: "the chain has events up to this
// sequence", "the client has something pending". Facts are in the store; a
// lost hint delays and never loses.
type Bus interface {
	Publish(hint Hint)
	Subscribe(func(Hint))
	Close() error
}

// Hint tells other nodes where to look.
type Hint struct {
	Chain    ID
	Sequence int64
	Client   ID
}
