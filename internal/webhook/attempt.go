package webhook

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"parley/internal/egress"
	"parley/internal/session"
	"parley/internal/signing"
)

// Report says how one attempt went.
type Report struct {
	Integration string
	Kind        string // event_type
	Status      int    // HTTP status; 0 when no answer came
	Delivered   bool
	Final       bool   // no further attempt can help: delivered, 3xx, 4xx or refused
	Fault       string // why it was not delivered
	Took        time.Duration
}

// err is why an attempt delivered nothing, nil when it did.
func (r *Report) err() error {
	if r.Delivered {
		return nil
	}
	return undelivered{}
}

type undelivered struct{}

func (undelivered) Error() string { return "not delivered" }

// letter is what one attempt sends.
type letter struct {
	id        string
	kind      string
	body      []byte
	redriven  bool
	recipient *session.Integration
}

// drainTime bounds the wait for the rest of an answer, which is read only so
// that the connection can be used again.
const drainTime = time.Second

// send makes one attempt. Its outcome is decided by contract b.1.
func (s *Sender) send(ctx context.Context, l letter) Report {
	began := s.o.Now()
	r := Report{Integration: l.recipient.ID, Kind: l.kind}
	ctx, cancel := context.WithTimeout(ctx, session.WebhookTimeout)
	defer cancel()
	request, err := s.request(ctx, l, began)
	if err == nil {
		r.Status, err = s.exchange(request, cancel)
	}
	if err != nil && errors.Is(ctx.Err(), context.DeadlineExceeded) {
		err = fmt.Errorf("no answer within %s", session.WebhookTimeout)
	}
	r.Took = s.o.Now().Sub(began)
	r.judge(err)
	s.o.Observe(r)
	return r
}

func (s *Sender) request(ctx context.Context, l letter, at time.Time) (*http.Request, error) {
	settings := &l.recipient.Settings
	recipient, setting := settings.Recipient(l.kind)
	if recipient == "" {
		return nil, &egress.RefusedError{Reason: "the integration has no " + setting}
	}
	u, err := s.o.Guard.CheckURL(recipient)
	if err != nil {
		return nil, err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, u.String(), bytes.NewReader(l.body))
	if err != nil {
		return nil, err
	}
	h := request.Header
	h.Set("Content-Type", "application/json")
	h.Set("User-Agent", s.o.UserAgent)
	h.Set(signing.HeaderID, l.id)
	h.Set(signing.HeaderTimestamp, strconv.FormatInt(at.Unix(), 10))
	if secret := settings.WebhookSecret; secret != "" {
		h.Set(signing.HeaderMoveo, signing.Moveo(secret, l.body))
		h.Set(signing.HeaderStandard, signing.Standard(secret, l.id, at, l.body))
	}
	if l.redriven {
		h.Set("X-Parley-Redelivery", "1")
	}
	return request, nil
}

// exchange sends the request and returns the status. Redirects are answers
// like others.
func (s *Sender) exchange(request *http.Request, cancel context.CancelFunc) (int, error) {
	answer, err := s.client.Do(request)
	if err != nil {
		return 0, err
	}
	defer answer.Body.Close()
	late := time.AfterFunc(drainTime, cancel)
	defer late.Stop()
	_, _ = io.CopyN(io.Discard, answer.Body, 16<<10)
	return answer.StatusCode, nil
}

// judge: 2xx is delivered; 3xx, 4xx and what the guard refuses are final;
// everything else is worth another attempt.
func (r *Report) judge(err error) {
	switch {
	case err != nil:
		_, r.Final = errors.AsType[*egress.RefusedError](err)
		r.Fault = faultText(err)
	case r.Status >= 200 && r.Status < 300:
		r.Delivered, r.Final = true, true
	default:
		r.Final = r.Status >= 300 && r.Status < 500
		r.Fault = strings.TrimSpace(fmt.Sprintf("the receiver answered %d %s", r.Status, http.StatusText(r.Status)))
	}
}

// faultText words an error without the receiver's URL, which may hold a secret.
func faultText(err error) string {
	if wrapped, ok := errors.AsType[*url.Error](err); ok {
		err = wrapped.Err
	}
	return err.Error()
}
