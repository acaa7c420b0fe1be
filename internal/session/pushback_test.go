package session_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"parley/internal/session"
)

// script-api 2.8: whoever has the token sends the event, also after a restart and
// to the successor, until the token expires.
func TestPushback_SendsItsEventUntilItExpires(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T) {
		var ids []session.ID
		h := newHouse(t)
		h.bot = pushing(&ids)
		id := h.create("ada")
		h.mustSend(id, "pushback")
		h.rest()
		token := ids[1]
		use := func(data session.Document) error {
			return session.Pushbacks{Core: h.core}.Send(t.Context(), token, data)
		}
		if err := use(session.Document{"order": "8", "sum": "450"}); err != nil {
			t.Fatal(err)
		}
		wantCode(t, use(nil), session.CodeRateLimited)
		sleep(time.Second)
		h.close()
		h.open()
		defer h.core.Stop(context.Background())
		h.mustSend(id, "stop")
		sleep(time.Second)
		if err := use(nil); err != nil {
			t.Fatal(err)
		}
		sleep(time.Second)
		h.expect(id, "session:created", "user:pushback", "bot:ok", `bot:paid {"order":7,"sum":"450"} {"order":7,"sum":"450"}`,
			"user:stop", "bot:ok", "session:closed", "session:created", `bot:paid {"order":7} {"order":7}`)
		wantCode(t, use(session.Document{"a": strings.Repeat("x", session.MaxPushDataBytes)}), session.CodePayloadTooLarge)
		wantCode(t, session.Pushbacks{Core: h.core}.Send(t.Context(), session.NewID(time.Now()), nil), session.CodeNotFound)
		sleep(5 * time.Minute)
		wantCode(t, use(nil), session.CodeNotFound)
		if timers, sessions, err := h.store.Due(t.Context(), time.Now().Add(time.Minute).UnixMilli(), 10); err != nil || len(timers)+len(sessions) != 0 {
			t.Errorf("left behind: %v %v %v", timers, sessions, err)
		}
	})
}

func TestPushback_IsTakenBackAndEndsWithItsSession(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T) {
		var ids []session.ID
		h := newHouse(t)
		defer h.core.Stop(context.Background())
		h.bot = pushing(&ids)
		id := h.create("ada")
		h.mustSend(id, "pushback")
		h.rest()
		h.mustSend(id, "cancel")
		h.rest()
		wantCode(t, session.Pushbacks{Core: h.core}.Send(t.Context(), ids[1], nil), session.CodeNotFound)
		ids = nil
		h.mustSend(id, "pushback")
		h.rest()
		if _, err := h.core.Close(t.Context(), h.in, id, session.ReasonAPI); err != nil {
			t.Fatal(err)
		}
		wantCode(t, session.Pushbacks{Core: h.core}.Send(t.Context(), ids[1], nil), session.CodeNotFound)
	})
}
