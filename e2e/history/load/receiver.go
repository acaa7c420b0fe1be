package load

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"hash/fnv"
	"io"
	"net/http"
	"sync"

	"parley/e2e/history"
)

// Receiver is a webhook endpoint. What happens to an event depends on its id
// alone: most are taken at once, some after one or two errors, a few never.
type Receiver struct {
	mu    sync.Mutex
	rec   *Recorder
	tries map[string]int
}

// NewReceiver returns a receiver that notes every request.
func NewReceiver(rec *Recorder) *Receiver { return &Receiver{rec: rec, tries: map[string]int{}} }

// Tell has another recorder note what comes from now on.
func (r *Receiver) Tell(rec *Recorder) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.rec = rec
}

func (r *Receiver) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	body, err := io.ReadAll(req.Body)
	if err != nil {
		return
	}
	var event struct {
		ID       string `json:"request_id"`
		Kind     string `json:"event_type"`
		Session  string `json:"session_id"`
		Sequence int64  `json:"sequence"`
	}
	if err := json.Unmarshal(body, &event); err != nil || event.Sequence == 0 {
		return // a ping
	}
	rec, status := r.fate(event.ID)
	sum := sha256.Sum256(body)
	rec.hook(history.Hook{
		ID: event.ID, Kind: event.Kind, Session: event.Session, Sequence: event.Sequence, Status: status, Body: hex.EncodeToString(sum[:8]),
	})
	w.WriteHeader(status)
}

func (r *Receiver) fate(id string) (rec *Recorder, status int) {
	h := fnv.New32a()
	_, _ = io.WriteString(h, id)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.tries[id]++
	switch n := h.Sum32() % 100; {
	case n == 0:
		return r.rec, http.StatusGone
	case n == 1 && r.tries[id] <= 2, n == 2 && r.tries[id] <= 1:
		return r.rec, http.StatusInternalServerError
	}
	return r.rec, http.StatusOK
}
