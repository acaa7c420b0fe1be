package session

// Bus carries hints between nodes: "the chain has events up to this
// sequence", "the client has something pending". Facts are in the store; a
// lost hint delays and never loses. No method waits.
type Bus interface {
	// Publish tells the other nodes, not this one.
	Publish(hint Hint)
	// Subscribe adds a listener of what other nodes publish. It is called in
	// order from one goroutine and must not wait.
	Subscribe(hear func(Hint))
	// Connected reports whether hints come through, as far as is known here.
	Connected() bool
	Close() error
}

// HintKind says what a hint is about.
type HintKind string

// What a node tells the others.
const (
	HintEvents  HintKind = "events"  // Chain has events up to Sequence
	HintWork    HintKind = "work"    // Client has something pending, for Node
	HintTyping  HintKind = "typing"  // Data is a Typing on Chain
	HintThread  HintKind = "thread"  // the desk's row of Chain was written up to Sequence
	HintChanged HintKind = "changed" // Data names what changed: registry, people, presence, releases
)

// Hint tells other nodes where to look.
type Hint struct {
	Kind     HintKind
	Chain    ID
	Sequence int64
	Client   ID
	Node     ID
	Data     []byte
}
