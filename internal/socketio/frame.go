package socketio

// frame is one Engine.IO packet on its way to a client: for text the packet with its type digit, for binary the bare bytes.
// The bytes belong to the frame; nobody changes them.
type frame struct {
	data   []byte
	binary bool
}

func textFrame(s string) frame { return frame{data: []byte(s)} }
