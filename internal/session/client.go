package session

// Client is the person on the other end: integration + channel user id, on
// sockets the subject of the identity token. Without either, every created
// session has its own anonymous client, which its successors keep. The client
// owns the lane: its bot turns run one at a time.
type Client struct {
	ID          ID
	Integration string
	Key         string // "u:" + channel user id, or "a:" + the first session's id
	UserID      string // user.user_id of the context
	Data        []byte // $client as a JSON object; nil is {}
	InboxNumber int64  // the last number given to an accepted message
	Pending     int    // accepted messages without a committed turn
	Failures    int    // error turns in a row
	Newest      ID     // the session that was created last, and with it the chain of its successors; zero for none
	Pushes      int    // its pushed events and pushbacks; scripts make at most MaxPushesPerClient
}

// UserKey is the key of a client known by its channel user id.
func UserKey(channelUserID string) string { return "u:" + channelUserID }

func anonymousKey(first ID) string { return "a:" + first.String() }
