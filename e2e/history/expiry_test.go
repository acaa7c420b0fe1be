package history_test

import (
	"net/http"
	"testing"

	"parley/e2e/history"
	"parley/e2e/history/load"
)

// TestExpiryTogether lets a thousand sessions become due at about the same
// time: each ends within a second of its own.
func TestExpiryTogether(t *testing.T) {
	s := newStage(t, build(t, "parley/e2e/history/server"), plan{})
	const callers, each = 20, 50
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: callers}, Timeout: patience}
	defer client.CloseIdleConnections()
	sc := &scene{stage: s, ctx: t.Context()}
	sc.brief = &load.Backend{Name: "back", In: s.cast.Brief, URL: s.program.URL(), HTTP: client, Rec: s.rec}
	sc.writers(callers, func() bool {
		return sc.brief.Create(sc.ctx, s.rec.Token(), "", 0).Outcome == history.Done
	}, each)
	s.settle(patience)
	h := s.history()
	report(t, history.Check(h))
	expired, latest := 0, int64(0)
	for _, session := range h.Facts.Sessions {
		if session.Reason == "timeout" {
			expired++
			latest = max(latest, session.EndedMs-session.CreatedMs-h.Settings[session.Integration].TimeoutMs)
		}
	}
	if t.Logf("%d expired, the latest %d ms after its time", expired, latest); expired != callers*each {
		t.Errorf("%d of %d sessions expired", expired, callers*each)
	}
}
