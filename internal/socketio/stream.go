package socketio

import "time"

// stream is a websocket as the transport of a connection. One goroutine reads it; another writes the queue, only while there is
// something to write.
type stream struct {
	conn     *Conn
	ws       webSocket
	flushing bool // a goroutine writes, or the connection is lost; guarded by conn.mu
}

func (s *stream) dispatch() {
	if !s.flushing {
		s.flushing = true
		go s.flush()
	}
}

func (s *stream) end(how ending) time.Duration {
	if how == endCut {
		go s.ws.Close()
		return 0
	}
	s.ws.SetReadDeadline(time.Now().Add(s.conn.server.options.WriteTimeout))
	s.dispatch()
	return 0
}

// flush writes the queue until it is empty, and says goodbye if the connection was closed meanwhile.
func (s *stream) flush() {
	for {
		batch, closed := s.next()
		switch {
		case len(batch) == 0 && closed:
			s.ws.SayClose()
			return
		case len(batch) == 0:
			return
		case !s.write(batch):
			s.conn.shut(ReasonTransportError, endCut)
			s.ws.Close()
			return
		}
	}
}

// next takes what is queued; nothing means that this flush is over.
func (s *stream) next() (batch []frame, closed bool) {
	s.conn.mu.Lock()
	defer s.conn.mu.Unlock()
	batch = s.conn.queue.batch()
	s.flushing = len(batch) > 0
	return batch, s.conn.closed
}

func (s *stream) write(batch []frame) bool {
	for _, f := range batch {
		if err := s.ws.Write(f); err != nil {
			return false
		}
		s.written(f)
	}
	s.conn.server.counters.sent(batch)
	return true
}

func (s *stream) written(f frame) {
	s.conn.mu.Lock()
	defer s.conn.mu.Unlock()
	s.conn.queue.written(f)
}

// read takes what comes until the websocket ends. After the connection was closed it waits for the client's answer to the close
// frame, so that the client reads to the end.
func (s *stream) read() {
	defer s.ws.Close()
	for {
		data, binary, err := s.ws.Read()
		if err != nil {
			s.conn.shut(reasonOf(err), endCut)
			return
		}
		if s.take(data, binary) != nil {
			s.conn.shut(ReasonParseError, endFinish)
		}
	}
}

func (s *stream) take(data []byte, binary bool) error {
	if binary {
		return s.conn.take(enginePacket{kind: packetMessage, data: data, binary: true})
	}
	p, err := decodeEnginePacket(data)
	if err != nil {
		return err
	}
	return s.conn.take(p)
}
