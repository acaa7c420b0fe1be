package session

import (
	"context"
	"errors"
)

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
	Holder      ID     // the node that may run its lane; zero for nobody, and always on the only node
	Fence       int64  // rises with every new holder and never restarts
}

// PersonKey is what makes a client the same one: Integration and Key of Client.
type PersonKey struct{ Integration, Key string }

// UserKey is the key of a client known by its channel user id.
func UserKey(channelUserID string) string { return "u:" + channelUserID }

func anonymousKey(first ID) string { return "a:" + first.String() }

// PersonRef names a client in one of three ways; the first that is set counts.
type PersonRef struct {
	Client        ID
	ChannelUserID string
	Session       ID // of any of its sessions
}

// People are what is known of clients beside their sessions.
type People struct{ *Core }

// Find finds a client of an integration. It returns CodeNotFound where there is
// none.
func (c People) Find(ctx context.Context, in *Integration, ref PersonRef) (*Client, error) {
	var found *Client
	err := c.cfg.Store.View(ctx, func(rows Rows) (err error) {
		found, err = ref.find(NewWork(rows), in)
		return err
	})
	if errors.Is(err, ErrNoRow) || err == nil && found.Integration != in.ID {
		return nil, &Error{Code: CodeNotFound, Message: "no such person"}
	}
	return found, err
}

func (ref PersonRef) find(w *Work, in *Integration) (*Client, error) {
	switch {
	case !ref.Client.IsZero():
		return w.client(ref.Client)
	case ref.ChannelUserID != "":
		return w.clientByKey(in.ID, UserKey(ref.ChannelUserID))
	}
	s, err := w.session(ref.Session)
	if err != nil {
		return nil, err
	}
	return w.client(s.Client)
}
