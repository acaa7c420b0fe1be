package socketio

// queue holds the frames that wait for a client, in the order they were sent in. Conn.mu guards it.
type queue struct {
	frames []frame
	size   int // bytes in frames, and of batches on their way
}

// add takes all frames or, when they would go over the limit, none. An empty queue takes whatever comes.
func (q *queue) add(limit int, frames ...frame) bool {
	size := 0
	for _, f := range frames {
		size += len(f.data)
	}
	if q.size > 0 && q.size+size > limit {
		return false
	}
	q.frames = append(q.frames, frames...)
	q.size += size
	return true
}

func (q *queue) empty() bool { return len(q.frames) == 0 }

// batch takes all frames out to be written one by one; each still counts until it was written.
func (q *queue) batch() []frame {
	frames := q.frames
	q.frames = nil
	return frames
}

// written notes that a frame of a batch has left.
func (q *queue) written(f frame) { q.size -= len(f.data) }

// drain takes all frames out, to be sent at once.
func (q *queue) drain() []frame {
	frames := q.frames
	q.drop()
	return frames
}

func (q *queue) drop() { q.frames, q.size = nil, 0 }
