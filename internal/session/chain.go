package session

// Chain is a session and its successors, in order. Its id is that of its first
// session. Sequence, version and epoch run on through the chain and never
// restart.
type Chain struct {
	ID       ID
	Client   ID
	Head     ID    // the newest session
	Sequence int64 // of the last event
	Version  int64 // of the context document
	Epoch    int64 // raised by every change of owner and every end
	Start    *Vars // start values of the successor, left by stopSession; nil otherwise
	Marks    Marks // how far its receipts came
	EndedMs  int64 // when its newest session ended; 0 while it is open
}
