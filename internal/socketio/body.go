package socketio

import (
	"errors"
	"io"
	"net/http"
	"strconv"
	"time"
)

// readBody reads the body of a POST, which must be small enough and arrive within the read timeout.
func (s *Server) readBody(w http.ResponseWriter, r *http.Request) ([]byte, *refusal) {
	limit := int64(s.options.MaxPayload)
	if r.ContentLength > limit {
		return nil, refuseSize
	}
	control := http.NewResponseController(w) // its errors mean a writer without deadlines, as in tests
	_ = control.SetReadDeadline(time.Now().Add(s.options.ReadTimeout))
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, limit))
	_ = control.SetReadDeadline(time.Time{})
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return nil, refuseSize
	case err != nil:
		return nil, refuseRequest
	}
	return body, nil
}

// writeText answers with a body that must leave within the write timeout, however slowly the client reads.
func (s *Server) writeText(w http.ResponseWriter, body []byte) {
	h := w.Header()
	h.Set("Content-Type", "text/plain; charset=UTF-8")
	h.Set("Content-Length", strconv.Itoa(len(body)))
	h.Set("Cache-Control", "no-store")
	control := http.NewResponseController(w)
	_ = control.SetWriteDeadline(time.Now().Add(s.options.WriteTimeout))
	_, _ = w.Write(body) // a client that went away shows at its next request
	_ = control.Flush()
	_ = control.SetWriteDeadline(time.Time{}) // the next request on this connection may be another handler's
}
