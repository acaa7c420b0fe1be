package socketio

import "sync"

// frame is one Engine.IO packet on its way to a client: for text the packet with its type digit, for binary the bare bytes.
// The bytes belong to the frame; nobody changes them.
type frame struct {
	data   []byte
	binary bool
	shared *sharedFrame
}

// sharedFrame lets a websocket library frame a packet once for all connections it goes to.
type sharedFrame struct {
	once   sync.Once
	framed any
	err    error
}

func textFrame(s string) frame { return frame{data: []byte(s)} }
