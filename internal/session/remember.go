package session

// Remembered is the stored answer of a call that carried an Idempotency-Key:
// contract c.6. Scope: integration and route.
type Remembered struct {
	Integration string
	Route       string
	Key         string
	Hash        []byte // of the body
	Answer      []byte // what the face needs to give the same answer again
	ExpiresMs   int64
}

// Repeat asks a turn to remember its answer under a key, in the transaction
// that commits it. Answer is called there with the turn's result and must be
// pure.
type Repeat struct {
	Route  string
	Key    string
	Hash   []byte
	Answer func(*Result) []byte
}

// Result is what a caller learns of a committed turn.
type Result struct {
	Session      *Session // the session acted on
	Chain        *Chain
	Document     Document
	Version      int64
	Changed      bool     // the stored document differs
	Ignored      []string // paths left out of a patch
	Message      *Message
	Repeated     []byte // the answer remembered for this Idempotency-Key, when it was a repeat
	Again        bool   // a repeat by client_message_id
	Conversation *Conversation
	Standing     *Standing // of a conversation that was given to people
}
